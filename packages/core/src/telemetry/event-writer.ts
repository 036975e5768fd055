import type { Clock } from '../contracts/clock.ts'
import { bugStack, type ProviderError } from '../contracts/errors.ts'
import type { Logger } from '../contracts/logger.ts'
import type { Metrics } from '../contracts/metrics.ts'
import type { Redaction } from '../redaction/redaction.ts'
import type { SaidTimes } from '../redaction/said-times.ts'
import { CALL_EVENTS, type CallEvent, type CallEventName } from './call-events.ts'
import {
  type CallRedactor,
  createCallRedactor,
  NO_REDACTION,
  type RedactedEvent,
  type SaidWhen,
} from './call-redactor.ts'
import { type LongText, lookedAt, toldOf } from './long-text.ts'
import type { HeardSound } from './private-sounds.ts'

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
  /** What is taken out of an event before anybody sees it. Absent: nothing. */
  readonly redaction?: Redaction | undefined
  readonly onEvent?: (event: RedactedEvent) => void
}

/**
 * One event of a call: the log line, the count and the record's entry together. It takes what was said as it was said,
 * and gives on what may be seen of it. Nothing comes behind `call_ended`: whoever keeps or follows the call is done with
 * it then. What happens later is a line of the log, and counted.
 */
export class EventWriter {
  readonly #parts: CallTelemetryParts
  readonly #redactor: CallRedactor
  readonly #startedMs: number
  #isOver = false

  constructor(parts: CallTelemetryParts) {
    this.#parts = parts
    this.#redactor = parts.redaction ? createCallRedactor(parts.redaction, parts.metrics) : NO_REDACTION
    this.#startedMs = parts.clock.nowMs()
  }

  emit(event: CallEventName, fields: Fields = {}, privateFields: Fields = {}, figures = ''): void {
    this.#emit(event, fields, privateFields, figures)
  }

  /** `when`: when the text of the event was said, of the call's clock. What redacts nothing never asks. */
  emitSaid(event: CallEventName, fields: Fields, privateFields: Fields, { times, sound }: SaidWhen): void {
    this.#emit(event, fields, privateFields, '', {
      times: times && (() => this.#sinceStart(times())),
      sound: sound && ((piece) => this.#heardSinceStart(sound(piece))),
    })
  }

  /** Of the text a part is told, cut when what is private is out of it. */
  emitLong(event: CallEventName, fields: Fields, privateFields: Fields, long: LongText): void {
    const { name } = long
    this.#emit(event, fields, { ...privateFields, [name]: lookedAt(long) }, '', undefined, (told) => ({
      ...told,
      private: { ...told.private, [name]: toldOf(long, String(told.private[name])) },
    }))
  }

  #heardSinceStart(heard: HeardSound | undefined): HeardSound | undefined {
    return heard && { ...heard, fromMs: this.atMs(heard.fromMs), toMs: this.atMs(heard.toMs) }
  }

  #emit(
    event: CallEventName,
    fields: Fields,
    privateFields: Fields,
    figures: string,
    when?: SaidWhen,
    cut = (told: RedactedEvent): RedactedEvent => told,
  ): void {
    const atMs = this.atMs(this.#parts.clock.nowMs())
    if (this.#isOver) return this.#logLate({ event, atMs, fields, private: {} })
    const told = this.#redactor.take({ event, atMs, fields, private: privateFields }, when)
    // Of a call that is killed in between, what must not be heard is known before anybody was told of words.
    this.#tellSounds(atMs)
    this.#write(cut(told), figures)
    this.#isOver = event === 'call_ended'
  }

  /** Without its private part: what else may be private of the call is known no more. */
  #logLate(late: CallEvent): void {
    const { event, fields } = this.#redactor.take(late)
    const { level, message } = CALL_EVENTS[event]
    this.#parts.metrics.count('call_events_late_total', 1, { event })
    this.#parts.log[level]({ event, ...fields, late: true }, message)
  }

  #sinceStart({ endedMs, words }: SaidTimes): SaidTimes {
    return {
      endedMs: endedMs === undefined ? undefined : this.atMs(endedMs),
      words: words?.map(({ word, startMs, endMs }) => ({
        word,
        startMs: this.atMs(startMs),
        endMs: this.atMs(endMs),
      })),
    }
  }

  /** Keys that the caller pressed make an entry. No event: what becomes of them is told as the caller's turn. */
  keysTaken(entry: string): void {
    if (this.#isOver) return
    this.#redactor.keysTaken(entry)
    this.#tellSounds(this.atMs(this.#parts.clock.nowMs()))
  }

  #tellSounds(atMs: number): void {
    for (const { from_ms, to_ms, isOpen: _isOpen, ...of } of this.#redactor.takeSounds()) {
      const from = Math.max(0, Math.round(from_ms))
      const fields = { ...of, from_ms: from, ...(to_ms !== undefined && { to_ms: Math.round(to_ms) }) }
      this.#write(NO_REDACTION.take({ event: 'redacted', atMs, fields, private: {} }), '')
    }
  }

  #write(told: RedactedEvent, figures: string): void {
    const { log, metrics, onEvent } = this.#parts
    const { event, fields } = told
    const kind = CALL_EVENTS[event]
    if (figures === '') metrics.count('call_events_total', 1, { event })
    const hasPrivate = Object.keys(told.private).length > 0
    log[kind.level](
      { event, ...fields, ...(hasPrivate ? { private: told.private } : {}) },
      figures === '' ? kind.message : `${kind.message} ${figures}`,
    )
    onEvent?.(told)
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
