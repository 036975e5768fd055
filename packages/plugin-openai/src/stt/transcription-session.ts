import { type PluginContext, ProviderError, type SttSession, type SttSessionOptions } from '@kav/core'
import { appendEvent } from '../append-audio.ts'
import { openConfiguredSocket } from '../realtime/configured-socket.ts'
import { createOddEvents } from '../realtime/odd-events.ts'
import { createPartialPacer } from './partial-pacer.ts'
import { createSegments } from './segments.ts'
import { isLiveModel, sessionUpdate, turnDetectionOf } from './session-update.ts'
import type { SttParams } from './stt-params.ts'
import { createTranscriptOrder } from './transcript-order.ts'
import { onTranscriptionEvent, type TranscriptionParts } from './transcription-events.ts'
import { createTranscriptionLife } from './transcription-life.ts'

/** How often partials of a segment that is being written down after its pause come out. */
const PARTIAL_EVERY_MS = 150
/** More unsent audio than this is a dead line: about half a minute, and the core repeats all of it elsewhere. */
const MAX_BUFFERED_BYTES = 400_000
/** How long a finished transcript waits for an earlier one. */
const MISSING_TRANSCRIPT_MS = 2_000
/** How long the last transcript may take after `finish`. */
const LAST_TRANSCRIPT_MS = 5_000
/** How long after `finish` the server may take to find the silence that is there already. */
const LAST_CUT_MS = 1_500
const COMMIT = '{"type":"input_audio_buffer.commit"}'

/**
 * One live transcription over Realtime. Resolves when the server has taken the session's settings; audio goes to it
 * as it is, transcripts come back in the order of the audio.
 */
export async function openTranscriptionSession(
  params: SttParams,
  context: PluginContext,
  options: SttSessionOptions,
  doing: string,
): Promise<SttSession> {
  const parts = createParts(params, context, options, doing)
  const { life } = parts
  const socket = await openConfiguredSocket(
    {
      params,
      query: { intent: 'transcription' },
      doing,
      clock: context.clock,
      signal: options.signal,
      onEvent: (event) => onTranscriptionEvent(parts, event),
      onOdd: parts.onOdd,
      onLost: life.die,
    },
    sessionUpdate(params, options),
  ).catch(async (thrown: unknown) => {
    await life.close()
    throw thrown
  })
  await life.opened(socket)
  return createSession(parts)
}

function createParts(
  params: SttParams,
  context: PluginContext,
  options: SttSessionOptions,
  doing: string,
): TranscriptionParts {
  const { clock } = context
  const turnDetection = turnDetectionOf(params)
  const life = createTranscriptionLife({
    clock,
    signal: options.signal,
    doing,
    isAllHeard: () => order.pending === 0 && segments.unanswered === 0,
  })
  const segments = createSegments({
    format: options.format,
    silenceMs: params.silence_ms,
    cutsItself: turnDetection === 'none',
    serverFindsSilence: turnDetection === 'server_vad',
    commit: () => life.socket?.send(COMMIT),
  })
  const pacer = isLiveModel(params.model)
    ? life.events
    : createPartialPacer(life.after, PARTIAL_EVERY_MS, life.events.push)
  const order = createTranscriptOrder(options.language ?? params.language, pacer.push)
  const onOdd = createOddEvents(context, options.callId, 'openai_stt_odd_events_total')
  const maxSessionMs = params.max_session_ms
  const parts = { context, options, doing, life, segments, order, maxSessionMs, onOdd }
  return { ...parts, settle: createSettling(parts) }
}

/** After each step of an item: is somebody waited for in vain, is this the end? */
function createSettling(parts: Omit<TranscriptionParts, 'settle'>): () => void {
  const { life, segments, order, options } = parts
  const { log, metrics } = parts.context
  let cancelMissing: (() => void) | undefined

  function settle(): void {
    if (!order.blocked) {
      cancelMissing?.()
      cancelMissing = undefined
    } else {
      cancelMissing ??= life.after(MISSING_TRANSCRIPT_MS, () => {
        cancelMissing = undefined
        metrics.count('openai_stt_transcripts_missing_total', order.skipMissing())
        log.warn({ call: options.callId }, 'a transcript did not come')
        settle()
      })
    }
    if (life.state !== 'finishing' || segments.unanswered > 0 || order.pending > 0 || segments.awaitsCut)
      return
    life.end()
  }

  return settle
}

function createSession(parts: TranscriptionParts): SttSession {
  const { life, segments, order, settle, doing } = parts
  return {
    events: life.events.items,
    write(audio) {
      const { socket } = life
      if (life.state !== 'open' || !socket) return
      if (socket.bufferedBytes > MAX_BUFFERED_BYTES) {
        return life.die(
          new ProviderError('network', `${doing}: the network does not take the audio; check the uplink`),
        )
      }
      socket.send(appendEvent(audio))
      segments.sent(audio)
    },
    finish() {
      if (life.state !== 'open') return
      life.nowFinishing()
      if (segments.finish() === 'server-cuts') {
        life.after(LAST_CUT_MS, () => {
          segments.stopAwaiting()
          settle()
        })
      }
      life.after(LAST_TRANSCRIPT_MS, () => {
        const missing = order.pending + segments.unanswered
        parts.context.metrics.count('openai_stt_transcripts_missing_total', missing)
        life.end()
      })
      settle()
    },
    close: life.close,
  }
}
