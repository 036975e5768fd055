import type { Script } from './loopback.ts'

/** Messages API of Anthropic, streamed, as its server writes it (version 2023-06-01). */
const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: 30,
      cache_read_input_tokens: 12,
      cache_creation_input_tokens: 0,
      output_tokens: 1,
    },
  },
}

const end = (reason: string) => [
  { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 9 } },
  { type: 'message_stop' },
]

const block = (index: number, content_block: object, deltas: readonly object[]) => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
]

export const textBlock = (index: number, texts: readonly string[]) =>
  block(
    index,
    { type: 'text', text: '' },
    texts.map((text) => ({ type: 'text_delta', text })),
  )

export const thinkingBlock = (index: number, thinking: string, signature: string) =>
  block(index, { type: 'thinking', thinking: '', signature: '' }, [
    { type: 'thinking_delta', thinking },
    { type: 'signature_delta', signature },
  ])

export const callBlock = (index: number, id: string, name: string, input: string) =>
  block(
    index,
    { type: 'tool_use', id, name, input: {} },
    [input.slice(0, 4), input.slice(4)].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  )

/** A whole answer of these blocks. */
export function message(blocks: readonly (readonly object[])[], reason = 'end_turn'): Script {
  return async ({ events, end: close }) => {
    await events([START, ...blocks.flat(), ...end(reason)])
    close()
  }
}

/** The beginning of an answer, and no end. */
export function begun(texts: readonly string[]): readonly object[] {
  return [START, ...textBlock(0, texts).slice(0, -1)]
}

/** A call whose arguments break off. */
export function halfCall(id: string, name: string, input: string): readonly object[] {
  return [START, ...callBlock(0, id, name, input).slice(0, -1)]
}

export function refusal(status: number, type: string, text: string, headers = {}): Script {
  return ({ json }) =>
    json(status, { type: 'error', error: { type, message: text }, request_id: 'req_1' }, headers)
}
