import {
  ProviderError,
  bytesPerSecond,
  type AudioFormat,
  type PluginContext,
  type SttEvent,
  type SttSession,
} from '@kav/core'
import type { Lease } from '@kav/google-cloud'
import type { Connection } from './connection.ts'
import { classifyError, type ErrorPlace } from './grpc-errors.ts'
import type { ResolvedParams } from './params.ts'
import type { RawStream, RawStreamHandlers } from './raw-stream.ts'
import { readResponse, toEvents } from './responses.ts'
import { createSessionLife, type SessionLife } from './session-life.ts'
import { createSilenceLedger, type SilenceLedger } from './silence-ledger.ts'

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

export interface LiveSessionOptions {
  readonly lease: Lease<Connection>
  readonly params: ResolvedParams
  readonly context: PluginContext
  readonly callId: string
  readonly format: AudioFormat
  readonly place: ErrorPlace
  /** Closes the session when it aborts. */
  readonly signal: AbortSignal
}

/** What the parts of one session share. */
interface Parts extends LiveSessionOptions {
  readonly life: SessionLife
  readonly ledger: SilenceLedger
  fail(error: ProviderError): void
  /** A response that cannot be read; it is left out. */
  onOdd(why: string): void
}

/**
 * State of one stream between the core and gRPC: offsets, silence, limits, and an end that always comes.
 * `lease` is given back exactly once, at whichever end comes first.
 */
export function createLiveSession(options: LiveSessionOptions): LiveSession {
  const { lease, context, format, place, signal } = options
  const { clock, metrics } = context
  const life = createSessionLife({ clock, signal, onOver: () => lease.release() })
  const parts: Parts = {
    ...options,
    life,
    ledger: createSilenceLedger(),
    onOdd(why) {
      metrics.count('google_stt_odd_responses_total', 1, { region: place.region })
      context.log.debug(
        { call: options.callId, region: place.region, why },
        'Google sent a response that cannot be read; it is left out',
      )
    },
    fail(error) {
      if (!life.fail(error)) return
      metrics.count('google_stt_stream_errors_total', 1, { region: place.region, class: error.class })
    },
  }
  const send = createSender(parts)
  const bytesPerMs = bytesPerSecond(format) / 1000
  const keepFromSilence = createSilenceKeeper(parts, bytesPerMs, send)
  let finished = false
  return {
    handlers: createHandlers(parts, () => finished),
    start(opened) {
      if (life.begin(opened)) keepFromSilence.wrote(true)
    },
    session: {
      events: life.events.items,
      write(audio) {
        if (life.over || finished || audio.length === 0) return
        keepFromSilence.wrote()
        parts.ledger.wrote(audio.length / bytesPerMs)
        send(audio)
      },
      finish() {
        if (life.over || finished) return
        finished = true
        life.stream?.end()
        life.setTimer(FINISH_TIMEOUT_MS, () => {
          metrics.count('google_stt_finish_timeouts_total', 1, { region: place.region })
          life.end()
        })
      },
      close() {
        life.discard()
        return Promise.resolve()
      },
    },
  }
}

/** Sends audio in messages of the size the service takes; a connection that takes no more of it is dead. */
function createSender({ life, params, place, ledger, fail }: Parts): (audio: Uint8Array) => void {
  let announcedLimit = false
  return (audio) => {
    const { stream } = life
    for (let at = 0; at < audio.length; at += MAX_MESSAGE_BYTES) {
      stream?.send(Buffer.from(audio.subarray(at, at + MAX_MESSAGE_BYTES)))
    }
    if (stream !== undefined && stream.unsentMessages > MAX_UNSENT_MESSAGES) {
      const message = `Google Speech-to-Text stream (region ${place.region}) takes no more audio`
      const details = { ...place, unsentMessages: stream.unsentMessages }
      fail(new ProviderError('network', message, { details }))
    }
    if (announcedLimit || ledger.streamMs < params.max_session_ms) return
    announcedLimit = true
    life.events.push({ type: 'closing', reason: 'max_session_ms' })
  }
}

/** Google ends a stream that gets no audio: silence goes out while the core writes nothing. */
function createSilenceKeeper(
  { life, params, context, format, ledger }: Parts,
  bytesPerMs: number,
  send: (audio: Uint8Array) => void,
): { wrote(first?: boolean): void } {
  const { clock, metrics } = context
  const silence = Buffer.alloc(SILENCE_PIECE_MS * bytesPerMs, SILENCE_BYTE[format.encoding])
  let lastWriteMs = 0

  function look(): void {
    const leftMs = params.silence_after_ms - (clock.nowMs() - lastWriteMs)
    if (leftMs <= 0) {
      ledger.injected(SILENCE_PIECE_MS)
      metrics.count('google_stt_silence_ms_total', SILENCE_PIECE_MS)
      send(silence)
    }
    life.setTimer(leftMs <= 0 ? SILENCE_PIECE_MS : leftMs, look)
  }

  return {
    wrote(first = false) {
      lastWriteMs = clock.nowMs()
      if (first) life.setTimer(params.silence_after_ms, look)
    },
  }
}

function createHandlers(parts: Parts, isFinished: () => boolean): RawStreamHandlers {
  const { life, lease, place, ledger, fail } = parts
  return {
    onHeaders() {
      lease.heard()
    },
    onResponse(received) {
      lease.heard()
      const read = readResponse(received)
      if (!read.ok) return parts.onOdd(read.why)
      const response = read.value
      if (response.error?.code) {
        fail(classifyError({ code: response.error.code, details: response.error.message ?? '' }, place))
        return
      }
      for (const event of toEvents(response)) life.events.push(inCoreTime(event, ledger))
    },
    onEnd(error) {
      if (error !== undefined) return fail(classifyError(error, place))
      lease.heard()
      if (isFinished()) return life.end()
      const message = `Google ended the stream by itself (region ${place.region})`
      fail(new ProviderError('session-limit', message, { details: { ...place } }))
    },
  }
}

/** Offsets of the stream count injected silence; the core's do not. */
function inCoreTime(event: SttEvent, ledger: SilenceLedger): SttEvent {
  if (event.type === 'final') {
    const { endMs, words } = event
    return {
      ...event,
      ...(endMs !== undefined && { endMs: ledger.toCoreMs(endMs) }),
      ...(words && {
        words: words.map((word) => ({
          ...word,
          startMs: ledger.toCoreMs(word.startMs),
          endMs: ledger.toCoreMs(word.endMs),
        })),
      }),
    }
  }
  if ((event.type === 'speech-started' || event.type === 'speech-stopped') && event.atMs !== undefined) {
    return { ...event, atMs: ledger.toCoreMs(event.atMs) }
  }
  return event
}
