// @ts-check
/** @import { LlmMessage, RealtimeEvent, RealtimeSessionOptions } from '@kav/core' */
/** @import { JsonMessage, RealtimeProtocol } from '@kav/core/kit' */

/** @type {Record<string, (message: JsonMessage) => RealtimeEvent | false>} By type; `false`: it cannot be read. */
const readers = {
  'speech-started': ({ at_ms: atMs }) => typeof atMs === 'number' && { type: 'speech-started', atMs },
  'speech-stopped': ({ at_ms: atMs }) => typeof atMs === 'number' && { type: 'speech-stopped', atMs },
  caller: ({ item_id: itemId, text, final }) =>
    typeof itemId === 'string' &&
    typeof text === 'string' && { type: final === true ? 'caller-final' : 'caller-partial', itemId, text },
  'reply-started': ({ reply_id: replyId }) =>
    typeof replyId === 'string' && { type: 'reply-started', replyId },
  audio: ({ item_id: itemId, audio }) =>
    typeof itemId === 'string' &&
    typeof audio === 'string' &&
    audio !== '' && { type: 'audio', itemId, audio: Buffer.from(audio, 'base64') },
  agent: ({ item_id: itemId, text, final }) =>
    typeof itemId === 'string' &&
    typeof text === 'string' && { type: final === true ? 'agent-final' : 'agent-partial', itemId, text },
  call: ({ id, name, args }) =>
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof args === 'string' && { type: 'tool-call', id, name, arguments: args },
  usage: ({ input: inputTokens, output: outputTokens }) =>
    typeof inputTokens === 'number' &&
    typeof outputTokens === 'number' && { type: 'usage', inputTokens, outputTokens },
  'reply-ended': ({ reply_id: replyId, reason }) =>
    typeof replyId === 'string' && {
      type: 'reply-ended',
      replyId,
      reason: reason === 'interrupted' ? 'interrupted' : 'done',
    },
}

/**
 * What goes out to the service, and what it means with what it sends. The rest is the kit's: connections and the moves
 * between them, what of an interrupted reply is still told, the caller's words that are said again after a cut.
 *
 * @param {RealtimeSessionOptions} options
 * @param {string} voice
 * @returns {RealtimeProtocol}
 */
export function createProtocol({ instructions, language, hints: phrases, tools }, voice) {
  /** @param {readonly LlmMessage[]} history */
  const start = (history) => ({
    format: 'mulaw/8000',
    voice,
    instructions,
    language,
    phrases,
    tools,
    history,
  })
  return {
    first: (conversation) => [JSON.stringify({ type: 'start', ...start(conversation) })],
    isReady: ({ type }) => type === 'ready',
    audioMessage: (audio) => JSON.stringify({ type: 'audio', audio: Buffer.from(audio).toString('base64') }),
    read(message, session) {
      if (message.type === 'bye') return session.end()
      const event = readers[String(message.type)]?.(message)
      if (event) session.emit(event)
      else session.odd()
    },
    interrupt: (heard) =>
      JSON.stringify({ type: 'interrupt', item_id: heard?.itemId, heard_ms: heard?.heardMs }),
    toolResult: (id, content) => JSON.stringify({ type: 'tool-result', id, content }),
    say: (text) => JSON.stringify({ type: 'say', text }),
    answer: '{"type":"answer"}',
    last: '{"type":"end"}',
  }
}
