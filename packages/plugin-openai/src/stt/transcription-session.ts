import {
  bytesPerSecond,
  type PluginContext,
  ProviderError,
  type SttEvent,
  type SttSession,
  type SttSessionOptions,
} from '@kav/core'
import { createEventQueue } from '../event-queue.ts'
import { createSessionTimers } from '../session-timers.ts'
import { appendEvent } from '../append-audio.ts'
import { openConfiguredSocket } from '../realtime/configured-socket.ts'
import type { RealtimeSocket } from '../realtime/realtime-socket.ts'
import type { ServerEvent } from '../realtime/server-event.ts'
import { isHarmless, serverError } from '../realtime/server-error.ts'
import { createPauseFinder } from './pause-finder.ts'
import { createPartialPacer } from './partial-pacer.ts'
import { isLiveModel, sessionUpdate, turnDetectionOf } from './session-update.ts'
import type { SttParams } from './stt-params.ts'
import { confidenceOf, countTranscriptUsage } from './transcript-facts.ts'
import { createTranscriptOrder } from './transcript-order.ts'

/** How often partials of a segment that is being written down after its pause come out. */
const PARTIAL_EVERY_MS = 150
/** More unsent audio than this is a dead line: about half a minute, and the core repeats all of it elsewhere. */
const MAX_BUFFERED_BYTES = 400_000
/** How long a finished transcript waits for an earlier one. */
const MISSING_TRANSCRIPT_MS = 2_000
/** How long the last transcript may take after `finish`. */
const LAST_TRANSCRIPT_MS = 5_000
/** The server takes no commit of less than 100 ms of audio. */
const MIN_COMMIT_MS = 100
/** How long after `finish` the server may take to find the silence that is there already. */
const LAST_CUT_MS = 1_500
const CUT_MARGIN_MS = 200
const CLOSING_NOTICE_MS = 30_000
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
  const { clock, log, metrics } = context
  const queue = createEventQueue<SttEvent>()
  const pauses = createPauseFinder(options.format, params.silence_ms)
  const cutsItself = turnDetectionOf(params) === 'none'
  const bytesPerMs = bytesPerSecond(options.format) / 1000
  const timers = createSessionTimers(clock)
  const { after } = timers
  const pacer = isLiveModel(params.model) ? queue : createPartialPacer(after, PARTIAL_EVERY_MS, queue.push)
  const order = createTranscriptOrder(options.language ?? params.language, pacer.push)
  /** Where each commit of ours was made. */
  const commitsMs: number[] = []
  let writtenMs = 0
  /** Up to here the audio is in a segment, by the server's word or ours. */
  let segmentedMs = 0
  /** After `finish`: the server is expected to cut a segment beyond this by itself. */
  let awaitedCutMs = 0
  let state: 'open' | 'finishing' | 'over' = 'open'
  let cancelMissing: (() => void) | undefined
  let stopListening = () => {}

  // Events may come in before the promise has handed the socket over.
  let socket: RealtimeSocket | undefined = undefined
  socket = await openConfiguredSocket(
    {
      params,
      query: { intent: 'transcription' },
      doing,
      clock,
      signal: options.signal,
      onEvent,
      onLost: die,
    },
    sessionUpdate(params, options),
  ).catch((thrown: unknown) => {
    over()
    throw thrown
  })
  const abort = () => die(new ProviderError('cancelled', `${doing}: cancelled`))
  if (isOver()) await socket.close()
  else options.signal.addEventListener('abort', abort, { once: true })
  stopListening = () => options.signal.removeEventListener('abort', abort)

  function over(): void {
    state = 'over'
    timers.clear()
    stopListening()
  }

  function isOver(): boolean {
    return state === 'over'
  }

  function die(error: ProviderError): void {
    if (isOver()) return
    const finishing = state === 'finishing'
    over()
    // With nothing left to hear, a line that goes away took nothing with it.
    if (finishing && order.pending === 0 && commitsMs.length === 0) queue.end()
    else queue.fail(error)
    void socket?.close()
  }

  function onEvent(event: ServerEvent): void {
    if (state === 'over') return
    switch (event.type) {
      case 'session.created':
        return announceEnd(event.session as { readonly expires_at?: unknown })
      case 'error':
        return onError(event.error)
      case 'input_audio_buffer.speech_started':
        order.started(event.item_id)
        return queue.push({ type: 'speech-started', atMs: event.audio_start_ms })
      case 'input_audio_buffer.speech_stopped':
        order.ended(event.item_id, event.audio_end_ms)
        segmentedMs = Math.max(segmentedMs, event.audio_end_ms)
        return queue.push({ type: 'speech-stopped', atMs: event.audio_end_ms })
      case 'input_audio_buffer.committed':
        order.committed(event.item_id, () => commitsMs.shift())
        return settle()
      case 'conversation.item.input_audio_transcription.delta':
        return order.delta(event.item_id, event.delta ?? '')
      case 'conversation.item.input_audio_transcription.completed':
        order.completed(event.item_id, event.transcript, confidenceOf(event.logprobs))
        countTranscriptUsage(metrics, event.usage)
        return settle()
      case 'conversation.item.input_audio_transcription.failed':
        return onFailed(event.item_id, event.error)
      default:
        return
    }
  }

  function onError(fault: { code?: string | null; message?: string; type?: string }): void {
    if (fault.code === 'input_audio_buffer_commit_empty') {
      commitsMs.shift()
      return settle()
    }
    if (isHarmless(fault)) return
    const error = serverError(fault, doing)
    if (error.class !== 'bad-request') return die(error)
    metrics.count('openai_stt_errors_total', 1, { class: error.class })
    log.warn({ callId: options.callId, error: error.message }, 'transcription session reported an error')
  }

  /** The audio is still with the core: with a new session it is heard again, unless there was nothing to hear. */
  function onFailed(itemId: string, fault: { code?: string; message?: string; type?: string }): void {
    metrics.count('openai_stt_transcripts_failed_total')
    if (fault.code === 'audio_unintelligible') {
      order.completed(itemId, '')
      return settle()
    }
    const error = serverError(fault, `${doing}: a transcript failed`)
    die(
      error.retryable || error.class !== 'bad-request' ? error : new ProviderError('network', error.message),
    )
  }

  /** After each step of an item: is somebody waited for in vain, is this the end? */
  function settle(): void {
    if (!order.blocked) {
      cancelMissing?.()
      cancelMissing = undefined
    } else {
      cancelMissing ??= after(MISSING_TRANSCRIPT_MS, () => {
        cancelMissing = undefined
        metrics.count('openai_stt_transcripts_missing_total', order.skipMissing())
        log.warn({ callId: options.callId }, 'a transcript did not come')
        settle()
      })
    }
    if (state !== 'finishing' || commitsMs.length > 0 || order.pending > 0 || segmentedMs < awaitedCutMs)
      return
    over()
    queue.end()
  }

  /** Servers say when the session will end (`expires_at`, Unix seconds); some allow less than an hour. */
  function announceEnd(session: { readonly expires_at?: unknown }): void {
    if (typeof session.expires_at !== 'number') return
    const leftMs = session.expires_at * 1000 - clock.wallMs() - CLOSING_NOTICE_MS
    if (leftMs > 0)
      after(leftMs, () => queue.push({ type: 'closing', reason: 'the session is about to expire' }))
  }

  /** The last words are followed by so much silence that the server cuts there, if it has not done so already. */
  function serverWillCut(): boolean {
    if (turnDetectionOf(params) !== 'server_vad') return false
    return writtenMs - pauses.voicedUntilMs >= params.silence_ms + CUT_MARGIN_MS
  }

  /** Closes a segment if anything was said in it: models find words in silence. */
  function commit(): void {
    if (pauses.voicedUntilMs <= segmentedMs || writtenMs - segmentedMs < MIN_COMMIT_MS) return
    segmentedMs = writtenMs
    commitsMs.push(writtenMs)
    socket?.send(COMMIT)
  }

  async function close(): Promise<void> {
    over()
    queue.drop()
    await socket?.close()
  }

  return {
    events: queue.events,
    write(audio) {
      if (state !== 'open' || !socket) return
      if (socket.bufferedBytes > MAX_BUFFERED_BYTES) {
        return die(
          new ProviderError('network', `${doing}: the network does not take the audio; check the uplink`),
        )
      }
      socket.send(appendEvent(audio))
      writtenMs += audio.length / bytesPerMs
      if (pauses.push(audio) && cutsItself) commit()
    },
    finish() {
      if (state !== 'open') return
      state = 'finishing'
      if (serverWillCut()) {
        awaitedCutMs = pauses.voicedUntilMs
        after(LAST_CUT_MS, () => {
          awaitedCutMs = 0
          settle()
        })
      } else commit()
      after(LAST_TRANSCRIPT_MS, () => {
        metrics.count('openai_stt_transcripts_missing_total', order.pending + commitsMs.length)
        over()
        queue.end()
      })
      settle()
    },
    close,
  }
}
