import type { LlmToolCall } from '../../contracts/llm.ts'
import { newCallId } from '../../kit/new-call-id.ts'

/** The calls of one conversation as every server takes them back. */
export interface KeptCalls {
  /** In their order; one that is as it should be is kept itself. */
  keep(calls: readonly LlmToolCall[]): readonly LlmToolCall[]
}

/**
 * A call stands in every later request: what a server refuses in it, it refuses for the rest of the talk, and so does
 * the one that is asked when the first is down. Ids stand once, names are such as tools have, texts are whole.
 */
export function createKeptCalls(): KeptCalls {
  const ids = new Set<string>()

  function ownId(id: string): string {
    const own = id.trim() === '' || ids.has(id) ? newCallId() : id
    ids.add(own)
    return own
  }

  return {
    keep: (calls) =>
      calls.map((call) => {
        const [id, name, args] = [ownId(call.id), sendableName(call.name), wellFormed(call.arguments)]
        const isSame = id === call.id && name === call.name && args === call.arguments
        return isSame ? call : { ...call, id, name, arguments: args }
      }),
  }
}

/** OpenAI's bounds, the tightest. */
const MAX_NAME_CHARS = 64

/** A name that the model made up may be anything; one of a tool is left as it is. */
function sendableName(name: string): string {
  const sendable = name.replace(/[^\w-]/g, '_').slice(0, MAX_NAME_CHARS)
  return sendable === '' ? 'unnamed' : sendable
}

/** Without halves of characters, which no server can read: a text may have been cut between them. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd')
}
