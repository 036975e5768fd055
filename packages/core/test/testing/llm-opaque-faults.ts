import { ProviderError, type LlmProvider, type LlmRequest } from '../../src/index.ts'
import { llmContract, type LlmContractOptions } from '../../src/testing/index.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'

const CALL = { thoughtSignature: 'abc' }
const THINKING = { thinking: [{ signature: 'def' }] }

/** The same model at a service that signs its calls and its thinking, and refuses them without their signature. */
export function createSigning(provider: LlmProvider): LlmProvider {
  return {
    ...provider,
    async *reply(request, signal) {
      for (const message of request.messages) {
        if (message.role !== 'assistant' || message.toolCalls === undefined) continue
        const areSigned = message.toolCalls.every(({ opaque }) => opaque?.['thoughtSignature'] === 'abc')
        if (!areSigned) throw new ProviderError('bad-request', 'a call is missing its thought_signature')
        if (message.opaque?.['thinking'] === undefined)
          throw new ProviderError('bad-request', 'thinking must stand before its calls')
      }
      for await (const event of provider.reply(request, signal)) {
        if (event.type === 'tool-call') yield { ...event, opaque: CALL }
        else if (event.type === 'end' && event.reason === 'tool-calls') yield { ...event, opaque: THINKING }
        else yield event
      }
    },
  }
}

/** Plugins that lose on the way to the service what it wants to have back. */
export function breaksLlmOpaque(
  breaks: Breaks<'llm'>,
  options: (change: (provider: LlmProvider) => LlmProvider) => LlmContractOptions,
): void {
  const losing =
    (lose: (message: LlmRequest['messages'][number]) => LlmRequest['messages'][number]) =>
    (provider: LlmProvider): LlmProvider => {
      const signing = createSigning(provider)
      return {
        ...signing,
        reply: (request, signal) =>
          signing.reply({ ...request, messages: request.messages.map(lose) }, signal),
      }
    }
  const fails = (lose: Parameters<typeof losing>[0], message: RegExp) =>
    expectFailure(llmContract(options(losing(lose))), 'a tool is called', message)

  breaks('opaque', 'the signature of a call that is lost', () =>
    fails(
      (message) =>
        message.role === 'assistant' && message.toolCalls !== undefined
          ? { ...message, toolCalls: message.toolCalls.map(({ opaque: _, ...call }) => call) }
          : message,
      /a call is missing its thought_signature/,
    ),
  )
  breaks('known-events', 'the signature of a call as a text, which no call takes', () =>
    expectFailure(
      llmContract(
        options((provider) => ({
          ...provider,
          async *reply(request, signal) {
            for await (const event of provider.reply(request, signal))
              yield event.type === 'tool-call' ? { ...event, opaque: 'abc' as never } : event
          },
        })),
      ),
      'a tool is called',
      /fields of their types.*"opaque" of tool-call/,
    ),
  )
  breaks('opaque', 'the thinking of an answer that is lost', () =>
    fails((message) => {
      if (message.role !== 'assistant') return message
      const { opaque: _, ...rest } = message
      return rest
    }, /thinking must stand before its calls/),
  )
}
