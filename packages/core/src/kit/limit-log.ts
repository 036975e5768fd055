import type { Clock } from '../contracts/clock.ts'
import type { LogFields, Logger } from '../contracts/logger.ts'
import type { Metrics } from '../contracts/metrics.ts'

export interface LimitLogOptions {
  readonly log: Logger
  readonly clock: Clock
  readonly metrics: Metrics
}

/** Lines of one kind at once, and one more each second. */
export const LINES_AT_ONCE = 5
const LINES_PER_SECOND = 1
/** Texts are constant, so there are few kinds. Should one ever not be, what is beyond shares one budget. */
const MAX_KINDS = 100
const OTHER_KINDS = 'other'
/** When no further line of the kind comes, the count of those left out is told by itself. */
const TELL_AFTER_MS = 10_000

type Level = 'debug' | 'info' | 'warn' | 'error'

interface Kind {
  readonly text: string
  budget: number
  filledAtMs: number
  leftOut: number
  telling: boolean
}

/**
 * A log for lines that somebody outside can cause, as often as he likes: of each kind (its constant text) a few at
 * once and then one a second. The next line of the kind says in `leftOut` how many were not written; so does a line
 * of its own when none comes. Each is counted: `log_lines_left_out_total`. Children share the budgets.
 */
export function limitLog({ log, clock, metrics }: LimitLogOptions): Logger {
  const kinds = new Map<string, Kind>()

  function kindOf(text: string): Kind {
    const name = kinds.has(text) || kinds.size < MAX_KINDS ? text : OTHER_KINDS
    let kind = kinds.get(name)
    if (kind === undefined) {
      kind = { text: name, budget: LINES_AT_ONCE, filledAtMs: clock.nowMs(), leftOut: 0, telling: false }
      kinds.set(name, kind)
    }
    return kind
  }

  function hasRoom(kind: Kind): boolean {
    const nowMs = clock.nowMs()
    const earned = ((nowMs - kind.filledAtMs) / 1000) * LINES_PER_SECOND
    kind.budget = Math.min(LINES_AT_ONCE, kind.budget + earned)
    kind.filledAtMs = nowMs
    if (kind.budget < 1) return false
    kind.budget--
    return true
  }

  function leaveOut(kind: Kind): void {
    kind.leftOut++
    metrics.count('log_lines_left_out_total', 1, { line: kind.text })
    if (kind.telling) return
    kind.telling = true
    clock.after(TELL_AFTER_MS, () => {
      kind.telling = false
      if (kind.leftOut === 0) return
      log.warn({ line: kind.text, leftOut: kind.leftOut }, 'LOG: lines of one kind left out')
      kind.leftOut = 0
    })
  }

  function limited(to: Logger): Logger {
    const write =
      (level: Level) =>
      (fields: LogFields, text: string): void => {
        const kind = kindOf(text)
        if (!hasRoom(kind)) return leaveOut(kind)
        const { leftOut } = kind
        kind.leftOut = 0
        to[level](leftOut === 0 ? fields : { ...fields, leftOut }, text)
      }
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => limited(to.child(fields)),
    }
  }

  return limited(log)
}
