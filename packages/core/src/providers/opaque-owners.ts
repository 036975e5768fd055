import type { LlmMessage, LlmOpaque, LlmToolCall } from '../contracts/llm.ts'

/**
 * Who told which opaque data of one call: signatures mean something to their own provider alone, and may mean harm to
 * another. Known by identity, so nothing is written into what a provider gets back.
 */
export interface OpaqueOwners<Owner> {
  /** `owner` told it. */
  told(owner: Owner, opaque: LlmOpaque | undefined): void
  /** The conversation as `owner` may see it. */
  messagesFor(owner: Owner, messages: readonly LlmMessage[]): readonly LlmMessage[]
}

export function createOpaqueOwners<Owner>(): OpaqueOwners<Owner> {
  /** Made with the first: most models want nothing back. */
  let owners: WeakMap<LlmOpaque, Owner> | undefined
  return {
    told(owner, opaque) {
      if (typeof opaque === 'object' && opaque !== null) (owners ??= new WeakMap()).set(opaque, owner)
    },
    messagesFor: (owner, messages) => keepOpaque(messages, (opaque) => owners?.get(opaque) === owner),
  }
}

/** For whoever may be none of the providers that told it. */
export function withoutOpaque(messages: readonly LlmMessage[]): readonly LlmMessage[] {
  return keepOpaque(messages, () => false)
}

function keepOpaque(
  messages: readonly LlmMessage[],
  isKept: (opaque: LlmOpaque) => boolean,
): readonly LlmMessage[] {
  const isOdd = ({ opaque }: { readonly opaque?: LlmOpaque }) => opaque !== undefined && !isKept(opaque)
  return messages.map((message) => {
    if (message.role !== 'assistant') return message
    const { opaque, toolCalls, ...rest } = message
    if (!isOdd(message) && !toolCalls?.some(isOdd)) return message
    return {
      ...rest,
      ...(opaque && !isOdd(message) && { opaque }),
      ...(toolCalls && { toolCalls: toolCalls.map((call) => (isOdd(call) ? plain(call) : call)) }),
    }
  })
}

function plain({ opaque: _, ...call }: LlmToolCall): LlmToolCall {
  return call
}
