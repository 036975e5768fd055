import {
  ProviderError,
  bytesPerSecond,
  type AudioFormat,
  type PluginContext,
  type SttEvent,
  type SttSession,
} from '@kav/core'
import type { Lease } from './connection-pool.ts'
import { createEventQueue } from './event-queue.ts'
import { classifyError, type ErrorPlace } from './grpc-errors.ts'
import type { ResolvedParams } from './params.ts'
import type { RawStream, RawStreamHandlers } from './raw-stream.ts'
import { toEvents } from './responses.ts'
import { createSilenceLedger } from './silence-ledger.ts'

/** The v2 proto allows 15 KB of audio a message; well below it. */
const MAX_MESSAGE_BYTES = 12_000
/** Audio messages gRPC may hold back (10 s at 20 ms each) before the connection counts as dead. */
const MAX_UNSENT_MESSAGES = 500
/** How much silence is sent at a time while the core writes nothing. */
const SILENCE_PIECE_MS = 500
/** After `finish`, how long the last final may take. */
const FINISH_TIMEOUT_MS = 2000

const SILENCE_BYTE = { mulaw: 0xff, alaw: 0xd5, linear16: 0x00 } as const

/** A session and the handlers its stream reports to; `start` is called once the stream is up. */
export interface LiveSession {
  readonly session: SttSession
  readonly handlers: RawStreamHandlers
  /** The stream is up: from here on silence is kept away. */
  start(stream: RawStream): void
}

/**
 * State of one stream between the core and gRPC: offsets, silence, limits, and an end that always comes.
 * `lease` is given back exactly once, at whichever end comes first.
 */
export function createLiveSession(options: {
  lease: Lease
  params: ResolvedParams
  context: PluginContext
  format: AudioFormat
  place: ErrorPlace
  /** Closes the session when it aborts. */
  signal: AbortSignal
}): LiveSession {
  const { lease, params, context, format, place, signal } = options
  const { clock, metrics } = context
  const bytesPerMs = bytesPerSecond(format) / 1000
  const silence = Buffer.alloc(SILENCE_PIECE_MS * bytesPerMs, SILENCE_BYTE[format.encoding])
  const ledger = createSilenceLedger()
  const queue = createEventQueue()
  let stream: RawStream | undefined
  let finished = false
  let over = false
  let announcedLimit = false
  let lastWriteMs = 0
  let stopTimer: () => void = () => undefined

  function settle(): boolean {
    if (over) return false
    over = true
    stopTimer()
    signal.removeEventListener('abort', discard)
    lease.release()
    return true
  }

  function discard(): void {
    if (settle()) stream?.cancel()
    queue.discard()
  }

  function fail(error: ProviderError): void {
    if (!settle()) return
    metrics.count('google_stt_stream_errors_total', 1, { region: place.region, class: error.class })
    stream?.cancel()
    queue.fail(error)
  }

  function send(audio: Uint8Array): void {
    for (let at = 0; at < audio.length; at += MAX_MESSAGE_BYTES) {
      stream?.send(Buffer.from(audio.subarray(at, at + MAX_MESSAGE_BYTES)))
    }
    if (stream !== undefined && stream.unsentMessages > MAX_UNSENT_MESSAGES) {
      fail(
        new ProviderError(
          'network',
          `Google Speech-to-Text stream (region ${place.region}) takes no more audio`,
          {
            details: { ...place, unsentMessages: stream.unsentMessages },
          },
        ),
      )
    }
    if (!announcedLimit && ledger.streamMs >= params.max_session_ms) {
      announcedLimit = true
      queue.push({ type: 'closing', reason: `${params.max_session_ms} ms of audio on one stream` })
    }
  }

  function keepFromSilence(): void {
    const idleMs = clock.nowMs() - lastWriteMs
    if (idleMs >= params.silence_after_ms) {
      ledger.injected(SILENCE_PIECE_MS)
      metrics.count('google_stt_silence_ms_total', SILENCE_PIECE_MS)
      send(silence)
    }
    const waitMs = idleMs >= params.silence_after_ms ? SILENCE_PIECE_MS : params.silence_after_ms - idleMs
    if (!over) stopTimer = clock.after(waitMs, keepFromSilence)
  }

  /** Offsets of the stream count injected silence; the core's do not. */
  function inCoreTime(event: SttEvent): SttEvent {
    if (event.type === 'final' && event.endMs !== undefined) {
      return { ...event, endMs: ledger.toCoreMs(event.endMs) }
    }
    if ((event.type === 'speech-started' || event.type === 'speech-stopped') && event.atMs !== undefined) {
      return { ...event, atMs: ledger.toCoreMs(event.atMs) }
    }
    return event
  }

  return {
    handlers: {
      onHeaders() {
        lease.connection.heard()
      },
      onResponse(response) {
        lease.connection.heard()
        if (response.error?.code) {
          fail(classifyError({ code: response.error.code, details: response.error.message ?? '' }, place))
          return
        }
        for (const event of toEvents(response)) queue.push(inCoreTime(event))
      },
      onEnd(error) {
        if (error !== undefined) {
          fail(classifyError(error, place))
          return
        }
        lease.connection.heard()
        if (finished) {
          if (settle()) queue.end()
        } else {
          fail(
            new ProviderError('session-limit', `Google ended the stream by itself (region ${place.region})`, {
              details: { ...place },
            }),
          )
        }
      },
    },
    start(opened) {
      stream = opened
      if (over || signal.aborted) {
        opened.cancel()
        discard()
        return
      }
      signal.addEventListener('abort', discard, { once: true })
      lastWriteMs = clock.nowMs()
      stopTimer = clock.after(params.silence_after_ms, keepFromSilence)
    },
    session: {
      events: queue,
      write(audio) {
        if (over || finished || audio.length === 0) return
        lastWriteMs = clock.nowMs()
        ledger.wrote(audio.length / bytesPerMs)
        send(audio)
      },
      finish() {
        if (over || finished) return
        finished = true
        stopTimer()
        stream?.end()
        stopTimer = clock.after(FINISH_TIMEOUT_MS, () => {
          metrics.count('google_stt_finish_timeouts_total', 1, { region: place.region })
          if (settle()) {
            stream?.cancel()
            queue.end()
          }
        })
      },
      close() {
        discard()
        return Promise.resolve()
      },
    },
  }
}
