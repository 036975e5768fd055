import { ProviderError, type PluginContext, type SttSessionOptions } from '@kav/core'
import { renewalOf } from '@kav/core/kit'
import type { OnOddEvent } from '../realtime/odd-events.ts'
import { textOf } from '../foreign-fields.ts'
import { type ServerFault, serverFaultOf } from '../server-fault.ts'
import { isHarmless, serverError } from '../realtime/server-error.ts'
import { offsetOf, type ServerEvent } from '../realtime/server-event.ts'
import type { Segments } from './segments.ts'
import { confidenceOf, countTranscriptUsage } from './transcript-facts.ts'
import type { TranscriptOrder } from './transcript-order.ts'
import type { TranscriptionLife } from './transcription-life.ts'

const CLOSING_NOTICE_MS = 30_000

export interface TranscriptionParts {
  readonly context: PluginContext
  readonly options: SttSessionOptions
  readonly doing: string
  readonly life: TranscriptionLife
  readonly segments: Segments
  readonly order: TranscriptOrder
  /** Life of a session where the server says nothing of it. */
  readonly maxSessionMs: number
  readonly onOdd: OnOddEvent
  /** After each step of an item. */
  settle(): void
}

/** One event of the server. */
export function onTranscriptionEvent(parts: TranscriptionParts, event: ServerEvent): void {
  const { life, order, segments, settle } = parts
  if (life.state === 'over') return
  switch (event.type) {
    case 'session.created':
      return announceEnd(parts, event.session?.expires_at)
    case 'error':
      return onError(parts, serverFaultOf(event.error))
    case 'input_audio_buffer.speech_started':
      if (event.item_id !== undefined) order.started(event.item_id)
      return life.events.push({ type: 'speech-started', ...at(offsetOf(event.audio_start_ms)) })
    case 'input_audio_buffer.speech_stopped': {
      const endMs = offsetOf(event.audio_end_ms)
      order.ended(event.item_id, endMs)
      if (endMs !== undefined) segments.serverCut(endMs)
      return life.events.push({ type: 'speech-stopped', ...at(endMs) })
    }
    case 'input_audio_buffer.committed':
      order.committed(event.item_id, segments.answered)
      return settle()
    case 'conversation.item.input_audio_transcription.delta':
      return order.delta(event.item_id, event.delta ?? '')
    case 'conversation.item.input_audio_transcription.completed':
      return onCompleted(parts, event)
    case 'conversation.item.input_audio_transcription.failed':
      return onFailed(parts, event.item_id, serverFaultOf(event.error))
    default:
      return
  }
}

const at = (atMs: number | undefined) => (atMs === undefined ? {} : { atMs })

function onCompleted(
  parts: TranscriptionParts,
  event: Extract<ServerEvent, { type: 'conversation.item.input_audio_transcription.completed' }>,
): void {
  const transcript = textOf(event.transcript)
  if (transcript === undefined) {
    parts.onOdd(event.type, 'transcript must be string')
    return onFailed(parts, event.item_id, { message: 'the transcript is not text' })
  }
  parts.order.completed(event.item_id, transcript, confidenceOf(event.logprobs))
  countTranscriptUsage(parts.context.metrics, event.usage)
  parts.settle()
}

function onError(parts: TranscriptionParts, fault: ServerFault): void {
  if (fault.code === 'input_audio_buffer_commit_empty') {
    parts.segments.answered()
    return parts.settle()
  }
  if (isHarmless(fault)) return
  const error = serverError(fault, parts.doing)
  if (error.class !== 'bad-request') return parts.life.die(error)
  const { log, metrics } = parts.context
  metrics.count('openai_stt_errors_total', 1, { class: error.class })
  log.warn({ call: parts.options.callId, error: error.message }, 'transcription session reported an error')
}

/** The audio is still with the core: with a new session it is heard again, unless there was nothing to hear. */
function onFailed(parts: TranscriptionParts, itemId: string, fault: ServerFault): void {
  parts.context.metrics.count('openai_stt_transcripts_failed_total')
  if (fault.code === 'audio_unintelligible') {
    parts.order.completed(itemId, '')
    return parts.settle()
  }
  const error = serverError(fault, `${parts.doing}: a transcript failed`)
  parts.life.die(
    error.retryable || error.class !== 'bad-request' ? error : new ProviderError('network', error.message),
  )
}

/** Servers say when the session will end (`expires_at`, Unix seconds); some allow less than an hour. */
function announceEnd({ context, life, maxSessionMs }: TranscriptionParts, expiresAtS: unknown): void {
  const rule = { ownLimitMs: maxSessionMs, noticeMs: CLOSING_NOTICE_MS }
  const { afterMs, doubt } = renewalOf(expiresAtS, context.clock.wallMs(), rule)
  if (doubt !== undefined) context.metrics.count('openai_stt_odd_expiry_total', 1, { doubt })
  // The core knows our own limit.
  if (afterMs === maxSessionMs) return
  life.after(afterMs, () => life.events.push({ type: 'closing', reason: 'session-expires' }))
}
