import { answerCompleteness } from '../../language/answers/answer-completeness.ts'
import { isTopicAlone } from '../../language/answers/topic-alone.ts'
import { isWholeQuestion } from '../../language/answers/whole-question.ts'
import type { ExpectedAnswer } from '../../language/answers/expected-answer.ts'
import { utteranceShape } from '../../language/utterance/utterance-shape.ts'
import type { CallSettings } from '../call-settings.ts'
import type { TurnEvidence } from './turn-state.ts'
import { endsInMark } from './turn-text.ts'

/** How long to wait, counted from when the voice was found to have stopped (`VAD_HANGOVER_MS` after its end). */
export interface TurnWaitOptions extends Pick<
  CallSettings['conversation']['turns'],
  'by' | 'adaptive' | 'sureWaitMs' | 'unfinishedWaitMs' | 'numberWaitMs' | 'sttWaitMs'
> {
  /** Where nothing better is known. */
  readonly timeoutMs: number
  /** BCP 47 tag of the call. A language without word lists is judged by sound alone. */
  readonly language: string
  /** What the agent's last question asks for. */
  readonly expected: ExpectedAnswer
  /** Probability from which the detector of turn ends is sure that the caller is done; absent: there is none. */
  readonly threshold?: number | undefined
  /** The recogniser that hears the call tells the ends of turns. */
  readonly tellsTurns: boolean
}

/** After so many ends of turns in a row that the recogniser did not tell, the rules decide. */
export const MAX_MISSED_ENDS = 2
/** A caller who pauses longer than others is given so much more than their longest pause. */
const BEYOND_OWN_PAUSE_MS = 150
/** However long a caller has paused once. */
const MAX_OWN_PAUSE_WAIT_MS = 900
/** A recogniser that wrote so many sentence marks too early writes them without meaning: they are not believed. */
const MAX_EARLY_MARKS = 1
/** Below this share of its threshold the detector is sure of the opposite. */
const GOES_ON_SHARE = 0.2

/**
 * When the caller's turn is over, by all that is known of it: the first line that applies.
 *
 * | # | words                                  | detector          | wait                                        |
 * |---|----------------------------------------|-------------------|---------------------------------------------|
 * | 1 | any; not `adaptive`, or by vad         | any               | `TIMEOUT_MS`                                |
 * | 2 | a part of the answer that was asked for| any               | `number_wait_ms`                            |
 * | 3 | end in "and", "I'd like", "um", or at  | any               | `unfinished_wait_ms`                        |
 * |   | a verb that wants more: "it shows"     |                   |                                             |
 * | 4 | the whole answer that was asked for    | not: goes on      | `sure_wait_ms`                              |
 * | 5 | end inside a number, a spelled word    | any               | `number_wait_ms`                            |
 * | 6 | complete, with a sentence mark in a    | not: goes on      | `sure_wait_ms`                              |
 * |   | partial (not one that marks too early),|                   |                                             |
 * |   | or a question of four words and more   |                   |                                             |
 * | 7 | complete                               | sure: done        | `sure_wait_ms`                              |
 * | 8 | complete                               | sure: goes on     | `unfinished_wait_ms`                        |
 * | 9 | no more than "I have an appointment",  | not sure, or none | `number_wait_ms`                            |
 * |   | "the parcel I sent", and nothing       |                   |                                             |
 * |   | certain was asked for                  |                   |                                             |
 * | 10| complete                               | not sure, or none | `TIMEOUT_MS`, or the caller's own pauses    |
 *
 * Never more than is written there, and never less than `TIMEOUT_MS` in 2, 3, 5, 8, 9 and 10. A recogniser that says of
 * the words that the caller is done is a detector that is sure of it. Where it is to decide (by stt), the wait is a net
 * for an end that it does not tell: `stt_wait_ms`, where it is not longer by the table.
 */
export function turnWaitMs(text: string, evidence: TurnEvidence, options: TurnWaitOptions): number {
  const waitMs =
    options.adaptive && options.by !== 'vad' ? waitByWordsMs(text, evidence, options) : options.timeoutMs
  const isNet = options.by === 'stt' && options.tellsTurns && evidence.missedEnds < MAX_MISSED_ENDS
  return isNet ? Math.max(waitMs, options.sttWaitMs) : waitMs
}

function waitByWordsMs(text: string, evidence: TurnEvidence, options: TurnWaitOptions): number {
  const { timeoutMs, sureWaitMs, language } = options
  const verdict = evidence.toldDone ? 'done' : detectorVerdict(evidence.doneProbability, options.threshold)
  const answer = answerCompleteness(text, options.expected, language)
  const numberWaitMs = Math.max(timeoutMs, options.numberWaitMs)
  const unfinishedWaitMs = Math.max(timeoutMs, options.unfinishedWaitMs)
  if (answer === 'part') return numberWaitMs
  const shape = utteranceShape(text, language)
  if (shape === 'unfinished') return unfinishedWaitMs
  if (answer === 'whole' && verdict !== 'goes-on') return Math.min(timeoutMs, sureWaitMs)
  if (shape === 'number') return numberWaitMs
  if (verdict !== 'goes-on' && (isMarked(evidence) || isWholeQuestion(text, language)))
    return Math.min(timeoutMs, sureWaitMs)
  if (verdict === 'done') return Math.min(timeoutMs, sureWaitMs)
  if (verdict === 'goes-on') return unfinishedWaitMs
  if (options.expected.kind === 'open' && isTopicAlone(text, language)) return numberWaitMs
  return Math.max(timeoutMs, Math.min(MAX_OWN_PAUSE_WAIT_MS, evidence.longestPauseMs + BEYOND_OWN_PAUSE_MS))
}

/** The recogniser wrote a full stop before it was asked for one: a final has one whatever was said. */
function isMarked({ partial, earlyMarks }: TurnEvidence): boolean {
  return earlyMarks <= MAX_EARLY_MARKS && endsInMark(partial)
}

function detectorVerdict(
  probability: number | undefined,
  threshold: number | undefined,
): 'done' | 'goes-on' | 'unsure' {
  if (probability === undefined || threshold === undefined) return 'unsure'
  if (probability >= threshold) return 'done'
  return probability < threshold * GOES_ON_SHARE ? 'goes-on' : 'unsure'
}
