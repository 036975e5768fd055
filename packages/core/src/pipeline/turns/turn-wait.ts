import { answerCompleteness, digitsSaid } from '../../language/answers/answer-completeness.ts'
import type { ExpectedAnswer } from '../../language/answers/expected-answer.ts'
import { asksToWait } from '../../language/answers/asks-to-wait.ts'
import { doneProbability } from '../../language/completeness/done-probability.ts'
import { spokenWords } from '../../language/spoken-words.ts'
import { utteranceShape } from '../../language/utterance/utterance-shape.ts'
import type { CallSettings } from '../call-settings.ts'
import { cheapestWaitMs } from './cheapest-wait.ts'
import type { TurnEvidence } from './turn-state.ts'
import { endsInMark, endsInQuestionMark, withoutFullStop } from './turn-text.ts'

/** How long to wait, counted from when the voice was found to have stopped (`VAD_HANGOVER_MS` after its end). */
export interface TurnWaitOptions extends Pick<
  CallSettings['conversation']['turns'],
  'by' | 'adaptive' | 'patienceMs' | 'sureWaitMs' | 'unfinishedWaitMs' | 'numberWaitMs' | 'sttWaitMs'
> {
  /** So long the caller has been silent when the wait begins. */
  readonly hangoverMs: number
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
/** Asked for something certain, callers who say what ends like this are done. */
const ASKED_DONE_FROM = 0.8
/** To a question that asks for something certain people answer in fragments: it takes more to believe that they go on. */
const ASKED_GOES_ON_BELOW = 0.2
const ASKED_MIN_WORDS = 3
/** "No" and "okay" are whole, whatever was asked. */
const YES_NO: ExpectedAnswer = { kind: 'yes-no' }
/** Who takes the word says little, and both are silent then. */
const MAX_FLOOR_WAIT_MS = 900
/** In words. */
const ASKS_TO_WAIT_WITHIN = 7
/** Between pauses people read fewer digits than this. */
const DIGITS_IN_ONE_GO = 5

/**
 * When the caller's turn is over, by all that is known of it: the first line that applies.
 *
 * | # | words                                  | detector          | wait                                        |
 * |---|----------------------------------------|-------------------|---------------------------------------------|
 * | 1 | any; not `adaptive`, or by vad         | any               | `TIMEOUT_MS`                                |
 * | 2 | a part of the answer that was asked for| any               | `number_wait_ms`                            |
 * | 3 | end in "and", "the", "um", with or     | any               | `unfinished_wait_ms`                        |
 * |   | without a full stop of a final; no more|                   |                                             |
 * |   | than "if I pay today"                  |                   |                                             |
 * | 4 | the whole answer that was asked for    | not: goes on      | `sure_wait_ms`                              |
 * | 5 | end inside a number, a spelled word;   | any               | `number_wait_ms`                            |
 * |   | not five digits and more, read out by a|                   |                                             |
 * |   | caller who has not paused              |                   |                                             |
 * | 6 | complete, with a sentence mark in a    | not: goes on      | `sure_wait_ms`                              |
 * |   | partial (not one that marks too early) |                   |                                             |
 * | 7 | complete                               | sure: done        | `sure_wait_ms`                              |
 * | 8 | complete                               | sure: goes on     | `unfinished_wait_ms`                        |
 * | 9 | ask to wait, and are not like those of | not sure, or none | `unfinished_wait_ms`, or                    |
 * |   | somebody who is done                   |                   | `MAX_FLOOR_WAIT_MS` where these words       |
 * |   |                                        |                   | silenced the agent                          |
 * | 10| nothing certain was asked for, or a    | not sure, or none | what costs least by `doneProbability` and   |
 * |   | number and none of it is said          |                   | `patience_ms`: `sure_wait_ms` to that of 9  |
 * | 11| like those of somebody who is done, or | not sure, or none | `sure_wait_ms`; `unfinished_wait_ms`        |
 * |   | who goes on, by `doneProbability`      |                   |                                             |
 * | 12| any other                              | not sure, or none | `TIMEOUT_MS`, or the caller's own pauses    |
 *
 * `sure_wait_ms` lasts in 4, 6, 10 and 11 for as long as words of the voice may still come (`wordsDueMs`), `TIMEOUT_MS`
 * at most.
 *
 * A question mark, and "yes" or "no", outdo 9 to 11 where these wait longer than 12. Never less than `TIMEOUT_MS` in
 * 2, 3, 5, 8, 9, 12, and in 10 and 11 where the words are those of somebody who rather goes on. A recogniser that says of
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
  const { timeoutMs, language } = options
  const verdict = evidence.toldDone ? 'done' : detectorVerdict(evidence.doneProbability, options.threshold)
  const answer = answerCompleteness(text, options.expected, language)
  const sureWaitMs = sureWaitOf(evidence, options)
  const numberWaitMs = Math.max(timeoutMs, options.numberWaitMs)
  const unfinishedWaitMs = Math.max(timeoutMs, options.unfinishedWaitMs)
  const ownWaitMs = Math.min(MAX_OWN_PAUSE_WAIT_MS, evidence.longestPauseMs + BEYOND_OWN_PAUSE_MS)
  if (answer === 'part') return numberWaitMs
  // In a final a full stop says that the segment is over, not the sentence.
  const shape = utteranceShape(isMarked(evidence) ? text : withoutFullStop(text), language)
  if (shape === 'unfinished') return unfinishedWaitMs
  if (answer === 'whole' && verdict !== 'goes-on') return sureWaitMs
  const words = spokenWords(text)
  if (shape === 'number' && !isReadInOneGo(words, evidence, language)) return numberWaitMs
  if (verdict !== 'goes-on' && isMarked(evidence)) return sureWaitMs
  if (verdict === 'done') return Math.min(timeoutMs, options.sureWaitMs)
  if (verdict === 'goes-on') return unfinishedWaitMs
  const anyWaitMs = Math.max(timeoutMs, ownWaitMs)
  const likelyWaitMs = shape === 'number' ? undefined : waitByModelMs(text, words, evidence, options)
  if (likelyWaitMs === undefined) return anyWaitMs
  const isWhole = endsInQuestionMark(text) || answerCompleteness(text, YES_NO, language) === 'whole'
  return isWhole ? Math.min(likelyWaitMs, anyWaitMs) : likelyWaitMs
}

/** `undefined`: the model has nothing to say, or nothing that outdoes what was asked. */
function waitByModelMs(
  text: string,
  words: readonly string[],
  evidence: TurnEvidence,
  options: TurnWaitOptions,
): number | undefined {
  const { timeoutMs, patienceMs, hangoverMs, language, expected } = options
  const done = patienceMs === 0 ? undefined : doneProbability(words, language)
  if (done === undefined) return undefined
  const { longestPauseMs, tookFloor } = evidence
  const leastMs = sureWaitOf(evidence, options)
  const floorWaitMs = Math.min(MAX_FLOOR_WAIT_MS, options.numberWaitMs)
  const mostMs = Math.max(timeoutMs, tookFloor ? floorWaitMs : options.unfinishedWaitMs)
  if (done < ASKED_DONE_FROM && endsAskingToWait(text, words, language)) return mostMs
  if (expected.kind !== 'open' && !isBeforeNumber(words, options)) {
    if (done >= ASKED_DONE_FROM) return leastMs
    return words.length >= ASKED_MIN_WORDS && done < ASKED_GOES_ON_BELOW ? mostMs : undefined
  }
  const waitMs = cheapestWaitMs(done, { patienceMs, silentMs: hangoverMs, leastMs, mostMs })
  if (waitMs === leastMs) return waitMs
  const ownWaitMs = Math.min(MAX_OWN_PAUSE_WAIT_MS, longestPauseMs + BEYOND_OWN_PAUSE_MS)
  return Math.max(waitMs, done < 0.5 ? timeoutMs : 0, longestPauseMs > 0 ? ownWaitMs : 0)
}

/** What is said behind that is what was looked for: "hang on, it is the white one". */
function endsAskingToWait(text: string, words: readonly string[], language: string): boolean {
  return !endsInQuestionMark(text) && asksToWait(words.slice(-ASKS_TO_WAIT_WITHIN).join(' '), language)
}

/** Asked for a number, they have said none of it: words as open as any. */
function isBeforeNumber(words: readonly string[], { expected, language }: TurnWaitOptions): boolean {
  return expected.kind === 'digits' && digitsSaid(words, language) === 0
}

/** Nobody is surely done whose last words are not here yet. */
function sureWaitOf(
  { wordsDueMs, toldDone }: TurnEvidence,
  { timeoutMs, sureWaitMs }: TurnWaitOptions,
): number {
  return Math.min(timeoutMs, toldDone ? sureWaitMs : Math.max(sureWaitMs, wordsDueMs))
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
