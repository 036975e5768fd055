import { setTimeout as sleep } from 'node:timers/promises'
import type { LlmMessage, LlmProvider } from '../../../contracts/index.ts'
import { expect, fail, turn, within, type ContractCase } from '../common/contract-case.ts'
import { classCases, hostCases, hostProbe, wordsCases } from '../common/host-cases.ts'
import { createLlmBench, deepFreeze, type LlmBench, type LlmContractOptions } from './llm-bench.ts'
import { callsApart } from './llm-calls.ts'
import { expectWellFormed } from './llm-events.ts'
import { receivedRequests } from './llm-received.ts'
import { cutCalls, toolCases } from './llm-tools.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { drain, leave, expectProviderError, expectQuietEnd, settled } from '../common/outcome.ts'
import { signalCases } from '../common/signal-cases.ts'
import { ANSWERED_MS, streamedCases } from '../common/streamed-cases.ts'

export type { LlmContractOptions } from './llm-bench.ts'

/** What a reply is. */
function wholeReplies({ suite, ask, expectWhole, expectAnswer }: LlmBench): ContractCase[] {
  return [
    suite.on(
      ['in-order', 'end', 'request'],
      'a reply is text in order, then exactly one end, the last of all',
      async (provider) => {
        const events = await ask(provider)
        expectWhole(events)
        expectAnswer(events)
      },
    ),
    suite.on(['known-events', 'usage'], 'every event is well formed', async (provider) =>
      expectWellFormed(await ask(provider)),
    ),
  ]
}

/** Replies that an abort, a consumer or nobody ends. */
function endedReplies({ options, suite, stepMs, promptMs, request, expectEnded }: LlmBench): ContractCase[] {
  return [
    suite.on(
      'abort-first',
      'an abort before the first event ends the reply soon and quietly',
      async (provider) => {
        for (const when of ['before the reply was asked for', 'at once', 'a turn later'] as const) {
          const abort = new AbortController()
          if (when.startsWith('before')) abort.abort()
          const iterator = provider.reply(request, abort.signal)[Symbol.asyncIterator]()
          const first = settled(iterator.next())
          if (when === 'a turn later') await turn()
          abort.abort()
          const outcome = await within(first, promptMs, `the iteration to end after an abort ${when}`)
          expectQuietEnd(outcome.error, 'reply to throw')
          // An event may already have been on its way; it is the last.
          if (outcome.value?.done === false) await expectEnded(iterator, when)
        }
      },
    ),
    suite.on('abort-middle', 'an abort in the middle ends the reply soon and quietly', async (provider) => {
      const abort = new AbortController()
      const iterator = provider.reply(request, abort.signal)[Symbol.asyncIterator]()
      const first = await within(iterator.next(), stepMs, 'a first event')
      if (first.done === true) fail('expected a first event; the reply ended without one')
      if (options.streams === false) return
      abort.abort()
      await expectEnded(iterator, 'in the middle')
    }),
    suite.on('abort-middle', 'an abort ends what has come whole and was not read', async (provider) => {
      const abort = new AbortController()
      const iterator = provider.reply(request, abort.signal)[Symbol.asyncIterator]()
      await within(iterator.next(), stepMs, 'a first event')
      await sleep(ANSWERED_MS)
      abort.abort()
      await expectEnded(iterator, 'of an answer that had come')
    }),
    suite.on('left', 'a consumer that leaves in the middle ends the reply', async (provider) => {
      const iterator = provider.reply(request, new AbortController().signal)[Symbol.asyncIterator]()
      await within(iterator.next(), stepMs, 'a first event')
      if (iterator.return !== undefined)
        await within(iterator.return(), promptMs, 'the iteration to end when left')
    }),
    suite.on(['unread', 'stray-errors'], 'a reply that nobody reads harms nobody', async (provider) => {
      const abort = new AbortController()
      provider.reply(request, abort.signal)
      await turn()
      abort.abort()
      await turn()
    }),
  ]
}

/** Replies that run beside others, after others, and at the end of the provider. */
function repliesBesideOthers({
  suite,
  stepMs,
  promptMs,
  request,
  ask,
  expectWhole,
  expectAnswer,
}: LlmBench): ContractCase[] {
  return [
    suite.on('apart', 'two replies at once do not disturb each other', async (provider) => {
      const abort = new AbortController()
      const dropped = provider.reply(request, abort.signal)[Symbol.asyncIterator]()
      const kept = ask(provider)
      kept.catch(() => {})
      await within(dropped.next(), stepMs, 'a first event of the other reply')
      abort.abort()
      await within(settled(dropped.next()), promptMs, 'the other reply to end after its abort')
      const events = await kept
      expectWhole(events)
      expectAnswer(events)
    }),
    suite.on('apart', 'replies one after the other are whole', async (provider) => {
      for (let turnNumber = 0; turnNumber < 2; turnNumber++) expectWhole(await ask(provider))
    }),
    suite.on('warm', 'warm, where there is one, may be called before replies and twice', async (provider) => {
      await within(Promise.resolve(provider.warm?.()), stepMs, 'warm to resolve')
      await within(Promise.resolve(provider.warm?.()), stepMs, 'warm to resolve again')
      expectWhole(await ask(provider))
    }),
    suite.onFresh(
      'closes',
      'provider.close settles while a reply is running, and the reply ends',
      async (provider) => {
        const iterator = provider.reply(request, new AbortController().signal)[Symbol.asyncIterator]()
        await within(iterator.next(), stepMs, 'a first event')
        await within(provider.close(), stepMs, 'provider.close to resolve while a reply is running')
        await within(settled(drain(iterator)), stepMs, 'the reply to end after provider.close')
      },
    ),
    suite.alone(
      'nothing-left',
      'nothing is left open after replies that ended, were aborted, and were left',
      async () => {
        await leavesNothingOpen(suite.settleMs, 'every reply ended and the provider was closed', async () => {
          const provider = await suite.create()
          await ask(provider)
          const abort = new AbortController()
          const aborted = provider.reply(request, abort.signal)[Symbol.asyncIterator]()
          await within(aborted.next(), stepMs, 'a first event')
          abort.abort()
          await within(settled(aborted.next()), promptMs, 'the iteration to end after an abort')
          const left = provider.reply(request, new AbortController().signal)[Symbol.asyncIterator]()
          await within(left.next(), stepMs, 'a first event')
          await within(Promise.resolve(left.return?.()), promptMs, 'the iteration to end when left')
          await within(provider.close(), stepMs, 'provider.close to resolve')
        })
      },
    ),
  ]
}

function failingCases({ options, suite, stepMs, request, ask }: LlmBench): ContractCase[] {
  if (options.createFailing === undefined) return []
  return [
    suite.onFailing('fault', 'a fault is a ProviderError', async (provider) => {
      const outcome = await settled(ask(provider))
      if (outcome.value !== undefined) fail(`expected reply to throw; it gave ${outcome.value.length} events`)
      expectProviderError(outcome.error, 'reply to throw')
    }),
    suite.onFailing(
      ['unread', 'stray-errors'],
      'a fault that nobody waits for harms nobody',
      async (provider) => {
        provider.reply(request, new AbortController().signal)
        await settled(within(Promise.resolve(provider.warm?.()), stepMs, 'warm to settle'))
        await new Promise((resolve) => setTimeout(resolve, 100))
      },
    ),
  ]
}

/** What is worth keeping of a long call, where a provider sums it up. */
function summaryCases({ suite, stepMs, promptMs }: LlmBench): ContractCase[] {
  const messages: LlmMessage[] = [
    { role: 'user', content: 'My order 4711 has not arrived.' },
    { role: 'assistant', content: 'It was sent on Monday.' },
  ]
  const wanted = { callId: 'contract', before: '', messages, maxChars: 400 }
  const name = 'summarize, where there is one, gives words and ends soon after an abort'
  const run = async (provider: LlmProvider) => {
    if (provider.summarize === undefined) return
    const asked = provider.summarize(deepFreeze(wanted), new AbortController().signal)
    const text = await within(asked, stepMs, 'summarize to resolve')
    expect(
      typeof text === 'string' && text.trim() !== '',
      'a summary in words',
      `it is ${JSON.stringify(text)}`,
    )
    suite.witness.heard(text)
    const abort = new AbortController()
    const aborted = settled(provider.summarize(deepFreeze(wanted), abort.signal))
    abort.abort()
    expectQuietEnd(
      (await within(aborted, promptMs, 'summarize to settle after an abort')).error,
      'summarize to throw',
    )
  }
  return [suite.on('summary', name, run)]
}

/** What is alike for all that is streamed, and for all providers. */
function sharedCases({ options, suite, request, ask }: LlmBench): ContractCase[] {
  const { sent } = options
  const start = (provider: LlmProvider, signal: AbortSignal) =>
    provider.reply(request, signal)[Symbol.asyncIterator]()
  const probe = hostProbe(suite, options, {
    exercise: (provider) => ask(provider),
    faultOf: async (provider) => (await settled(ask(provider))).error,
  })
  return [
    ...streamedCases(suite, options, {
      start,
      bytesOf: (event) => Buffer.from(event.type === 'text' ? event.text : ''),
      ...(sent && { sent: () => Buffer.from(sent()) }),
    }),
    ...signalCases(suite, [
      { ends: 'a reply has ended', run: (provider, signal) => drain(start(provider, signal)) },
      { ends: 'a reply was left', run: (provider, signal) => leave(start(provider, signal)) },
    ]),
    ...hostCases(suite, options, probe),
    ...wordsCases(suite, probe),
    ...classCases(suite, options, probe),
  ]
}

/** The contract of `LlmProvider`, one case a sentence. */
export function llmContract(options: LlmContractOptions): ContractCase[] {
  const bench = createLlmBench(options)
  return [
    ...wholeReplies(bench),
    ...endedReplies(bench),
    ...repliesBesideOthers(bench),
    ...callsApart(bench),
    ...toolCases(bench),
    ...cutCalls(bench),
    ...receivedRequests(bench),
    ...summaryCases(bench),
    ...failingCases(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
