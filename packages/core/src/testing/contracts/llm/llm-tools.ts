import type { LlmEvent, LlmMessage, LlmProvider, LlmToolCall } from '../../../contracts/index.ts'
import { expect, fail, within, type ContractCase } from '../common/contract-case.ts'
import { deepFreeze, type LlmBench } from './llm-bench.ts'
import { expectWellFormed } from './llm-events.ts'
import { expectFault, settled } from '../common/outcome.ts'

/** Calls of tools and what becomes of their results. */
export function toolCases({
  options,
  suite,
  ask,
  textOf,
  expectWhole,
  expectAnswer,
}: LlmBench): ContractCase[] {
  const { toolCall } = options
  if (toolCall === undefined) return []
  const run = async (provider: LlmProvider) => {
    const asked = await ask(
      provider,
      deepFreeze({ callId: 'contract', messages: [...toolCall.messages], tools: [...toolCall.tools] }),
    )
    expectWhole(asked)
    expectWellFormed(asked)
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
    const ids = toolCalls.map(({ id }) => id)
    expect(new Set(ids).size === ids.length, 'an id for each tool call', `they are ${ids.join(', ')}`)
    for (const call of toolCalls) {
      expect(call.id !== '', 'tool calls with an id', `one is ${JSON.stringify(call)}`)
      expect(
        toolCall.tools.some((tool) => tool.name === call.name),
        'calls of tools that were offered',
        `one is ${call.name}`,
      )
      expectArguments(call.arguments)
    }
    const after: LlmMessage[] = [
      ...toolCall.messages,
      {
        role: 'assistant',
        content: textOf(asked),
        toolCalls: toolCalls.map(asSentBack),
        ...(end.opaque !== undefined && { opaque: end.opaque }),
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
    expectWellFormed(answer)
    expectAnswer(answer, toolCall.expected)
  }
  return [
    suite.on(
      ['tools', 'tool-results', 'opaque', 'known-events'],
      'a tool is called, its result goes back, and an answer comes',
      run,
    ),
  ]
}

/** What is cut within a call is half of one, which nobody may carry out. */
export function cutCalls({ options, suite, stepMs }: LlmBench): ContractCase[] {
  const { createCutCall, toolCall } = options
  if (createCutCall === undefined || toolCall === undefined) return []
  const { messages, tools } = toolCall
  const request = deepFreeze({ callId: 'contract', messages: [...messages], tools: [...tools] })

  async function run(provider: LlmProvider): Promise<void> {
    const told: LlmEvent['type'][] = []
    const read = async () => {
      for await (const event of provider.reply(request, new AbortController().signal)) told.push(event.type)
    }
    const { error } = await within(settled(read()), stepMs, 'the iteration to end when the connection breaks')
    for (const type of ['tool-call', 'end'] as const)
      expect(
        !told.includes(type),
        `no "${type}" of a call that was cut`,
        `the events were: ${told.join(', ')}`,
      )
    if (error === undefined) fail('expected a throw when a tool call is cut; the iteration just ended')
    expectFault(error, 'reply to throw')
  }
  const name = 'a tool call that is cut within its arguments is told as a fault'
  return [suite.alone('cut-call', name, () => suite.use(createCutCall, run))]
}

/** A call as the core gives it back: with the provider's own data, unchanged. */
function asSentBack({ id, name, arguments: args, opaque }: LlmToolCall): LlmToolCall {
  return { id, name, arguments: args, ...(opaque !== undefined && { opaque }) }
}

function expectArguments(text: string): void {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    fail(`expected arguments that are JSON; they are ${JSON.stringify(text)}`)
  }
  const isMap = typeof read === 'object' && read !== null && !Array.isArray(read)
  expect(isMap, 'arguments that are a JSON object', `they are ${JSON.stringify(text)}`)
}
