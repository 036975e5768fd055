import { type Logger, messageOf, type Metrics } from '@kav/core'
import type { Reload } from './service.ts'

/** What came of a wish for the files to be read anew. */
export type ReloadOutcome =
  | ({ readonly ok: true; readonly warnings: readonly string[] } & Reload)
  /** A line each; nothing has changed. */
  | { readonly ok: false; readonly problems: readonly string[] }

export interface ReloaderParts {
  /** Reads and checks the files, and takes them over. */
  readonly read: () => Promise<{ readonly reload: Reload; readonly warnings: readonly string[] }>
  readonly log: Logger
  readonly metrics: Metrics
}

/**
 * Reads the files anew for whoever wishes it (a signal, a command, a file that changed), one reading after the other. One
 * that has not begun is for all who wish meanwhile: what it finds is newer than any of their wishes.
 */
export class Reloader {
  readonly #parts: ReloaderParts
  #last: Promise<unknown> = Promise.resolve()
  #waiting: Promise<ReloadOutcome> | undefined

  constructor(parts: ReloaderParts) {
    this.#parts = parts
  }

  /** Never rejects: what is wrong is in the log and in the outcome. */
  reload(why: string): Promise<ReloadOutcome> {
    if (this.#waiting !== undefined) return this.#waiting
    const next = this.#last.then(() => {
      this.#waiting = undefined
      return this.#reload(why)
    })
    this.#waiting = next
    this.#last = next
    return next
  }

  async #reload(why: string): Promise<ReloadOutcome> {
    const { read, log, metrics } = this.#parts
    try {
      const { reload, warnings } = await read()
      metrics.count('reloads_total', 1, { outcome: 'taken' })
      for (const warning of warnings) log.warn({ warning }, 'CONFIG: warning')
      log.info({ why, ...reload }, 'SERVICE: the files were read anew')
      return { ok: true, warnings, ...reload }
    } catch (error) {
      const problems = messageOf(error).split('\n')
      metrics.count('reloads_total', 1, { outcome: 'refused' })
      log.error({ why, problems }, 'SERVICE: the files were not taken, all goes on as it was')
      return { ok: false, problems }
    }
  }
}
