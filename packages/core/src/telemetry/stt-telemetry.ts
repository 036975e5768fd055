import type { ProviderError } from '../contracts/errors.ts'
import type { Metrics } from '../contracts/metrics.ts'
import type { SaidTimes } from '../redaction/said-times.ts'
import type { EventWriter, Fallback, Fields } from './event-writer.ts'

interface Route {
  readonly plugin: string
  readonly region: string | undefined
}

/** What happens to a call's recognition, as `CallTelemetry` tells it. */
export class SttTelemetry {
  readonly #events: EventWriter
  readonly #metrics: Metrics

  constructor(events: EventWriter, metrics: Metrics) {
    this.#events = events
    this.#metrics = metrics
  }

  initRequested(): void {
    this.#events.emit('stt_init_requested')
  }

  ready(ready: Route & { attempt: number; openMs: number; partials?: boolean }): void {
    this.#metrics.observe('stt_open_ms', ready.openMs, { plugin: ready.plugin })
    this.#events.emit('stt_ready', {
      ...of(ready),
      attempt: ready.attempt,
      open_ms: Math.round(ready.openMs),
      ...(ready.partials === false ? { partials: false } : {}),
    })
  }

  sessionOdd(plugin: string, odd: string): void {
    this.#events.emit('session_odd', { plugin, odd })
  }

  openFailed(failed: Route & { attempt: number; error: ProviderError }): void {
    this.#events.failed('stt_open_failed', { ...of(failed), attempt: failed.attempt }, failed.error)
  }

  openingHedged(hedged: Route & { attempt: number }): void {
    this.#metrics.count('stt_openings_hedged_total', 1, { plugin: hedged.plugin })
    this.#events.emit('stt_opening_hedged', { ...of(hedged), attempt: hedged.attempt })
  }

  fellBack(fallback: Fallback): void {
    this.#metrics.count('stt_fallbacks_total', 1, { from: fallback.from, to: fallback.to })
    this.#events.failed('stt_fell_back', { from: fallback.from, to: fallback.to }, fallback.error)
  }

  lost(lost: Route & { error: ProviderError }): void {
    this.#events.failed('stt_lost', of(lost), lost.error)
  }

  rotated(rotated: Route & { reason: string }): void {
    this.#events.emit('stt_rotated', { ...of(rotated), reason: rotated.reason })
  }

  finalUnclear(confidence: number, text: string, times?: () => SaidTimes): void {
    this.#metrics.count('stt_finals_unclear_total')
    const fields = { confidence: Math.round(confidence * 100) / 100 }
    this.#events.emitSaid('stt_final_unclear', fields, { text }, { times })
  }

  finalMissing({ plugin }: { plugin: string }): void {
    this.#metrics.count('stt_finals_missing_total', 1, { plugin })
    this.#events.emit('stt_final_missing', { plugin })
  }

  lastWordsUnheard({ waitedMs, unreadMs }: { waitedMs: number; unreadMs: number }): void {
    this.#events.emit('stt_last_words_unheard', {
      waited_ms: Math.round(waitedMs),
      unread_ms: Math.round(unreadMs),
    })
  }

  duplicateFinal(): void {
    this.#metrics.count('stt_finals_repeated_total')
    this.#events.emit('stt_duplicate_final')
  }

  recognizePerUtterance(fields: { possible: boolean }): void {
    this.#events.emit('stt_recognize_per_utterance', fields)
  }

  utteranceRecognized(fields: { plugin: string; audioMs: number }): void {
    this.#events.emit('stt_utterance_recognized', {
      plugin: fields.plugin,
      audio_ms: Math.round(fields.audioMs),
    })
  }

  utteranceFailed(failed: { plugin: string; error: ProviderError }): void {
    this.#events.failed('stt_utterance_failed', { plugin: failed.plugin }, failed.error)
  }
}

function of({ plugin, region }: Route): Fields {
  return { plugin, ...(region === undefined ? {} : { region }) }
}
