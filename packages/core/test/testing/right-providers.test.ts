import { describe, expect, it } from 'vitest'
import { ProviderError, type LlmProvider } from '../../src/index.ts'
import {
  createFakeLlm,
  createRealClock,
  llmContract,
  type ContractCase,
  type LlmContractOptions,
} from '../../src/testing/index.ts'
import { createSigning } from './llm-opaque-faults.ts'
import { NONE_LEFT, TIDY } from './signal-faults.ts'
import { PATIENT } from './suite-failures.ts'

// What a suite once refused, though it keeps the contract.

const call = { id: 'call-1', name: 'opening_hours', arguments: '{}' }
const usage = { inputTokens: 9, outputTokens: 5 }

function options(change: (provider: LlmProvider) => LlmProvider): LlmContractOptions {
  return {
    ...PATIENT,
    create: () =>
      change(
        createFakeLlm({
          clock: createRealClock(),
          replies({ messages, tools }) {
            if (messages.at(-1)?.role === 'tool') return 'We open at nine.'
            return tools.length > 0 ? { toolCalls: [call] } : { text: 'I am the front desk.', usage }
          },
        }).provider,
      ),
    toolCall: {
      messages: [{ role: 'user', content: 'When do you open?' }],
      tools: [{ name: 'opening_hours', description: 'Opening hours', parameters: { type: 'object' } }],
      result: () => 'nine',
      expected: /nine/,
    },
  }
}

async function passes(cases: readonly ContractCase[], name: string): Promise<void> {
  const found = cases.filter((one) => one.name.startsWith(name))
  expect(found).toHaveLength(1)
  await found[0]!.run()
}

const before =
  (work: (...args: Parameters<LlmProvider['reply']>) => Promise<void>, more: readonly object[] = []) =>
  (provider: LlmProvider): LlmProvider => ({
    ...provider,
    async *reply(request, signal) {
      await work(request, signal)
      yield* more as never[]
      yield* provider.reply(request, signal)
    },
  })

describe('the llm suite takes a model', () => {
  it('whose service refuses calls and answers without its own data', () =>
    passes(llmContract(options(createSigning)), 'a tool is called'))

  it('that makes two requests for one answer, each billed once', async () => {
    const rewriting = before(async () => {}, [{ type: 'usage', inputTokens: 30, outputTokens: 5 }])
    await passes(llmContract(options(rewriting)), 'what is billed is told once')
  })

  it('that refuses two messages of the user in a row', async () => {
    const strict = before(async ({ messages }) => {
      const inARow = messages.some(({ role }, at) => role === 'user' && messages[at - 1]?.role === 'user')
      if (inARow) throw new ProviderError('bad-request', 'roles must alternate')
    })
    await passes(llmContract(options(strict)), 'an answer holds nothing of another call')
  })

  for (const [name, listen] of Object.entries(TIDY))
    it(`that listens by ${name}`, () =>
      passes(llmContract(options(before(async (_request, signal) => listen(signal)))), NONE_LEFT))
})
