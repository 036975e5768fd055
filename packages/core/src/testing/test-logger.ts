import type { LogFields, Logger } from '../contracts/index.ts'

export interface TestLogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** The line's own fields over those of its `child` loggers. */
  readonly fields: LogFields
  readonly message: string
}

/** A logger that keeps every line; children write into the same list. */
export interface TestLogger extends Logger {
  readonly entries: readonly TestLogEntry[]
  /** Lines with this message, in order. */
  find(message: string): readonly TestLogEntry[]
}

export function createTestLogger(): TestLogger {
  const entries: TestLogEntry[] = []

  function logger(inherited: LogFields): TestLogger {
    const write = (level: TestLogEntry['level']) => (fields: LogFields, message: string) => {
      entries.push({ level, fields: { ...inherited, ...fields }, message })
    }
    return {
      entries,
      find: (message) => entries.filter((entry) => entry.message === message),
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => logger({ ...inherited, ...fields }),
    }
  }

  return logger({})
}
