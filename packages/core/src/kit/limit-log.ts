import type { Clock } from '../contracts/clock.ts'
import type { LogFields, Logger } from '../contracts/logger.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { LineBudget } from './line-budget.ts'

export interface LimitLogOptions {
  readonly log: Logger
  readonly clock: Clock
  readonly metrics: Metrics
}

/** Texts are constant, so there are few kinds. Should one ever not be, what is beyond shares one budget. */
const MAX_KINDS = 100
const OTHER_KINDS = 'other'
/** When no further line of the kind comes, the count of those left out is told by itself. */
const TELL_AFTER_MS = 10_000

type Level = 'debug' | 'info' | 'warn' | 'error'

interface Kind {
  readonly text: string
  readonly budget: LineBudget
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
      kind = { text: name, budget: new LineBudget(clock.nowMs()), telling: false }
      kinds.set(name, kind)
    }
    return kind
  }

  function leaveOut(kind: Kind): void {
    metrics.count('log_lines_left_out_total', 1, { line: kind.text })
    if (kind.telling) return
    kind.telling = true
    clock.after(TELL_AFTER_MS, () => {
      kind.telling = false
      const leftOut = kind.budget.takeLeftOut()
      if (leftOut > 0) log.warn({ line: kind.text, leftOut }, 'LOG: lines of one kind left out')
    })
  }

  function limited(to: Logger): Logger {
    const write =
      (level: Level) =>
      (fields: LogFields, text: string): void => {
        const kind = kindOf(text)
        if (!kind.budget.take(clock.nowMs())) return leaveOut(kind)
        const leftOut = kind.budget.takeLeftOut()
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
