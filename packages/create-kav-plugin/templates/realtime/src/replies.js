// @ts-check
/** @import { RealtimeEvent } from '@kav/core' */
/** @import { JsonMessage } from '@kav/core/kit' */

/**
 * What the service says, as Kav has it. Of a reply that was interrupted nothing more is told than its end.
 *
 * @param {(event: RealtimeEvent) => void} tell
 */
export function createReplies(tell) {
  /** @type {string | undefined} */
  let open
  let isMuted = false

  /** @type {Record<string, (message: JsonMessage) => RealtimeEvent | undefined | false>} By type; `false`: it cannot be read. */
  const readers = {
    'speech-started': ({ at_ms: atMs }) => typeof atMs === 'number' && { type: 'speech-started', atMs },
    'speech-stopped': ({ at_ms: atMs }) => typeof atMs === 'number' && { type: 'speech-stopped', atMs },
    caller: ({ item_id: itemId, text, final }) =>
      typeof itemId === 'string' &&
      typeof text === 'string' && { type: final === true ? 'caller-final' : 'caller-partial', itemId, text },
    'reply-started'({ reply_id: replyId }) {
      if (typeof replyId !== 'string' || open !== undefined) return false
      open = replyId
      isMuted = false
      return { type: 'reply-started', replyId }
    },
    audio({ item_id: itemId, audio }) {
      if (typeof itemId !== 'string' || typeof audio !== 'string' || open === undefined) return false
      return isMuted || audio === ''
        ? undefined
        : { type: 'audio', itemId, audio: Buffer.from(audio, 'base64') }
    },
    agent({ item_id: itemId, text, final }) {
      if (typeof itemId !== 'string' || typeof text !== 'string' || open === undefined) return false
      return isMuted ? undefined : { type: final === true ? 'agent-final' : 'agent-partial', itemId, text }
    },
    call: ({ id, name, args }) =>
      typeof id === 'string' &&
      typeof name === 'string' &&
      typeof args === 'string' && { type: 'tool-call', id, name, arguments: args },
    'reply-ended'({ reply_id: replyId, reason }) {
      if (typeof replyId !== 'string' || replyId !== open) return false
      open = undefined
      return { type: 'reply-ended', replyId, reason: reason === 'interrupted' ? 'interrupted' : 'done' }
    },
  }

  return {
    /** @param {JsonMessage} message Its fields may be anything; `false` is told of one that cannot be read. */
    read(message) {
      const event = readers[String(message.type)]?.(message) ?? undefined
      if (event) tell(event)
      return event !== false && String(message.type) in readers
    },
    /** The caller spoke over the reply: no more of it is told. */
    interrupt() {
      isMuted = true
    },
  }
}
