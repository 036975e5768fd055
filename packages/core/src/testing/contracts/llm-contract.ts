import type {
  LlmEvent,
  LlmMessage,
  LlmProvider,
  LlmRequest,
  LlmTool,
  LlmToolCall,
} from '../../contracts/index.ts'
import {
  createSuite,
  expect,
  fail,
  turn,
  within,
  type ContractCase,
  type ContractOptions,
} from './contract-case.ts'
import { leavesNothingOpen } from './open-handles.ts'
import { drain, expectProviderError, expectQuietEnd, settled } from './outcome.ts'

export interface LlmContractOptions extends ContractOptions<LlmProvider> {
  /** What the caller says, known to be answered with more than one word. Default `Hello, who are you?`. */
  readonly say?: string
  /** The whole conversation instead, when `say` is not enough. */
  readonly messages?: readonly LlmMessage[]
  /** Matches the text of the answer. */
  readonly expected?: RegExp
  readonly language?: string
  /** The answer comes in more than one piece, so an abort can meet it half-way. Default `true`. */
  readonly streams?: boolean
  /** Present: a question that makes the model call a tool, and what it says once it has the result. */
  readonly toolCall?: {
    readonly messages: readonly LlmMessage[]
    readonly tools: readonly LlmTool[]
    /** Content of the `tool` message for a call. */
    result(call: LlmToolCall): string
    /** Matches the answer after the result. */
    readonly expected?: RegExp
  }
}

const REASONS = new Set(['stop', 'tool-calls', 'length', 'content-filter'])

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

/** How the cases ask for a reply and judge it. */
function createLlmBench(options: LlmContractOptions) {
  const suite = createSuite(options)
  const { stepMs, promptMs } = suite
  const messages = options.messages ?? [
    { role: 'system', content: 'You are a friendly receptionist. Answer in two sentences.' },
    { role: 'user', content: options.say ?? 'Hello, who are you?' },
  ]
  const request: LlmRequest = deepFreeze({
    callId: 'contract',
    messages: [...messages],
    tools: [],
    ...(options.language !== undefined && { language: options.language }),
  })

  async function read(events: AsyncIterable<LlmEvent>): Promise<LlmEvent[]> {
    const all: LlmEvent[] = []
    const iterator = events[Symbol.asyncIterator]()
    for (;;) {
      const next = await within(iterator.next(), stepMs, `an event or the end after ${all.length} events`)
      if (next.done === true) return all
      all.push(next.value)
    }
  }

  const ask = (provider: LlmProvider, what = request) =>
    read(provider.reply(what, new AbortController().signal))

  const textOf = (events: readonly LlmEvent[]) =>
    events.map((event) => (event.type === 'text' ? event.text : '')).join('')

  function expectWhole(events: readonly LlmEvent[]): void {
    const ends = events.filter((event) => event.type === 'end')
    const types = events.map((event) => event.type).join(', ')
    expect(ends.length === 1, 'exactly one "end"', `there were ${ends.length} among: ${types}`)
    expect(events.at(-1)?.type === 'end', '"end" to be the last event', `the events were: ${types}`)
    const reason = ends[0]!.reason
    expect(REASONS.has(reason), `a reason of ${[...REASONS].join(', ')}`, `it is ${JSON.stringify(reason)}`)
  }

  function expectAnswer(events: readonly LlmEvent[], pattern = options.expected): void {
    const said = textOf(events)
    if (pattern === undefined) expect(said.trim() !== '', 'an answer in words', 'it is empty')
    else expect(pattern.test(said), `an answer that matches ${pattern}`, `it is ${JSON.stringify(said)}`)
  }

  /** After the abort, the very next step of the iteration ends it. */
  async function expectEnded(iterator: AsyncIterator<LlmEvent>, when: string): Promise<void> {
    const outcome = await within(
      settled(iterator.next()),
      promptMs,
      `the iteration to end after an abort ${when}`,
    )
    expectQuietEnd(outcome.error, 'reply to throw')
    if (outcome.value?.done === false)
      fail(`expected no event after an abort ${when}; "${outcome.value.value.type}" came`)
  }

  return { options, suite, stepMs, promptMs, request, ask, textOf, expectWhole, expectAnswer, expectEnded }
}
type LlmBench = ReturnType<typeof createLlmBench>

/** What a reply is. */
function wholeReplies({ suite, ask, expectWhole, expectAnswer }: LlmBench): ContractCase[] {
  return [
    suite.on('a reply is text in order, then exactly one end, the last of all', async (provider) => {
      const events = await ask(provider)
      expectWhole(events)
      expectAnswer(events)
    }),
    suite.on('every event is well formed', async (provider) => {
      for (const event of await ask(provider)) {
        const told = JSON.stringify(event)
        if (event.type === 'text')
          expect(
            typeof event.text === 'string' && event.text !== '',
            'text that is not empty',
            `one is ${told}`,
          )
        else if (event.type === 'usage')
          expect(event.inputTokens >= 0 && event.outputTokens >= 0, 'token counts', `one is ${told}`)
        else expect(['tool-call', 'end'].includes(event.type), 'events of known types', `one is ${told}`)
      }
    }),
  ]
}

/** Replies that an abort, a consumer or nobody ends. */
function endedReplies({ options, suite, stepMs, promptMs, request, expectEnded }: LlmBench): ContractCase[] {
  return [
    suite.on('an abort before the first event ends the reply soon and quietly', async (provider) => {
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
    }),
    suite.on('an abort in the middle ends the reply soon and quietly', async (provider) => {
      const abort = new AbortController()
      const iterator = provider.reply(request, abort.signal)[Symbol.asyncIterator]()
      const first = await within(iterator.next(), stepMs, 'a first event')
      if (first.done === true) fail('expected a first event; the reply ended without one')
      if (options.streams === false) return
      abort.abort()
      await expectEnded(iterator, 'in the middle')
    }),
    suite.on('a consumer that leaves in the middle ends the reply', async (provider) => {
      const iterator = provider.reply(request, new AbortController().signal)[Symbol.asyncIterator]()
      await within(iterator.next(), stepMs, 'a first event')
      if (iterator.return !== undefined)
        await within(iterator.return(), promptMs, 'the iteration to end when left')
    }),
    suite.on('a reply that nobody reads harms nobody', async (provider) => {
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
  options,
  suite,
  stepMs,
  promptMs,
  request,
  ask,
  expectWhole,
  expectAnswer,
}: LlmBench): ContractCase[] {
  return [
    suite.on('two replies at once do not disturb each other', async (provider) => {
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
    suite.on('replies one after the other are whole', async (provider) => {
      for (let turnNumber = 0; turnNumber < 2; turnNumber++) expectWhole(await ask(provider))
    }),
    suite.on('warm, where there is one, may be called before replies and twice', async (provider) => {
      await within(Promise.resolve(provider.warm?.()), stepMs, 'warm to resolve')
      await within(Promise.resolve(provider.warm?.()), stepMs, 'warm to resolve again')
      expectWhole(await ask(provider))
    }),
    suite.onFresh('provider.close settles while a reply is running, and the reply ends', async (provider) => {
      const iterator = provider.reply(request, new AbortController().signal)[Symbol.asyncIterator]()
      await within(iterator.next(), stepMs, 'a first event')
      await within(provider.close(), stepMs, 'provider.close to resolve while a reply is running')
      await within(settled(drain(iterator)), stepMs, 'the reply to end after provider.close')
    }),
    suite.alone('nothing is left open after replies that ended, were aborted, and were left', async () => {
      await leavesNothingOpen(suite.settleMs, 'every reply ended and the provider was closed', async () => {
        const provider = await options.create()
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
    }),
  ]
}

function toolCases({ options, suite, ask, textOf, expectWhole, expectAnswer }: LlmBench): ContractCase[] {
  const { toolCall } = options
  if (toolCall === undefined) return []
  const run = async (provider: LlmProvider) => {
    const asked = await ask(
      provider,
      deepFreeze({ callId: 'contract', messages: [...toolCall.messages], tools: [...toolCall.tools] }),
    )
    expectWhole(asked)
    const toolCalls = asked.flatMap((event) => (event.type === 'tool-call' ? [event] : []))
    expect(
      toolCalls.length > 0,
      'a tool call',
      `the events were: ${asked.map((event) => event.type).join(', ')}`,
    )
    const end = asked.at(-1)
    expect(
      end?.type === 'end' && end.reason === 'tool-calls',
      'the reason "tool-calls"',
      `the end is ${JSON.stringify(end)}`,
    )
    for (const call of toolCalls) {
      expect(call.id !== '', 'tool calls with an id', `one is ${JSON.stringify(call)}`)
      expect(
        toolCall.tools.some((tool) => tool.name === call.name),
        'calls of tools that were offered',
        `one is ${call.name}`,
      )
      try {
        JSON.parse(call.arguments)
      } catch {
        fail(`expected arguments that are JSON; they are ${JSON.stringify(call.arguments)}`)
      }
    }
    const after: LlmMessage[] = [
      ...toolCall.messages,
      {
        role: 'assistant',
        content: textOf(asked),
        toolCalls: toolCalls.map(({ id, name, arguments: args }) => ({ id, name, arguments: args })),
      },
      ...toolCalls.map((call) => ({
        role: 'tool' as const,
        toolCallId: call.id,
        content: toolCall.result(call),
      })),
    ]
    const answer = await ask(
      provider,
      deepFreeze({ callId: 'contract', messages: after, tools: [...toolCall.tools] }),
    )
    expectWhole(answer)
    expectAnswer(answer, toolCall.expected)
  }
  return [suite.on('a tool is called, its result goes back, and an answer comes', run)]
}

function failingCases({ options, suite, stepMs, request, ask }: LlmBench): ContractCase[] {
  if (options.createFailing === undefined) return []
  return [
    suite.onFailing('a fault is a ProviderError', async (provider) => {
      const outcome = await settled(ask(provider))
      if (outcome.value !== undefined) fail(`expected reply to throw; it gave ${outcome.value.length} events`)
      expectProviderError(outcome.error, 'reply to throw')
    }),
    suite.onFailing('a fault that nobody waits for harms nobody', async (provider) => {
      provider.reply(request, new AbortController().signal)
      await settled(within(Promise.resolve(provider.warm?.()), stepMs, 'warm to settle'))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }),
  ]
}

/** The contract of `LlmProvider`, one case a sentence. */
export function llmContract(options: LlmContractOptions): ContractCase[] {
  const bench = createLlmBench(options)
  return [
    ...wholeReplies(bench),
    ...endedReplies(bench),
    ...repliesBesideOthers(bench),
    ...toolCases(bench),
    ...failingCases(bench),
    bench.suite.last('the provider closes, also twice'),
  ]
}
