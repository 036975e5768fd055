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
  | 'hints'
  | 'stt_events'
  | 'stt_text_chars'
  | 'stt_alternatives'
  | 'turn_chars'
  | 'keys'
  | 'realtime_audio_ms'
  | 'realtime_events'
  | 'realtime_text_chars'

/** More than any provider can do at once: tokens of an answer, milliseconds or characters. */
export const MAX_USAGE = 100_000_000

/** Whether anybody may have counted so much. A figure that is none would spoil every sum. */
export function isUsage(figure: number): boolean {
  return Number.isSafeInteger(figure) && figure >= 0 && figure <= MAX_USAGE
}
