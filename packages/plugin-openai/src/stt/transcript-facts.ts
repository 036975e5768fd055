import type { Metrics } from '@kav/core'
import type {
  ConversationItemInputAudioTranscriptionCompletedEvent,
  LogProbProperties,
} from 'openai/resources/realtime/realtime'

/** The mean probability of the transcript's tokens, 0 to 1; nothing when the server sent none. */
export function confidenceOf(logprobs: readonly LogProbProperties[] | null | undefined): number | undefined {
  if (!logprobs || logprobs.length === 0) return undefined
  return Math.exp(logprobs.reduce((sum, one) => sum + one.logprob, 0) / logprobs.length)
}

/** Counts what a transcript is billed by: seconds or tokens, as the model has it. */
export function countTranscriptUsage(
  metrics: Metrics,
  usage: ConversationItemInputAudioTranscriptionCompletedEvent['usage'] | undefined,
): void {
  if (usage?.type === 'duration') metrics.count('openai_stt_audio_seconds_total', usage.seconds)
  if (usage?.type === 'tokens') metrics.count('openai_stt_tokens_total', usage.total_tokens)
}
