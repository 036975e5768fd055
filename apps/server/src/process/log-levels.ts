import type { Clock, LogFields, Logger } from '@kav/core'

export const LEVEL_VALUES = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: 100,
} as const

export type LevelName = keyof typeof LEVEL_VALUES

/** A level for a while: of one call, of one plugin, of both together, or of all lines. */
export interface LevelChange {
  readonly level: LevelName
  /** Its id. */
  readonly call?: string
  /** As its lines name it, `google-stt`. */
  readonly plugin?: string
  readonly forMs: number
}

interface Held extends LevelChange {
  readonly untilMs: number
  readonly cancel: () => void
}

/** More than anybody looks into at once; the oldest falls back first. */
const MAX_CHANGES = 100

/**
 * From which level on lines are written. Changes fall back by themselves; where several are about a line, the one that
 * says most of it holds, and of those the last. While there is none, a line costs one comparison.
 */
export class LogLevels {
  readonly #least: number
  #held: readonly Held[] = []

  /** @param least of `LEVEL_VALUES` */
  constructor(least: string) {
    this.#least = LEVEL_VALUES[least as LevelName]
  }

  /** Replaces what was said of the same lines. */
  change(change: LevelChange, clock: Clock): void {
    const same = this.#held.filter((held) => held.call === change.call && held.plugin === change.plugin)
    for (const held of same) this.#drop(held)
    const [oldest] = this.#held
    if (this.#held.length >= MAX_CHANGES && oldest !== undefined) this.#drop(oldest)
    const held: Held = {
      ...change,
      untilMs: clock.nowMs() + change.forMs,
      cancel: clock.after(change.forMs, () => this.#drop(held)),
    }
    this.#held = [...this.#held, held]
  }

  /** What holds now, for as long as it still does: for a process that begins later. */
  held(clock: Clock): readonly LevelChange[] {
    return this.#held.map(({ cancel: _, untilMs, ...change }) => ({
      ...change,
      forMs: Math.max(0, untilMs - clock.nowMs()),
    }))
  }

  /** Whether a line is written. */
  lets(value: number, own: LogFields, fields: LogFields): boolean {
    if (this.#held.length === 0) return value >= this.#least
    return value >= this.#leastOf(fields['call'] ?? own['call'], fields['plugin'] ?? own['plugin'])
  }

  #leastOf(call: unknown, plugin: unknown): number {
    let least = this.#least
    let most = -1
    for (const held of this.#held) {
      if (held.call !== undefined && held.call !== call) continue
      if (held.plugin !== undefined && held.plugin !== plugin) continue
      const said = (held.call === undefined ? 0 : 2) + (held.plugin === undefined ? 0 : 1)
      if (said < most) continue
      most = said
      least = LEVEL_VALUES[held.level]
    }
    return least
  }

  #drop(held: Held): void {
    held.cancel()
    this.#held = this.#held.filter((one) => one !== held)
  }
}

/** A log of which the levels decide; `own` is what its children have been given. */
export function leveled(log: Logger, levels: LogLevels, own: LogFields = {}): Logger {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      if (levels.lets(LEVEL_VALUES[level], own, fields)) log[level](fields, message)
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => leveled(log.child(fields), levels, { ...own, ...fields }),
  }
}
