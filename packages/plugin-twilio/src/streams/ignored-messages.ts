import type { Logger, Metrics, PluginContext } from '@kav/core'
import { FloodGuard } from './flood-guard.ts'

/** Messages that make no sense: more than this all the time, and the stream is cut off. */
export const MAX_BAD_PER_SECOND = 20
/** Sense or not, these may well come 50 times a second for a whole call. */
const HARMLESS: ReadonlySet<string> = new Set(['other-track', 'unknown-event', 'bad-payload'])

/** The messages of one stream that are not used: counted, and the first of each kind is logged. */
export class IgnoredMessages {
  log: Logger
  readonly #metrics: Metrics
  readonly #flood: FloodGuard
  readonly #reported: string[] = []

  constructor({ metrics, clock }: PluginContext, log: Logger) {
    this.log = log
    this.#metrics = metrics
    this.#flood = new FloodGuard(MAX_BAD_PER_SECOND, clock)
  }

  /** Returns whether there have been too many that make no sense. */
  count(reason: string, detail?: string): boolean {
    this.#metrics.count('twilio_messages_ignored_total', 1, { reason })
    if (this.#isFirst(reason)) {
      this.log.warn({ reason, ...(detail === undefined ? {} : { detail }) }, 'TWILIO: message ignored')
    }
    return !HARMLESS.has(reason) && this.#flood.isFlooded()
  }

  /** Handling one threw: a fault in whoever takes the call must not reach the other calls. */
  failed(thrown: unknown): void {
    this.#metrics.count('twilio_handler_errors_total')
    if (this.#isFirst('handler-error')) this.log.error({ error: thrown }, 'TWILIO: handling a message failed')
  }

  #isFirst(kind: string): boolean {
    if (this.#reported.includes(kind)) return false
    this.#reported.push(kind)
    return true
  }
}
