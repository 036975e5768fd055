import type { CallEvent } from '@kav/core/host'
import { CALL_KEY, type CallSpan } from './call-span.ts'
import { msOf, textOf } from './event-fields.ts'
import type { SpanAttributes } from './attribute-table.ts'

/** The recogniser's sessions, one after the other. */
export class RecognitionSpans {
  readonly #emit: (span: CallSpan) => void
  #open: { readonly startMs: number; readonly attributes: SpanAttributes } | undefined
  #sessions = 0

  constructor(emit: (span: CallSpan) => void) {
    this.#emit = emit
  }

  /** Who hears the call now. */
  get plugin(): string | undefined {
    const plugin = this.#open?.attributes['kav.plugin']
    return typeof plugin === 'string' ? plugin : undefined
  }

  ready(event: CallEvent, atMs: number): void {
    this.close(atMs)
    const region = textOf(event, 'region')
    this.#open = {
      startMs: Math.max(0, atMs - (msOf(event, 'open_ms') ?? 0)),
      attributes: {
        'kav.plugin': textOf(event, 'plugin') ?? 'unknown',
        ...(region !== undefined && { 'kav.region': region }),
      },
    }
  }

  close(atMs: number, how: { error?: string | undefined; unended?: boolean } = {}): void {
    if (this.#open === undefined) return
    const { startMs, attributes } = this.#open
    this.#open = undefined
    this.#emit({
      key: `recognition ${++this.#sessions}`,
      parent: CALL_KEY,
      name: 'recognition',
      startMs: Math.min(startMs, atMs),
      endMs: atMs,
      attributes: how.unended ? { ...attributes, 'kav.unended': true } : attributes,
      error: how.error,
      events: [],
    })
  }
}
