import { oddVersionsOf } from '@kav/core/testing'
import fc from 'fast-check'

const ASR = 'conversation.item.input_audio_transcription'
const AUDIO = Buffer.alloc(800, 0x21).toString('base64')

/** What a transcription session says of two items, as it should be. */
export const TRANSCRIPTION_MESSAGES: readonly unknown[] = ['a', 'b'].flatMap((item_id) => [
  { type: 'input_audio_buffer.speech_started', item_id, audio_start_ms: 100 },
  { type: 'input_audio_buffer.speech_stopped', item_id, audio_end_ms: 800 },
  { type: 'input_audio_buffer.committed', item_id },
  { type: `${ASR}.delta`, item_id, delta: 'hello' },
  {
    type: `${ASR}.completed`,
    item_id,
    transcript: 'hello there',
    logprobs: [{ token: 'hello', logprob: -0.1 }],
    usage: { type: 'tokens', total_tokens: 12 },
  },
  {
    type: `${ASR}.failed`,
    item_id,
    error: { code: 'audio_unintelligible', message: 'no', type: 'server_error' },
  },
])

/** What belongs to every session: its beginning, its faults. */
const SESSION_MESSAGES: readonly unknown[] = [
  { type: 'session.created', session: { expires_at: 4_000_000_000 } },
  { type: 'session.updated', session: {} },
  { type: 'error', error: { code: 'invalid_value', message: 'no', type: 'invalid_request_error' } },
  { type: 'something.of.next.year', a: 1 },
]

const about = { response_id: 'r1', item_id: 'i1' }
/** What a speech-to-speech session says of one turn and its reply, as it should be. */
export const SPEECH_MESSAGES: readonly unknown[] = [
  ...TRANSCRIPTION_MESSAGES,
  { type: 'response.created', response: { id: 'r1' } },
  { type: 'response.output_item.added', response_id: 'r1', item: { id: 'i1', type: 'message' } },
  { type: 'response.output_audio.delta', ...about, delta: AUDIO },
  { type: 'response.output_audio_transcript.delta', ...about, delta: 'Hello' },
  { type: 'response.output_audio_transcript.done', ...about, transcript: 'Hello to you.' },
  { type: 'response.output_text.delta', ...about, delta: 'Hello' },
  { type: 'response.output_text.done', ...about, text: 'Hello to you.' },
  {
    type: 'response.output_item.done',
    response_id: 'r1',
    item: {
      id: 'f1',
      type: 'function_call',
      status: 'completed',
      call_id: 'c1',
      name: 'book',
      arguments: '{}',
    },
  },
  {
    type: 'response.done',
    response: {
      id: 'r1',
      status: 'failed',
      status_details: { reason: 'max_output_tokens', error: { code: 'server_error' } },
      usage: {
        input_tokens: 5,
        output_tokens: 7,
        input_token_details: { audio_tokens: 1, text_tokens: 2, cached_tokens: 3 },
        output_token_details: { audio_tokens: 1, text_tokens: 2 },
      },
    },
  },
]

/** Messages in any order, half of them with one part that is not what it should be, some of them no events at all. */
export function anyMessages(valid: readonly unknown[]): fc.Arbitrary<unknown[]> {
  const all = [...valid, ...SESSION_MESSAGES]
  const odd = all.flatMap(oddVersionsOf)
  const one = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...all) },
    { weight: 5, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.jsonValue() },
  )
  return fc.array(one, { minLength: 1, maxLength: 40 })
}
