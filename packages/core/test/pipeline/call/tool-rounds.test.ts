import { describe, expect, it } from 'vitest'
import { type LlmMessage, type LlmToolCall, ProviderError, type ToolProvider } from '../../../src/index.ts'
import type { FakeReply } from '../../../src/testing/index.ts'
import { type CallRigOptions, RIG_SETTINGS } from '../call-rig.ts'
import { expectSendable } from '../sendable-messages.ts'
import { type AskingOptions, askingRig, toolCall as call } from './asking-rig.ts'
import { rigTools } from './tool-rigs.ts'

const calls = (...toolCalls: LlmToolCall[]): FakeReply => ({ toolCalls })

/** All that was asked for is done by now. */
const talk = (
  replies: readonly (string | FakeReply)[],
  tools: CallRigOptions['tools'],
  more: Omit<AskingOptions, 'waitMs'> = {},
) => askingRig(replies, tools, { ...more, waitMs: 3000 })

const counted = (run: (uses: number, name: string) => Promise<unknown>, seen: unknown[] = []) => {
  const provider: ToolProvider['run'] = (name, args) => run(seen.push([name, args]), name)
  return { seen, tools: rigTools({}, ['look', 'book'], provider) }
}

describe('ids of calls', () => {
  const both = (one: LlmToolCall, other: LlmToolCall) =>
    talk([calls(one, other), 'Done so.'], counted(async (uses) => `result ${uses}`).tools)

  it.each<readonly [string, LlmToolCall, LlmToolCall]>([
    ['twice in one answer', call('look', { of: 1 }, 'a'), call('look', { of: 2 }, 'a')],
    ['twice, of two tools', call('look', {}, 'a'), call('book', {}, 'a')],
    ['empty', call('look', {}, ''), call('book', {}, '')],
    ['blank', call('look', {}, ' '), call('book', {}, 'b')],
  ])('that stand %s are told apart, each with its result', async (_how, one, other) => {
    const rig = await both(one, other)
    expect(rig.told()).toEqual(['result 1', 'result 2'])
    await rig.over()
  })

  it('the same call told twice is made once', async () => {
    const { tools, seen } = counted(async (uses) => `result ${uses}`)
    const same = call('book', { size: 4 }, 'a')
    const rig = await talk([calls(same, { ...same, arguments: '{"size": 4}' }), 'Done so.'], tools)
    expect(seen).toHaveLength(1)
    expect(rig.told()).toEqual(['result 1'])
    await rig.over()
  })

  it('two calls of one tool with the same arguments are two where their ids are', async () => {
    const rig = await both(call('book', { size: 4 }, 'a'), call('book', { size: 4 }, 'b'))
    expect(rig.told()).toEqual(['result 1', 'result 2'])
    await rig.over()
  })

  it('that a model uses again, in a later round or turn, are new ones', async () => {
    const rounds = [
      calls(call('look', { of: 1 }, 'call_0')),
      calls(call('look', { of: 2 }, 'call_0')),
      'Two.',
    ]
    const rig = await talk([...rounds, ...rounds], counted(async (uses) => `result ${uses}`).tools)
    await rig.asks('and what else is there', 3000)
    expect(rig.told()).toEqual(['result 1', 'result 2', 'result 3', 'result 4'])
    await rig.over()
  })
})

it('a model that is asked since the first is down is given calls by ids that every server takes', async () => {
  const long = `functions.look:0__thought__${'x'.repeat(80)}`
  const down = new ProviderError('network', 'it is down')
  const { tools } = counted(async (uses) => `result ${uses}`)
  const rig = await talk(
    [calls(call('look', {}, long)), 'Seventeen.', { error: down }, { error: down }, 'Back again.'],
    tools,
    { fallbackLlm: { replies: [calls(call('look', {}, 'call_b')), 'Eighteen.'] } },
  )
  await rig.asks('and what else is there', 3000)
  const idsOf = (messages: readonly LlmMessage[]) =>
    messages
      .flatMap((message) => (message.role === 'assistant' && message.toolCalls) || [])
      .map(({ id }) => id)
  const [first, second] = rig.fallbackLlm!.requests.map(({ request }) => request.messages)
  for (const messages of [first!, second!]) expectSendable(messages)
  expect(idsOf(first!)).toEqual([expect.stringMatching(/^[a-z0-9]{9}$/)])
  expect(idsOf(second!)).toEqual([...idsOf(first!), 'call_b'])
  rig.llm.requests.forEach(({ request }) =>
    expect(idsOf(request.messages).slice(0, 1)).not.toEqual(idsOf(first!)),
  )
  expect(rig.said()).toEqual(['Seventeen.', 'Eighteen.'])
  await rig.over()
})

describe('names of tools', () => {
  it.each(['book a table', 'multi_tool_use.parallel', 'shop/book', '', ' ', '本', 'x'.repeat(200), 'a\nb'])(
    '%j, which is none, goes back as one that servers take, with what is wrong',
    async (name) => {
      const rig = await talk([calls(call(name), call('look')), 'Sorry.'], counted(async () => '17').tools)
      expect(rig.told()).toEqual([expect.stringMatching(/^There is no tool named/), '17'])
      await rig.asks('and what else is there', 3000)
      await rig.over()
    },
  )
})

describe('several calls in one answer', () => {
  it('run one after the other, whatever becomes of each', async () => {
    const { tools } = counted((uses) => {
      if (uses === 2) return Promise.reject(new Error('full'))
      return uses === 3 ? new Promise(() => undefined) : Promise.resolve(`result ${uses}`)
    })
    const rig = await talk(
      [
        calls(
          call('look', {}, 'a'),
          call('book', {}, 'b'),
          call('look', { slow: true }, 'c'),
          call('none', {}, 'd'),
          call('look', 'no JSON', 'e'),
          call('look', { last: 1 }, 'f'),
        ),
        'That is all.',
      ],
      tools,
    )
    await rig.silence(4000)
    expect(rig.told()).toEqual([
      'result 1',
      'The tool failed: full.',
      'The tool took longer than 5000 ms and was given up.',
      'There is no tool named "none".',
      expect.stringMatching(/not valid JSON/),
      'result 4',
    ])
    expect(rig.said()).toEqual(['That is all.'])
    await rig.over()
  })

  it.each([
    ['of arguments that lie deep', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['of arguments without an end', `{"a":${'{"a":'.repeat(10_000)}`],
    ['of long arguments', `{"a":"${'x'.repeat(70_000)}"}`],
    ['of half a character', '{"a":"\ud83d"}'],
  ])('one %s costs neither the others nor the call', async (_what, args) => {
    const { tools } = counted(async (uses) => `result ${uses}`)
    const rig = await talk([calls(call('book', args, 'a'), call('look', {}, 'b')), 'Done so.'], tools)
    expect(rig.told().at(-1)).toMatch(/^result/)
    expect(rig.said()).toEqual(['Done so.'])
    await rig.over()
  })
})

describe('two ends of one call', () => {
  const transfer = { transfer: { numbers: { sales: '+15550001111' } } }
  const ends = [call('hang_up'), call('transfer', { to: 'sales' })]
  const failing = (names: readonly string[]) =>
    rigTools(transfer, names, () => Promise.reject(new Error('full')))
  const line = { call: { transferable: true } }

  it.each([[ends], [[...ends].reverse()]])('%#: the first counts, and the other is told so', async (both) => {
    const rig = await talk([{ text: 'Goodbye then.', toolCalls: both }], rigTools(transfer), line)
    await rig.silence(6000)
    expect(rig.far.transferredTo).toBe(both[0]!.name === 'transfer' ? '+15550001111' : undefined)
    await rig.over()
  })

  it('neither came to it when the caller spoke first: both are told so', async () => {
    const rig = await talk(
      [
        { text: 'Goodbye, and have a very pleasant evening with all of your friends.', toolCalls: ends },
        'Yes?',
      ],
      rigTools(transfer),
      { ...line, conversation: { bargeIn: { minSpeechMs: 100 } } },
    )
    await rig.asks('wait there is one more thing', 3000)
    expect(rig.told()).toHaveLength(2)
    for (const told of rig.told()) expect(told).not.toMatch(/after your words/)
    expect(rig.told()[0]).toMatch(/it goes on/)
    await rig.over()
  })

  it('nor when another tool failed', async () => {
    const rig = await talk(
      [{ text: 'Booked. Goodbye.', toolCalls: [...ends, call('book')] }, 'I am sorry, it is full.'],
      failing(['book']),
      line,
    )
    expect(rig.told()).toEqual([
      expect.stringMatching(/^Not yet/),
      expect.not.stringMatching(/after your words/),
      expect.stringMatching(/full/),
    ])
    expect(rig.far.ended).toBeUndefined()
    await rig.over()
  })
})

describe('the last round that is allowed', () => {
  const limited = (maxRounds: number) => ({
    conversation: { tools: { ...RIG_SETTINGS.conversation.tools, maxRounds } },
  })

  it('behind it the model is told that it has to answer, and its answer is heard', async () => {
    const { tools, seen } = counted(async (uses) => `result ${uses}`)
    const look = (of: number) => calls(call('look', { of }, `c${of}`))
    const rig = await talk([look(1), look(2), look(3), 'It is seventeen.'], tools, limited(2))
    expect(seen).toHaveLength(2)
    expect(rig.told().at(-1)).toMatch(/^Too many tool calls/)
    expect(rig.said()).toEqual(['It is seventeen.'])
    await rig.asks('and what else is there', 3000)
    await rig.over()
  })

  it('one that calls on all the same has failed', async () => {
    const { tools, seen } = counted(async (uses) => `result ${uses}`)
    const rig = await talk([calls(call('look'))], tools, limited(2))
    expect(seen).toHaveLength(2)
    expect(rig.said()).toEqual([RIG_SETTINGS.conversation.fallbackLine])
    await rig.asks('and what else is there', 3000)
    await rig.over()
  })

  it('a farewell in it ends the call', async () => {
    const { tools } = counted(async (uses) => `result ${uses}`)
    const rig = await talk(
      [calls(call('look')), { text: 'It is seventeen. Goodbye.', toolCalls: [call('hang_up')] }],
      tools,
      limited(1),
    )
    await rig.silence(6000)
    expect(rig.far.ended).toBe('agent')
    expect(rig.said().join(' ')).toBe('It is seventeen. Goodbye.')
    await rig.over()
  })
})
