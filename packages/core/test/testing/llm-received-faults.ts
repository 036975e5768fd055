import {
  type LlmEvent,
  type LlmProvider,
  type LlmRequest,
  type LlmSummaryRequest,
  ProviderError,
} from '../../src/index.ts'
import {
  createFakeLlm,
  createRealClock,
  llmContract,
  type LlmContractOptions,
} from '../../src/testing/index.ts'
import { wholeLlmOptions } from './llm-faults.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'

type Change = (provider: LlmProvider) => LlmProvider

const clock = createRealClock()
const HALF_A_CALL = '{"day":"mon'

/** Options of a suite whose double tells what it got and what it charges, and is cut within calls. */
export function tellingLlmOptions(
  base: LlmContractOptions,
  change: Change = (provider) => provider,
): LlmContractOptions {
  let received = ''
  // At the far end: behind what `change` does.
  const noting: Change = (inner) => ({
    ...inner,
    reply(request, signal) {
      received = JSON.stringify(request)
      return inner.reply(request, signal)
    },
    async summarize(request) {
      received = JSON.stringify(request)
      return 'An order has not arrived.'
    },
  })
  return {
    ...wholeLlmOptions(base),
    create: async (context) => change(noting(await base.create(context))),
    createCutCall: () => change(cutWithinCall()),
    receivedText: () => received,
    billed: () => ({ inputTokens: 9, outputTokens: 5 }),
  }
}

/** It waits for a call to be whole. */
function cutWithinCall(): LlmProvider {
  const error = new ProviderError('network', 'the connection broke')
  return createFakeLlm({ clock, replies: [{ error }] }).provider
}

/** What is wrong on the way to a model, and with what it charges. */
export function breaksLlmReceived(breaks: Breaks<'llm'>, base: LlmContractOptions): void {
  const fails = (change: Change, caseName: string, message: RegExp) =>
    expectFailure(llmContract(tellingLlmOptions(base, change)), caseName, message)
  const asking =
    (change: (request: LlmRequest) => LlmRequest): Change =>
    (provider) => ({ ...provider, reply: (request, signal) => provider.reply(change(request), signal) })
  const summing =
    (change: (request: LlmSummaryRequest) => LlmSummaryRequest): Change =>
    (provider) => ({
      ...provider,
      summarize: (request, signal) => provider.summarize!(change(request), signal),
    })
  const replying =
    (change: (events: AsyncIterable<LlmEvent>) => AsyncIterable<LlmEvent>): Change =>
    (provider) => ({ ...provider, reply: (...asked) => change(provider.reply(...asked)) })
  const conversation = 'the conversation reaches the far side'
  const cut = 'a tool call that is cut'

  breaks('conversation', 'a system message in the midst that is dropped', () =>
    fails(
      asking((request) => ({
        ...request,
        messages: request.messages.filter(({ role }, at) => role !== 'system' || at === 0),
      })),
      conversation,
      /the conversation to reach the far side; these did not: Medlar-44/,
    ),
  )
  breaks('conversation', 'a conversation whose last words alone are sent', () =>
    fails(
      asking((request) => ({ ...request, messages: request.messages.slice(-1) })),
      conversation,
      /these did not: Quillfeather-11, Kumquat-22, Damson-33/,
    ),
  )
  breaks('conversation', 'a conversation that is sorted by who spoke', () =>
    fails(
      asking((request) => ({
        ...request,
        messages: request.messages.toSorted((one, other) => (one.role < other.role ? -1 : 1)),
      })),
      conversation,
      /in its order; it came in another/,
    ),
  )
  breaks('offers', 'tools of which the first alone is offered', () =>
    fails(
      asking((request) => ({ ...request, tools: request.tools.slice(0, 1) })),
      'every tool that is offered',
      /every tool to reach the far side; these did not: kumquat_price/,
    ),
  )
  breaks('offers', 'tools that are offered without their parameters', () =>
    fails(
      asking((request) => ({
        ...request,
        tools: request.tools.map((tool) => ({ ...tool, parameters: {} })),
      })),
      'every tool that is offered',
      /these did not: zebra_count_day, kumquat_price_day/,
    ),
  )
  breaks('summary-before', 'a summary that forgets the one before', () =>
    fails(
      summing((request) => ({ ...request, before: '' })),
      'what was summed up before',
      /what is summed up to reach the far side; these did not: Kumquat-22/,
    ),
  )
  breaks('usage-once', 'the bill of a first request told again with that of the second', () =>
    fails(
      replying(async function* (events) {
        yield { type: 'usage', inputTokens: 4, outputTokens: 1 }
        yield* events
      }),
      'what is billed is told once',
      /usage to add up to 9 inputTokens; it adds up to 13/,
    ),
  )
  breaks('cut-call', 'half a tool call that is told when it is cut', () =>
    fails(
      replying(async function* (events) {
        try {
          yield* events
        } catch (error) {
          yield { type: 'tool-call', id: 'call-1', name: 'opening_hours', arguments: HALF_A_CALL }
          throw error
        }
      }),
      cut,
      /no "tool-call" of a call that was cut/,
    ),
  )
  breaks('cut-call', 'a tool call that is dropped unsaid when it is cut', () =>
    fails(
      replying(async function* (events) {
        try {
          yield* events
        } catch {
          return
        }
      }),
      cut,
      /a throw when a tool call is cut; the iteration just ended/,
    ),
  )
}
