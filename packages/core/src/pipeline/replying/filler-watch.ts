import type { Clock } from '../../contracts/clock.ts'
import type { AnswerWaits } from '../../providers/answer-waits.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { FillerChoice } from './filler-choice.ts'
import type { RecordedLine } from './recorded-line.ts'
import { MS_PER_CHARACTER } from './utterance.ts'

/** How the calls of a pipeline fill the wait for an answer that is late. */
export interface FillerParts {
  /** Silence behind the turn; `undefined`: by how long the model's answers take. */
  readonly afterMs: number | undefined
  readonly choice: FillerChoice
  readonly waits: AnswerWaits
  /** Played behind the text, or in place of it, until the answer is there. */
  readonly sound: RecordedLine | undefined
}

/** What is said, or only played, in place of the answer. */
export interface Filler {
  /** Empty: the sound alone. */
  readonly text: string
  readonly sound: RecordedLine | undefined
  /** Aborted before it has begun: the answer is there. */
  readonly signal: AbortSignal
  /** Its first audio is about to be heard: from here on it is heard out. */
  readonly onBegun: () => void
}

/** Watches over one reply: says when the caller has waited long enough for it, once. */
export interface FillerWatch {
  /** The turn has ended, or the caller is silent again: the wait runs from when it first did. */
  release(): void
  hold(): void
  /** The answer is at hand, or nothing will come of it. A filler that has not begun is not heard. */
  stop(): void
  /** Something was said by the model. */
  worded(): void
  /** Its first audio is there. */
  audible(): void
  /** A filler is heard in this turn, or was. */
  begun(): boolean
}

/** `auto`: the wait that is longer than nine of ten. */
const LATE_SHARE = 0.9
/** What callers take for a pause, and what they take for a dead line: `auto` stays between them. */
export const MIN_AUTO_MS = 700
export const MAX_AUTO_MS = 2000
/** `auto`, while too few answers are known. */
export const UNKNOWN_AUTO_MS = 1000
/** A sound may end at any time; shorter than this it is only a click. */
const MIN_SOUND_MS = 400
/** An answer that was near, and has not come, is judged again after this at the soonest. */
const RECHECK_MS = 100

export function createFillerWatch(
  turn: number,
  parts: FillerParts & { readonly clock: Clock; readonly telemetry: CallTelemetry },
  fill: (filler: Filler) => void,
): FillerWatch {
  const { clock, telemetry, choice, waits } = parts
  const askedMs = clock.nowMs()
  const abort = new AbortController()
  let releasedMs: number | undefined
  let cancelTimer = (): void => undefined
  /** How long the caller had waited when the answer was first found to be near. */
  let withheldAfterMs: number | undefined
  let given = false
  let begun = false
  let over = false
  let worded = false
  let measured = false

  function check(): void {
    const text = choice.next(turn)
    const { sound } = parts
    if (text === '' && !sound) return
    const lengthMs = Math.max(MIN_SOUND_MS, text.length * MS_PER_CHARACTER)
    const nowMs = clock.nowMs()
    const waitedMs = nowMs - releasedMs!
    const remainingMs = waits.remainingMs(nowMs - askedMs)
    if (remainingMs !== undefined && remainingMs < lengthMs) {
      withheldAfterMs ??= waitedMs
      cancelTimer = clock.after(Math.max(RECHECK_MS, remainingMs), check)
      return
    }
    given = true
    fill({
      text,
      sound,
      signal: abort.signal,
      onBegun() {
        begun = true
        if (text !== '') choice.said(text, turn)
        telemetry.filler('spoken', { turn, waited_ms: Math.round(clock.nowMs() - releasedMs!) }, text)
      },
    })
  }

  return {
    release() {
      if (over || given) return
      releasedMs ??= clock.nowMs()
      const dueMs = releasedMs + (parts.afterMs ?? autoMs(waits, releasedMs - askedMs))
      cancelTimer()
      cancelTimer = clock.after(Math.max(0, dueMs - clock.nowMs()), check)
    },
    hold: () => cancelTimer(),
    stop() {
      if (over) return
      over = true
      cancelTimer()
      if (!begun) abort.abort()
      if (withheldAfterMs === undefined || begun) return
      const thenMs = clock.nowMs() - releasedMs! - withheldAfterMs
      telemetry.filler('withheld', {
        turn,
        waited_ms: Math.round(withheldAfterMs),
        then_ms: Math.round(thenMs),
      })
    },
    worded() {
      worded = true
    },
    audible() {
      if (!worded || measured) return
      measured = true
      waits.note(clock.nowMs() - askedMs)
    },
    begun() {
      return begun
    },
  }
}

/** Behind the end of the turn. `aheadMs`: so much earlier the model was asked. */
function autoMs(waits: AnswerWaits, aheadMs: number): number {
  const lateMs = waits.quantileMs(LATE_SHARE)
  if (lateMs === undefined) return UNKNOWN_AUTO_MS
  return Math.min(MAX_AUTO_MS, Math.max(MIN_AUTO_MS, lateMs - aheadMs))
}
