import type {
  LlmEvent,
  LlmMessage,
  LlmProvider,
  LlmRequest,
  LlmTool,
  LlmToolCall,
  PluginContext,
} from '../../../contracts/index.ts'
import { expect, fail, within } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { expectQuietEnd, settled } from '../common/outcome.ts'
import { createSuite } from '../common/suite.ts'
import type { BilledTokens } from '../common/token-usage.ts'

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
  /** For a loopback server: all text it has sent of its latest answer. Present: `createStalled` must give it all on. */
  sent?(): string
  /**
   * For a loopback server: its latest request as it came, or what stood in it, in order. Present: the conversation has
   * to be in there, and the tools where there is a `toolCall`.
   */
  receivedText?(): string
  /** For a loopback server: what its latest answer costs, with all requests behind it. Present: `usage` adds up to it. */
  billed?(): BilledTokens
  /**
   * A provider whose far end breaks the connection within the arguments of a tool call, when it is asked what `toolCall`
   * asks. Present: the cut is told, and the call is not.
   */
  createCutCall?(context: PluginContext): LlmProvider | Promise<LlmProvider> | undefined
}

const REASONS = new Set(['stop', 'tool-calls', 'length', 'content-filter'])

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

/** How the cases ask for a reply and judge it. */
export function createLlmBench(options: LlmContractOptions) {
  const suite = createSuite('llm', options)
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
      if (next.value.type === 'text') suite.witness.heard(next.value.text)
    }
  }

  const ask = (provider: LlmProvider, what = request) => {
    suite.witness.heard(...what.messages.map(({ content }) => content))
    return read(provider.reply(what, new AbortController().signal))
  }

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
export type LlmBench = ReturnType<typeof createLlmBench>
