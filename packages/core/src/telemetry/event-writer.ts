import type { Clock } from '../contracts/clock.ts'
import { bugStack, type ProviderError } from '../contracts/errors.ts'
import type { Logger } from '../contracts/logger.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { CALL_EVENTS, type CallEvent, type CallEventName } from './call-events.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Names of provider instances. */
export interface Fallback {
  readonly from: string
  readonly to: string
  readonly error: ProviderError
}

export interface CallTelemetryParts {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  readonly onEvent?: (event: CallEvent) => void
}

/** One event of a call: the log line, the count and the record's entry together. */
export class EventWriter {
  readonly #parts: CallTelemetryParts
  readonly #startedMs: number

  constructor(parts: CallTelemetryParts) {
    this.#parts = parts
    this.#startedMs = parts.clock.nowMs()
  }

  emit(event: CallEventName, fields: Fields = {}, privateFields: Fields = {}, figures = ''): void {
    const { log, metrics, clock, onEvent } = this.#parts
    const kind = CALL_EVENTS[event]
    if (figures === '') metrics.count('call_events_total', 1, { event })
    const hasPrivate = Object.keys(privateFields).length > 0
    log[kind.level](
      { event, ...fields, ...(hasPrivate ? { private: privateFields } : {}) },
      figures === '' ? kind.message : `${kind.message} ${figures}`,
    )
    onEvent?.({ event, atMs: this.atMs(clock.nowMs()), fields, private: privateFields })
  }

  nowMs(): number {
    return this.#parts.clock.nowMs()
  }

  /** A time of the call's clock as time since the call began. */
  atMs(nowMs: number): number {
    return nowMs - this.#startedMs
  }

  /** What a provider says of a fault may repeat what was said to it: its words are as private as the caller's. */
  failed(event: CallEventName, fields: Fields, error: ProviderError): void {
    const { code, retryable, message } = error
    this.emit(event, { ...fields, code, retryable, ...bugStack(error) }, { error: message })
  }
}
