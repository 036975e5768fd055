import { ProviderError, type PluginContext, type SttSessionOptions } from '@kav/core'
import { isHarmless, serverError } from '../realtime/server-error.ts'
import type { ServerEvent } from '../realtime/server-event.ts'
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
  /** After each step of an item. */
  settle(): void
}

type Fault = { readonly code?: string | null; readonly message?: string; readonly type?: string }

/** One event of the server. */
export function onTranscriptionEvent(parts: TranscriptionParts, event: ServerEvent): void {
  const { life, order, segments, settle } = parts
  if (life.state === 'over') return
  switch (event.type) {
    case 'session.created':
      return announceEnd(parts, event.session as { readonly expires_at?: unknown })
    case 'error':
      return onError(parts, event.error)
    case 'input_audio_buffer.speech_started':
      order.started(event.item_id)
      return life.events.push({ type: 'speech-started', atMs: event.audio_start_ms })
    case 'input_audio_buffer.speech_stopped':
      order.ended(event.item_id, event.audio_end_ms)
      segments.serverCut(event.audio_end_ms)
      return life.events.push({ type: 'speech-stopped', atMs: event.audio_end_ms })
    case 'input_audio_buffer.committed':
      order.committed(event.item_id, segments.answered)
      return settle()
    case 'conversation.item.input_audio_transcription.delta':
      return order.delta(event.item_id, event.delta ?? '')
    case 'conversation.item.input_audio_transcription.completed':
      order.completed(event.item_id, event.transcript, confidenceOf(event.logprobs))
      countTranscriptUsage(parts.context.metrics, event.usage)
      return settle()
    case 'conversation.item.input_audio_transcription.failed':
      return onFailed(parts, event.item_id, event.error)
    default:
      return
  }
}

function onError(parts: TranscriptionParts, fault: Fault): void {
  if (fault.code === 'input_audio_buffer_commit_empty') {
    parts.segments.answered()
    return parts.settle()
  }
  if (isHarmless(fault)) return
  const error = serverError(fault, parts.doing)
  if (error.class !== 'bad-request') return parts.life.die(error)
  const { log, metrics } = parts.context
  metrics.count('openai_stt_errors_total', 1, { class: error.class })
  log.warn({ callId: parts.options.callId, error: error.message }, 'transcription session reported an error')
}

/** The audio is still with the core: with a new session it is heard again, unless there was nothing to hear. */
function onFailed(parts: TranscriptionParts, itemId: string, fault: Fault): void {
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
function announceEnd(
  { context, life }: TranscriptionParts,
  session: { readonly expires_at?: unknown },
): void {
  if (typeof session.expires_at !== 'number') return
  const leftMs = session.expires_at * 1000 - context.clock.wallMs() - CLOSING_NOTICE_MS
  if (leftMs <= 0) return
  life.after(leftMs, () => life.events.push({ type: 'closing', reason: 'the session is about to expire' }))
}
