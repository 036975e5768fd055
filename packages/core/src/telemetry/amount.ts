/** What there is a bound on, of what others send. */
export type Amount =
  | 'reply_chars'
  | 'tool_calls'
  | 'tool_argument_chars'
  | 'usage_tokens'
  | 'usage_audio_ms'
  | 'usage_characters'
  | 'clause_audio_ms'
  | 'word_times'
  | 'stt_events'
  | 'stt_text_chars'
  | 'turn_chars'
  | 'keys'
  | 'realtime_audio_ms'
  | 'realtime_events'
  | 'realtime_text_chars'

/** More than any provider can do at once: tokens of an answer, milliseconds or characters. */
export const MAX_USAGE = 100_000_000
