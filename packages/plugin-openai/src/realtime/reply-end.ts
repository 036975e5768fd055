import type { Metrics, RealtimeEvent } from '@kav/core'
import { countOf, fieldsOf } from '../foreign-fields.ts'
import { serverFaultOf } from '../server-fault.ts'
import { serverError } from './server-error.ts'

/**
 * What `response.done` says: the tokens it took, and how the reply ended. Nothing for a reply that had no beginning.
 * `response` as it was sent: whatever it is, the reply has ended.
 */
export function* endOfReply(
  response: unknown,
  active: string | undefined,
  muted: string | undefined,
  metrics: Metrics,
  doing: string,
): Generator<RealtimeEvent, void> {
  const { status, status_details, usage } = fieldsOf(response)
  const details = fieldsOf(status_details)
  if (usage !== undefined && usage !== null) {
    countTokens(usage, metrics)
    const { input_tokens, output_tokens, input_token_details } = fieldsOf(usage)
    const cachedInputTokens = countOf(fieldsOf(input_token_details)['cached_tokens'])
    yield {
      type: 'usage',
      inputTokens: countOf(input_tokens),
      outputTokens: countOf(output_tokens),
      ...(cachedInputTokens > 0 && { cachedInputTokens }),
    }
  }
  if (active === undefined) return
  const replyId = active
  if (status === 'failed') {
    const fault = serverFaultOf(details.error)
    const message = `the reply failed (${fault.code ?? 'no reason given'})`
    metrics.count('openai_realtime_replies_failed_total')
    yield {
      type: 'reply-ended',
      replyId,
      reason: 'failed',
      error: serverError({ ...fault, message }, doing),
    }
  } else if (status === 'cancelled' || muted === replyId) {
    yield { type: 'reply-ended', replyId, reason: 'interrupted' }
  } else if (status === 'incomplete') {
    const reason = details.reason === 'content_filter' ? 'content-filter' : 'length'
    yield { type: 'reply-ended', replyId, reason }
  } else {
    yield { type: 'reply-ended', replyId, reason: 'done' }
  }
}

function countTokens(usage: unknown, metrics: Metrics): void {
  const { input_token_details, output_token_details } = fieldsOf(usage)
  const input = fieldsOf(input_token_details)
  const output = fieldsOf(output_token_details)
  const name = (direction: string) => `openai_realtime_${direction}_tokens_total`
  metrics.count(name('input'), countOf(input.audio_tokens), { kind: 'audio' })
  metrics.count(name('input'), countOf(input.text_tokens), { kind: 'text' })
  metrics.count(name('cached_input'), countOf(input.cached_tokens))
  metrics.count(name('output'), countOf(output.audio_tokens), { kind: 'audio' })
  metrics.count(name('output'), countOf(output.text_tokens), { kind: 'text' })
}
