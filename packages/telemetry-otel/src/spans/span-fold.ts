import type { CallEvent } from '@kav/core/host'
import type { SpanAttributes } from './attribute-table.ts'
import { CALL_KEY, type CallSpan, type SpanEvent } from './call-span.ts'
import { msOf, plainFields, privateTextOf, textOf, turnOf, within } from './event-fields.ts'
import { isNoted } from './noted-events.ts'
import { RecognitionSpans } from './recognition-spans.ts'
import { requestNameOf, requestOf } from './request-spans.ts'
import { TurnEvents } from './turn-events.ts'
import { UtteranceBook } from './utterance-book.ts'

export interface SpanFoldOptions {
  /** What was said, and by whom, stands under keys with `pii`. */
  readonly content: boolean
}

/** Makes spans of one call's events as they come: each is told once it is over, the call last. */
export interface SpanFold {
  onEvent(event: CallEvent): void
  /** Nothing more comes. What is open is closed at the last moment that is known, and marked. */
  end(): void
}

/** Events of one span. */
const MAX_NOTED = 32

export function createSpanFold(options: SpanFoldOptions, emit: (span: CallSpan) => void): SpanFold {
  return new Fold(options, emit)
}

class Fold implements SpanFold {
  readonly #options: SpanFoldOptions
  readonly #emit: (span: CallSpan) => void
  readonly #book: UtteranceBook
  readonly #recognition: RecognitionSpans
  readonly #turns: TurnEvents
  readonly #attributes: SpanAttributes = { 'gen_ai.operation.name': 'invoke_agent' }
  readonly #events: SpanEvent[] = []
  #error: string | undefined
  /** Of the last event: time does not go back. */
  #atMs = 0
  #speeches = 0
  #over = false

  constructor(options: SpanFoldOptions, emit: (span: CallSpan) => void) {
    this.#options = options
    this.#emit = emit
    this.#book = new UtteranceBook(emit)
    this.#recognition = new RecognitionSpans(emit)
    this.#turns = new TurnEvents(this.#book, {
      content: options.content,
      emit,
      recogniser: () => this.#recognition.plugin,
    })
  }

  onEvent(event: CallEvent): void {
    if (this.#over || event.event === 'rx_second' || event.event === 'tx_second') return
    if (Number.isFinite(event.atMs)) this.#atMs = Math.max(this.#atMs, Math.round(event.atMs))
    const atMs = this.#atMs
    if (isNoted(event)) this.#note(event, atMs)
    const request = requestNameOf(event.event)
    if (request !== undefined) {
      const turn = turnOf(event)
      const told = requestOf(request, event, turn, atMs)
      if (turn !== undefined && turn < 0 && !this.#book.open(turn))
        this.#turns.prompt(turn, told.startMs, atMs)
      return this.#book.request(told)
    }
    if (!this.#ofCall(event, atMs)) this.#turns.onEvent(event, atMs)
  }

  end(): void {
    if (this.#over) return
    this.#attributes['kav.unended'] = true
    this.#finish(true)
  }

  #ofCall(event: CallEvent, atMs: number): boolean {
    switch (event.event) {
      case 'call_started':
        this.#started(event)
        return true
      case 'stt_ready':
        this.#recognition.ready(event, atMs)
        return true
      case 'stt_lost':
        this.#recognition.close(atMs, { error: textOf(event, 'code') ?? 'lost' })
        return true
      case 'caller_voice':
        this.#spoke(event, atMs)
        return true
      case 'stage_failed':
        this.#error = textOf(event, 'stage') ?? 'failed'
        return true
      case 'call_ended':
        this.#attributes['kav.ended_by'] = textOf(event, 'ended_by') ?? 'unknown'
        this.#finish(false)
        return true
      default:
        return false
    }
  }

  #started(event: CallEvent): void {
    if (!this.#options.content) return
    const [from, to] = [privateTextOf(event, 'from'), privateTextOf(event, 'to')]
    if (from !== undefined) this.#attributes['kav.pii.from'] = from
    if (to !== undefined) this.#attributes['kav.pii.to'] = to
  }

  #spoke(event: CallEvent, atMs: number): void {
    const startMs = within(msOf(event, 'start_ms') ?? atMs, 0, atMs)
    const endMs = within(msOf(event, 'end_ms') ?? atMs, startMs, atMs)
    const key = `speech ${++this.#speeches}`
    const plain = { parent: CALL_KEY, name: 'speech', attributes: {}, error: undefined, events: [] } as const
    this.#emit({ ...plain, key, startMs, endMs })
  }

  #note(event: CallEvent, atMs: number): void {
    const turn = turnOf(event)
    const utterance = this.#book.open(turn)
    const code = textOf(event, 'code')
    if (utterance && code !== undefined) utterance.fault = code
    const events = utterance?.events ?? this.#events
    if (events.length < MAX_NOTED) events.push({ name: event.event, atMs, attributes: plainFields(event) })
  }

  #finish(unended: boolean): void {
    this.#over = true
    const endMs = this.#atMs
    this.#book.end(endMs)
    this.#recognition.close(endMs, { unended })
    this.#emit({
      key: CALL_KEY,
      parent: undefined,
      name: 'call',
      startMs: 0,
      endMs,
      attributes: this.#attributes,
      error: this.#error,
      events: this.#events,
    })
  }
}
