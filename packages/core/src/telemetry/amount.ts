/** What there is a bound on, of what others send. */
export type Amount =
  | 'reply_chars'
  | 'tool_calls'
  | 'tool_argument_chars'
  | 'usage_tokens'
  | 'clause_audio_ms'
  | 'word_times'
  | 'stt_events'
  | 'stt_text_chars'
  | 'turn_chars'
  | 'keys'
  | 'realtime_audio_ms'
  | 'realtime_events'
  | 'realtime_text_chars'

/** More than any model reads or writes in one answer. */
export const MAX_USAGE_TOKENS = 100_000_000
