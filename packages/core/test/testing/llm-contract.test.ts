import { afterEach, describe } from 'vitest'
import { ProviderError, type LlmEvent, type LlmProvider, type LlmRequest } from '../../src/index.ts'
import {
  type ContractCase,
  createFakeLlm,
  createRealClock,
  llmContract,
  type LlmContractOptions,
} from '../../src/testing/index.ts'
import { breaksLlm, wholeLlmOptions } from './llm-faults.ts'
import { breaksLlmEndings } from './ending-faults.ts'
import { breaksLlmMemory } from './memory-faults.ts'
import { breaksLlmOpaque } from './llm-opaque-faults.ts'
import { breaksLlmReceived, tellingLlmOptions } from './llm-received-faults.ts'
import { createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const clock = createRealClock()
const never = () => new Promise<never>(() => {})
const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

const call = { id: 'call-1', name: 'opening_hours', arguments: '{"day":"monday"}' }

function answer(request: LlmRequest) {
  const last = request.messages.at(-1)
  if (last?.role === 'tool') return { text: `We open at ${last.content}.`, firstTokenMs: 1 }
  if (request.tools.length > 0) return { toolCalls: [call], firstTokenMs: 1 }
  return {
    text: 'I am the front desk.',
    firstTokenMs: 1,
    tokenMs: 1,
    usage: { inputTokens: 9, outputTokens: 5 },
  }
}

function options(
  change: (provider: LlmProvider) => LlmProvider = (provider) => provider,
): LlmContractOptions {
  return {
    ...QUICK,
    create: () => change(createFakeLlm({ clock, replies: answer }).provider),
    createFailing: () =>
      change(createFakeLlm({ clock, replies: [{ error: new ProviderError('auth', 'wrong key') }] }).provider),
    expected: /^I am the front desk\.$/,
    toolCall: {
      messages: [{ role: 'user', content: 'When do you open on Monday?' }],
      tools: [
        { name: 'opening_hours', description: 'Opening hours of a day', parameters: { type: 'object' } },
      ],
      result: () => 'nine',
      expected: /nine/,
    },
  }
}

type Reply = LlmProvider['reply']

/** The same provider whose replies are changed. */
const withReply =
  (change: (reply: Reply, ...args: Parameters<Reply>) => AsyncIterable<LlmEvent>) =>
  (provider: LlmProvider): LlmProvider => ({
    ...provider,
    reply: (request, signal) => change(provider.reply, request, signal),
  })

const eachEvent = (change: (event: LlmEvent) => readonly LlmEvent[]) =>
  withReply(async function* (reply, request, signal) {
    for await (const event of reply(request, signal)) yield* change(event)
  })

const fails = (change: (provider: LlmProvider) => LlmProvider, caseName: string, message: RegExp) =>
  expectFailure(llmContract(options(change)), caseName, message)

const whole = 'a reply is text in order'
const end: LlmEvent = { type: 'end', reason: 'stop' }

const { breaks, hasNoHole } = createPromiseTable('llm')

describe('the llm suite passes on a good model', () => {
  passesAll(llmContract({ ...wholeLlmOptions(options()), ...PATIENT }))
})

describe('the llm suite passes when cases share one model', () => {
  passesAll(llmContract({ ...options(), ...PATIENT, isolated: false }))
})

describe('the llm suite notices', () => {
  breaks('end', 'an end that is missing', () =>
    fails(
      eachEvent((event) => (event.type === 'end' ? [] : [event])),
      whole,
      /exactly one "end"; there were 0 among: text/,
    ),
  )

  breaks('end', 'an end that comes twice', () =>
    fails(
      eachEvent((event) => (event.type === 'end' ? [event, event] : [event])),
      whole,
      /there were 2/,
    ),
  )

  breaks('end', 'an event after the end', () =>
    fails(
      eachEvent((event) => (event.type === 'end' ? [event, { type: 'text', text: '!' }] : [event])),
      whole,
      /"end" to be the last event/,
    ),
  )

  breaks('end', 'an unknown reason', () =>
    fails(
      eachEvent((event) => (event.type === 'end' ? [{ type: 'end', reason: 'stopped' as 'stop' }] : [event])),
      whole,
      /a reason of stop/,
    ),
  )

  breaks('in-order', 'text out of order', () =>
    fails(
      withReply(async function* (reply, request, signal) {
        const events: LlmEvent[] = []
        for await (const event of reply(request, signal)) events.push(event)
        yield* events.slice(0, -1).reverse()
        yield end
      }),
      whole,
      /an answer that matches/,
    ),
  )

  breaks('known-events', 'empty pieces of text', () =>
    fails(
      eachEvent((event) => [{ type: 'text', text: '' }, event]),
      'every event is well formed',
      /text that is not empty/,
    ),
  )

  breaks('request', 'a request that is changed', () =>
    fails(
      withReply((reply, request, signal) => {
        ;(request.messages as unknown[]).unshift({ role: 'system', content: 'Be brief.' })
        return reply(request, signal)
      }),
      whole,
      /object is not extensible/,
    ),
  )

  breaks('abort-first', 'an abort that is ignored before the first event', () =>
    fails(
      withReply(async function* () {
        await never()
        yield end
      }),
      'an abort before the first event',
      /the iteration to end after an abort/,
    ),
  )

  breaks('abort-middle', 'an abort that is ignored in the middle', () =>
    fails(
      withReply((reply, request) => reply(request, new AbortController().signal)),
      'an abort in the middle',
      /no event after an abort in the middle; "text" came/,
    ),
  )

  breaks('abort-middle', 'an abort that is told as a fault', () =>
    fails(
      withReply(async function* (reply, request, signal) {
        yield* reply(request, signal)
        if (signal.aborted) throw new ProviderError('network', 'stream cut')
      }),
      'an abort in the middle',
      /"cancelled" after an abort; it was "network"/,
    ),
  )

  breaks('abort-middle', 'an answer that had come whole and is held for ever by an abort', () =>
    fails(
      withReply(async function* (reply, request, signal) {
        for await (const piece of reply(request, signal)) {
          yield piece
          if (signal.aborted) await never()
        }
      }),
      'an abort ends what has come whole',
      /the iteration to end after an abort of an answer that had come/,
    ),
  )

  breaks('left', 'an iteration that cannot be left', () =>
    fails(
      withReply((reply, request, signal) => ({
        [Symbol.asyncIterator]: () => ({ ...iteratorOf(reply(request, signal)), return: never }),
      })),
      'a consumer that leaves',
      /the iteration to end when left/,
    ),
  )

  breaks('stray-errors', 'a request that rejects though nobody reads it', () =>
    fails(
      withReply((reply, request, signal) => {
        void Promise.reject(new Error('401 unauthorized'))
        return reply(request, signal)
      }),
      'a reply that nobody reads',
      /nobody handled it: Error: 401/,
    ),
  )

  breaks('apart', 'one abort that ends all replies', () => {
    const shared = (provider: LlmProvider): LlmProvider => {
      const all = new AbortController()
      return {
        ...provider,
        reply(request, signal) {
          signal.addEventListener('abort', () => all.abort())
          return provider.reply(request, all.signal)
        },
      }
    }
    return fails(shared, 'two replies at once', /exactly one "end"/)
  })

  breaks('warm', 'warm that throws', () =>
    fails(
      (provider) => ({ ...provider, warm: () => Promise.reject(new Error('no route')) }),
      'warm, where there is one',
      /warm to resolve; it threw Error: no route/,
    ),
  )

  breaks('tools', 'a tool call without its reason', () =>
    fails(
      eachEvent((event) => (event.type === 'end' ? [end] : [event])),
      'a tool is called',
      /the reason "tool-calls"/,
    ),
  )

  breaks('tools', 'arguments that are not JSON', () =>
    fails(
      eachEvent((event) => (event.type === 'tool-call' ? [{ ...event, arguments: '{"day":' }] : [event])),
      'a tool is called',
      /arguments that are JSON/,
    ),
  )

  breaks('fault', 'a fault that is a plain error', () =>
    fails(
      withReply(async function* () {
        yield { type: 'text', text: 'I' }
        throw new TypeError('fetch failed')
      }),
      'a fault is a ProviderError',
      /it was TypeError: fetch failed/,
    ),
  )

  breaks('fault', 'a fault that ends as if all were well', () =>
    fails(
      withReply(async function* () {
        yield end
      }),
      'a fault is a ProviderError',
      /expected reply to throw/,
    ),
  )

  breaks('nothing-left', 'a timer left open', () =>
    fails(
      withReply((reply, request, signal) => {
        leaks.push(setInterval(() => {}, 1000))
        return reply(request, signal)
      }),
      'nothing is left open',
      /still open: 3 Timeout/,
    ),
  )

  breaks('closes', 'close that hangs while a reply is running', () =>
    fails(
      (provider) => ({ ...provider, close: never }),
      'provider.close settles',
      /provider.close to resolve/,
    ),
  )

  breaks('closes', 'close that throws when called twice', () => {
    const once = (provider: LlmProvider): LlmProvider => {
      let closed = false
      return {
        ...provider,
        async close() {
          if (closed) throw new Error('already closed')
          closed = true
        },
      }
    }
    return fails(once, 'the provider closes', /when called again; it threw Error: already closed/)
  })

  breaksLlm(breaks, options())
  breaksLlmMemory(breaks, options())
  breaksLlmOpaque(breaks, options)
  breaksLlmReceived(breaks, options())
  breaksLlmEndings(breaks, (change) => llmContract(wholeLlmOptions(options(), change)))
})

describe('the llm suite passes on a model whose double tells what it got', () => {
  const known = new Set(llmContract(wholeLlmOptions(options())).map(({ name }) => name))
  const isNew = ({ name }: ContractCase) => !known.has(name) || name.includes('billed')
  passesAll(llmContract({ ...tellingLlmOptions(options()), ...PATIENT }).filter(isNew))
})

describe('the llm suite', () => hasNoHole(llmContract(tellingLlmOptions(options()))))

function iteratorOf<T>(events: AsyncIterable<T>): AsyncIterator<T> {
  const iterator = events[Symbol.asyncIterator]()
  return { next: () => iterator.next() }
}
