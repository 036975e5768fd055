import type { LlmMessage } from '../contracts/llm.ts'
import { newCallId } from '../kit/new-call-id.ts'

/**
 * Ids of the tool calls of one conversation as each of its models may read them: its own as it wrote them, those of
 * another in a form that every server takes. Mistral refuses any but nine letters and digits, OpenAI more than forty
 * characters, Anthropic dots and colons: who is asked since the first is down would refuse the rest of the talk.
 */
export interface CallIds<Owner> {
  /** `owner` wrote a call with this id. */
  told(owner: Owner, id: string): void
  messagesFor(owner: Owner, messages: readonly LlmMessage[]): readonly LlmMessage[]
}

export function createCallIds<Owner>(): CallIds<Owner> {
  const owners = new Map<string, Owner>()
  /** The same in every request: what changes voids a provider's prompt cache. */
  const plainIds = new Map<string, string>()

  function idFor(owner: Owner, id: string): string {
    const writer = owners.get(id)
    if (writer === undefined || writer === owner) return id
    const plain = plainIds.get(id) ?? newCallId()
    plainIds.set(id, plain)
    return plain
  }

  return {
    told(owner, id) {
      // Used again it is another call's, which the history gives an id of its own.
      if (!owners.has(id)) owners.set(id, owner)
    },
    messagesFor(owner, messages) {
      const isForeign = (id: string): boolean => idFor(owner, id) !== id
      return messages.map((message) => {
        if (message.role === 'tool' && isForeign(message.toolCallId))
          return { ...message, toolCallId: idFor(owner, message.toolCallId) }
        if (message.role !== 'assistant' || !message.toolCalls?.some(({ id }) => isForeign(id)))
          return message
        return {
          ...message,
          toolCalls: message.toolCalls.map((call) => ({ ...call, id: idFor(owner, call.id) })),
        }
      })
    },
  }
}
