import type { Metrics, RealtimeEvent } from '@kav/core'
import type { RealtimeResponse, RealtimeResponseUsage } from 'openai/resources/realtime/realtime'
import { serverError } from './server-error.ts'

/** What `response.done` says: the tokens it took, and how the reply ended. Nothing for a reply that had no beginning. */
export function* endOfReply(
  response: RealtimeResponse,
  active: string | undefined,
  muted: string | undefined,
  metrics: Metrics,
  doing: string,
): Generator<RealtimeEvent, void> {
  if (response.usage) {
    countTokens(response.usage, metrics)
    const { input_tokens: inputTokens = 0, output_tokens: outputTokens = 0 } = response.usage
    yield { type: 'usage', inputTokens, outputTokens }
  }
  if (active === undefined) return
  const replyId = active
  const { status, status_details: details } = response
  if (status === 'failed') {
    const fault = {
      ...details?.error,
      message: `the reply failed (${details?.error?.code ?? 'no reason given'})`,
    }
    metrics.count('openai_realtime_replies_failed_total')
    yield { type: 'reply-ended', replyId, reason: 'failed', error: serverError(fault, doing) }
  } else if (status === 'cancelled' || muted === replyId) {
    yield { type: 'reply-ended', replyId, reason: 'interrupted' }
  } else if (status === 'incomplete') {
    const reason = details?.reason === 'content_filter' ? 'content-filter' : 'length'
    yield { type: 'reply-ended', replyId, reason }
  } else {
    yield { type: 'reply-ended', replyId, reason: 'done' }
  }
}

function countTokens(usage: RealtimeResponseUsage, metrics: Metrics): void {
  const { input_token_details: input, output_token_details: output } = usage
  const name = (direction: string) => `openai_realtime_${direction}_tokens_total`
  metrics.count(name('input'), input?.audio_tokens ?? 0, { kind: 'audio' })
  metrics.count(name('input'), input?.text_tokens ?? 0, { kind: 'text' })
  metrics.count(name('cached_input'), input?.cached_tokens ?? 0)
  metrics.count(name('output'), output?.audio_tokens ?? 0, { kind: 'audio' })
  metrics.count(name('output'), output?.text_tokens ?? 0, { kind: 'text' })
}
