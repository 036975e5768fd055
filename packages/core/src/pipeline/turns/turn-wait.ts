import { answerCompleteness, digitsSaid } from '../../language/answers/answer-completeness.ts'
import type { ExpectedAnswer } from '../../language/answers/expected-answer.ts'
import { doneProbability } from '../../language/completeness/done-probability.ts'
import { spokenWords } from '../../language/spoken-words.ts'
import { utteranceShape } from '../../language/utterance/utterance-shape.ts'
import type { CallSettings } from '../call-settings.ts'
import type { TurnEvidence } from './turn-state.ts'
import { endsInMark, endsInQuestionMark } from './turn-text.ts'

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
 * What the model of complete utterances has to say for it to be believed: about 2 % of the complete ones in validation
 * splits of its corpora are below the lowest bound, 5 % below the second, and every second one is above the highest.
 */
const GOES_ON_BELOW = 0.2
const MAY_GO_ON_BELOW = 0.3
const DONE_FROM = 0.8
/** To a question that asks for something certain people answer in fragments: it takes more to believe that they go on. */
const ASKED_GOES_ON_BELOW = 0.1
const ASKED_MIN_WORDS = 3
/** "No" and "okay" are whole, whatever was asked. */
const YES_NO: ExpectedAnswer = { kind: 'yes-no' }
/** Between pauses people read fewer digits than this. */
const DIGITS_IN_ONE_GO = 5

/**
 * When the caller's turn is over, by all that is known of it: the first line that applies.
 *
 * | # | words                                  | detector          | wait                                        |
 * |---|----------------------------------------|-------------------|---------------------------------------------|
 * | 1 | any; not `adaptive`, or by vad         | any               | `TIMEOUT_MS`                                |
 * | 2 | a part of the answer that was asked for| any               | `number_wait_ms`                            |
 * | 3 | end in "and", "the", "um"; no more than| any               | `unfinished_wait_ms`                        |
 * |   | "if I pay today"                       |                   |                                             |
 * | 4 | the whole answer that was asked for    | not: goes on      | `sure_wait_ms`                              |
 * | 5 | end inside a number, a spelled word;   | any               | `number_wait_ms`                            |
 * |   | not five digits and more, read out by a|                   |                                             |
 * |   | caller who has not paused              |                   |                                             |
 * | 6 | complete, with a sentence mark in a    | not: goes on      | `sure_wait_ms`                              |
 * |   | partial (not one that marks too early) |                   |                                             |
 * | 7 | complete                               | sure: done        | `sure_wait_ms`                              |
 * | 8 | complete                               | sure: goes on     | `unfinished_wait_ms`                        |
 * | 9 | like those of somebody who is done     | not sure, or none | `sure_wait_ms`                              |
 * | 10| like those of somebody who goes on: "my| not sure, or none | `unfinished_wait_ms`                        |
 * |   | phone shows", "I have a question about"|                   |                                             |
 * | 11| perhaps so, and nothing certain was    | not sure, or none | `number_wait_ms`                            |
 * |   | asked for                              |                   |                                             |
 * | 12| any other                              | not sure, or none | `TIMEOUT_MS`, or the caller's own pauses    |
 *
 * 9 to 11 by `doneProbability`; a question mark, and "yes" or "no", outdo 10 and 11. Never more than is written there,
 * and never less than `TIMEOUT_MS` in 2, 3, 5, 8, 10, 11 and 12. A recogniser that says of the words that the caller is
 * done is a detector that is sure of it. Where it is to decide (by stt), the wait is a net for an end that it does not
 * tell: `stt_wait_ms`, where it is not longer by the table.
 */
export function turnWaitMs(text: string, evidence: TurnEvidence, options: TurnWaitOptions): number {
  const waitMs =
    options.adaptive && options.by !== 'vad' ? waitByWordsMs(text, evidence, options) : options.timeoutMs
  const isNet = options.by === 'stt' && options.tellsTurns && evidence.missedEnds < MAX_MISSED_ENDS
  return isNet ? Math.max(waitMs, options.sttWaitMs) : waitMs
}

function waitByWordsMs(text: string, evidence: TurnEvidence, options: TurnWaitOptions): number {
  const { timeoutMs, language } = options
  const verdict = evidence.toldDone ? 'done' : detectorVerdict(evidence.doneProbability, options.threshold)
  const answer = answerCompleteness(text, options.expected, language)
  const sureWaitMs = Math.min(timeoutMs, options.sureWaitMs)
  const numberWaitMs = Math.max(timeoutMs, options.numberWaitMs)
  const unfinishedWaitMs = Math.max(timeoutMs, options.unfinishedWaitMs)
  const ownWaitMs = Math.min(MAX_OWN_PAUSE_WAIT_MS, evidence.longestPauseMs + BEYOND_OWN_PAUSE_MS)
  if (answer === 'part') return numberWaitMs
  const shape = utteranceShape(text, language)
  if (shape === 'unfinished') return unfinishedWaitMs
  if (answer === 'whole' && verdict !== 'goes-on') return sureWaitMs
  const words = spokenWords(text)
  if (shape === 'number' && !isReadInOneGo(words, evidence, language)) return numberWaitMs
  if (verdict !== 'goes-on' && isMarked(evidence)) return sureWaitMs
  if (verdict === 'done') return sureWaitMs
  if (verdict === 'goes-on') return unfinishedWaitMs
  const likely = shape === 'number' ? 'any' : likelyEnd(text, words, options)
  if (likely === 'done') return sureWaitMs
  if (likely === 'goes-on') return unfinishedWaitMs
  return likely === 'may-go-on' ? numberWaitMs : Math.max(timeoutMs, ownWaitMs)
}

function likelyEnd(
  text: string,
  words: readonly string[],
  { language, expected }: TurnWaitOptions,
): 'done' | 'goes-on' | 'may-go-on' | 'any' {
  const done = doneProbability(words, language)
  if (done === undefined) return 'any'
  if (done >= DONE_FROM) return 'done'
  if (endsInQuestionMark(text) || answerCompleteness(text, YES_NO, language) === 'whole') return 'any'
  if (expected.kind !== 'open') {
    return words.length >= ASKED_MIN_WORDS && done < ASKED_GOES_ON_BELOW ? 'goes-on' : 'any'
  }
  if (done < GOES_ON_BELOW) return 'goes-on'
  return done < MAY_GO_ON_BELOW ? 'may-go-on' : 'any'
}

function isReadInOneGo(
  words: readonly string[],
  { longestPauseMs }: TurnEvidence,
  language: string,
): boolean {
  return longestPauseMs === 0 && digitsSaid(words, language) >= DIGITS_IN_ONE_GO
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
