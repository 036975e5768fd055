import type { Metrics } from '@kav/core'
import { countOf, fieldsOf } from '../foreign-fields.ts'

/** The mean probability of the transcript's tokens, 0 to 1; nothing when the server sent none that can be read. */
export function confidenceOf(logprobs: unknown): number | undefined {
  if (!Array.isArray(logprobs) || logprobs.length === 0) return undefined
  let sum = 0
  for (const one of logprobs) sum += logprobOf(one)
  return Number.isNaN(sum) ? undefined : Math.exp(sum / logprobs.length)
}

/** At most 0, for a probability of 1. */
function logprobOf(token: unknown): number {
  const { logprob } = fieldsOf(token)
  return typeof logprob === 'number' && logprob <= 0 ? logprob : NaN
}

/** Counts what a transcript is billed by: seconds or tokens, as the model has it. */
export function countTranscriptUsage(metrics: Metrics, usage: unknown): void {
  const { type, seconds, total_tokens: tokens } = fieldsOf(usage)
  if (type === 'duration') metrics.count('openai_stt_audio_seconds_total', countOf(seconds))
  if (type === 'tokens') metrics.count('openai_stt_tokens_total', countOf(tokens))
}
