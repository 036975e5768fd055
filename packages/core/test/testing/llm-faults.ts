import { ProviderError, type LlmEvent, type LlmProvider } from '../../src/index.ts'
import {
  createFakeLlm,
  createRealClock,
  llmContract,
  type LlmContractOptions,
} from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'

type Change = (provider: LlmProvider) => LlmProvider

const clock = createRealClock()
const TEXT = 'I am the front desk.'

/** The same provider, whose close ends what is under way. */
function endedByClose(provider: LlmProvider): LlmProvider {
  const closing = new AbortController()
  return {
    ...provider,
    reply: (request, signal) => provider.reply(request, AbortSignal.any([signal, closing.signal])),
    close: async () => closing.abort(),
  }
}

/** Options of the suite with every way to make a provider, `change` done to each. */
export function wholeLlmOptions(
  base: LlmContractOptions,
  change: Change = (provider) => provider,
): LlmContractOptions {
  let sent = ''
  return {
    ...base,
    async create(context) {
      const provider = await base.create(context)
      return change({ ...provider, summarize: async () => 'An order has not arrived.' })
    },
    createStalled(_context, place) {
      sent = place === 'at-once' ? '' : TEXT
      return change(
        endedByClose(createFakeLlm({ clock, replies: () => ({ text: sent, stalls: true }) }).provider),
      )
    },
    createCut: () =>
      change(
        createFakeLlm({
          clock,
          replies: [{ text: TEXT, error: new ProviderError('network', 'the connection broke') }],
        }).provider,
      ),
    sent: () => sent,
    failingClass: 'auth',
    secrets: [SECRET],
  }
}

export function breaksLlm(breaks: Breaks<'llm'>, base: LlmContractOptions): void {
  const fails = (change: Change, caseName: string, message: RegExp) =>
    expectFailure(llmContract(wholeLlmOptions(base, change)), caseName, message)
  const withReply =
    (
      change: (
        reply: LlmProvider['reply'],
        ...args: Parameters<LlmProvider['reply']>
      ) => AsyncIterable<LlmEvent>,
    ): Change =>
    (provider) => ({ ...provider, reply: (request, signal) => change(provider.reply, request, signal) })
  const eachEvent = (change: (event: LlmEvent) => readonly LlmEvent[]) =>
    withReply(async function* (reply, request, signal) {
      for await (const event of reply(request, signal)) yield* change(event)
    })
  const formed = 'every event is well formed'

  breaks('streams', 'text that is collected before the first piece', () =>
    fails(
      withReply(async function* (reply, request, signal) {
        const all: LlmEvent[] = []
        for await (const event of reply(request, signal)) all.push(event)
        yield* all
      }),
      'what the far end has sent',
      /a first piece before the far end has ended/,
    ),
  )
  breaks('streams', 'a last word that is held back', () =>
    fails(
      withReply(async function* (reply, request, signal) {
        let held: LlmEvent | undefined
        for await (const event of reply(request, signal)) {
          if (held !== undefined) yield held
          held = event
        }
        if (held !== undefined) yield held
      }),
      'what the far end has sent',
      /all 20 bytes that the far end has sent, not 15/,
    ),
  )
  breaks('stalled', 'an abort that waits for the far end', () =>
    fails(
      withReply((reply, request) => reply(request, new AbortController().signal)),
      'an abort needs no answer',
      /the iteration to end after an abort \(at-once\)/,
    ),
  )
  breaks('stalled', 'a close that leaves open what the far end says nothing to', () =>
    fails(
      (provider) => ({ ...provider, close: async () => {} }),
      'a reader may leave, and close settles',
      /the iteration to end after provider.close/,
    ),
  )
  breaks('cut', 'an answer that ends as if it were whole when it is cut', () =>
    fails(
      withReply(async function* (reply, request, signal) {
        try {
          yield* reply(request, signal)
        } catch {
          yield { type: 'end', reason: 'stop' }
        }
      }),
      'an answer that is cut',
      /it ended as if it were whole/,
    ),
  )
  breaks('cut', 'a cut that is told as cancelled', () =>
    fails(
      withReply(async function* (reply, request, signal) {
        try {
          yield* reply(request, signal)
        } catch (error) {
          throw new ProviderError('cancelled', 'aborted', { cause: error })
        }
      }),
      'an answer that is cut',
      /it was told as cancelled/,
    ),
  )
  breaks('usage', 'more tokens cached than went in', () =>
    fails(
      eachEvent((event) => [event, { type: 'usage', inputTokens: 5, outputTokens: 1, cachedInputTokens: 9 }]),
      formed,
      /cached tokens among those that went in/,
    ),
  )
  breaks('usage', 'tokens by the half', () =>
    fails(
      eachEvent((event) => [{ type: 'usage', inputTokens: 0.5, outputTokens: 1 }, event]),
      formed,
      /token counts in whole numbers/,
    ),
  )
  breaks('known-events', 'opaque data that JSON cannot carry', () =>
    fails(
      eachEvent((event) => (event.type === 'end' ? [{ ...event, opaque: { at: new Map() } }] : [event])),
      formed,
      /opaque data that JSON can carry/,
    ),
  )
  breaks('unread', 'a request that is made though nobody reads it, and fails', () =>
    fails(
      withReply((reply, request, signal) => {
        void Promise.reject(new Error('401 unauthorized'))
        return reply(request, signal)
      }),
      'a reply that nobody reads',
      /nobody handled it: Error: 401/,
    ),
  )
  breaks('tool-results', 'a result that the model is not given', () =>
    fails(
      withReply((reply, request, signal) =>
        reply({ ...request, messages: request.messages.filter(({ role }) => role !== 'tool') }, signal),
      ),
      'a tool is called',
      /an answer that matches/,
    ),
  )
  breaks('summary', 'a summary without a word', () =>
    fails(
      (provider) => ({ ...provider, summarize: async () => ' ' }),
      'summarize, where there is one',
      /in words/,
    ),
  )
  const failing = (error: Error): LlmContractOptions => ({
    ...wholeLlmOptions(base),
    createFailing: () => createFakeLlm({ clock, replies: [{ error }] }).provider,
  })
  breaks('fault-class', 'a refused key that is told as a network fault', () =>
    expectFailure(
      llmContract(failing(new ProviderError('network', 'HTTP 401'))),
      'a fault is of the class',
      /a fault of class "auth"; it is "network": HTTP 401/,
    ),
  )
  breaks('secrets', 'a key in the cause of an error', () =>
    expectFailure(
      llmContract(failing(new ProviderError('auth', 'refused', { cause: new Error(`key ${SECRET}`) }))),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) => {
    const options = wholeLlmOptions(base)
    return llmContract({
      ...options,
      create(context) {
        atCreate(context)
        return createFakeLlm({ clock, replies: [TEXT] }).provider
      },
    })
  }
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'Hello, who are you?')
}
