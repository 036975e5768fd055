import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LlmMessage } from '../../../src/contracts/index.ts'
import type { FakeReply } from '../../../src/testing/index.ts'
import { type CallRigOptions, createCallRig, RIG_SETTINGS } from '../call-rig.ts'
import { expectSendable } from '../sendable-messages.ts'
import { agentWords, expectStrictOrder } from '../strict-messages.ts'
import { rigTools } from './tool-rigs.ts'

const QUIET = { greeting: '' }
const call = (name: string, args: unknown = {}) => ({
  id: `c-${name}`,
  name,
  arguments: JSON.stringify(args),
})

/** A call whose caller has asked something. */
async function asked(
  replies: readonly (string | FakeReply)[],
  tools: CallRigOptions['tools'],
  settings: NonNullable<CallRigOptions['settings']>['conversation'] = QUIET,
) {
  const rig = createCallRig({
    settings: { conversation: settings },
    llm: { replies },
    ...(tools && { tools }),
  })
  rig.start()
  await rig.silence(100)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'please do it' })
  await rig.silence(600)
  const said = () => rig.of('agent_said').map(({ private: words }) => words['text'])
  return { ...rig, said }
}

describe('the request behind a tool', () => {
  it.each([
    ['is quick', 0],
    ['is slow', 3000],
  ])('holds the words before it, however much of them was heard, when the tool %s', async (_how, ms) => {
    const slow = rigTools({}, ['look'], () => new Promise((resolve) => void waits.push(() => resolve('17'))))
    const waits: (() => void)[] = []
    const rig = await asked(
      [
        { text: 'Let me look. It may take a while, so bear with me.', toolCalls: [call('look')] },
        'Seventeen.',
      ],
      slow,
    )
    await rig.silence(ms)
    waits[0]!()
    await rig.silence(9000)
    expect(rig.llm.requests[1]!.request.messages.slice(-2)).toMatchObject([
      { content: 'Let me look. It may take a while, so bear with me.', toolCalls: [{ name: 'look' }] },
      { content: '17' },
    ])
    await rig.end()
  })
})

describe('words behind a tool', () => {
  it.each([['Let me look.'], ['']])(
    'stand behind its result, whether %j was said before it',
    async (text) => {
      const rig = await asked(
        [{ text, toolCalls: [call('look')] }, 'There are seventeen.', 'Bye.'],
        rigTools({}, ['look'], async () => '17'),
      )
      await rig.silence(5000)
      await rig.speak(300)
      rig.stt.sessions[0]!.emit({ type: 'final', text: 'thank you so much' })
      await rig.silence(2000)
      expect(rig.llm.requests.at(-1)!.request.messages.slice(-4)).toMatchObject([
        { role: 'assistant', content: text, toolCalls: [{ name: 'look' }] },
        { role: 'tool', content: '17' },
        { role: 'assistant', content: 'There are seventeen.' },
        { role: 'user', content: 'thank you so much' },
      ])
      await rig.end()
    },
  )
})

describe('an empty answer behind tools', () => {
  const press = rigTools({ pressKeys: true, wait: true }, ['note'])
  const failing = rigTools({}, ['note'], () => Promise.reject(new Error('full')))

  it.each<[string, FakeReply, CallRigOptions['tools'], string]>([
    [
      'that are silent by nature is no failure',
      { toolCalls: [call('press_keys', { keys: '1' })] },
      press,
      'heard',
    ],
    ['that waited is no failure', { toolCalls: [call('wait', { seconds: 1 })] }, press, 'silent'],
    ['is no failure when something was said', { text: 'Noted.', toolCalls: [call('note')] }, press, 'heard'],
    ['is one when nothing was said at all', { toolCalls: [call('note')] }, press, 'failed'],
    ['is one when the tool failed', { text: 'Noted.', toolCalls: [call('note')] }, failing, 'failed'],
  ])('%s', async (_what, reply, tools, outcome) => {
    const rig = await asked([reply, { text: '' }], tools)
    await rig.silence(6000)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual([outcome])
    expect(rig.of('llm_failed')).toHaveLength(outcome === 'failed' ? 1 : 0)
    expect(rig.said().includes(RIG_SETTINGS.conversation.fallbackLine)).toBe(outcome === 'failed')
    await rig.end()
  })
})

describe('a farewell to something that failed', () => {
  const failing = rigTools({}, ['book'], () => Promise.reject(new Error('no table is free')))
  const both = (order: readonly string[]): FakeReply => ({
    text: 'I am booking it. Goodbye!',
    toolCalls: order.map((name) => call(name)),
  })

  it.each([[['book', 'hang_up']], [['hang_up', 'book']]])(
    '%j: the model is asked once more',
    async (order) => {
      const rig = await asked([both(order), 'I am sorry, there is none.'], failing)
      await rig.silence(8000)
      expect(rig.said().at(-1)).toBe('I am sorry, there is none.')
      const results = rig.llm.requests[1]!.request.messages.filter(({ role }) => role === 'tool')
      expect(results.map(({ content }) => content).sort()).toEqual([
        expect.stringMatching(/^Not yet/),
        expect.stringMatching(/no table is free/),
      ])
      expect(rig.far.ended).toBeUndefined()
      await rig.end()
    },
  )

  it('is believed when the model wants it all the same: once, and no more', async () => {
    const rig = await asked([both(['book', 'hang_up'])], failing)
    await rig.silence(12_000)
    expect(rig.llm.requests).toHaveLength(2)
    expect(rig.far.ended).toBe('agent')
    await rig.end()
  })
})

describe('a tool that the caller spoke into', () => {
  it('is told as one that may have been carried out; what waited behind it as not carried out', async () => {
    const hangs = rigTools({}, ['book', 'mail'], () => new Promise(() => undefined))
    const rig = await asked([{ toolCalls: [call('book'), call('mail')] }, 'Certainly.'], hangs)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'and a high chair' })
    await rig.silence(3000)
    const { messages } = rig.llm.requests[1]!.request
    expectStrictOrder(messages)
    expect(messages.slice(-2).map(({ content }) => content)).toEqual([
      expect.stringMatching(/may have been carried out/),
      expect.stringMatching(/^Not carried out/),
    ])
    await rig.end()
  })

  it('is not undone by a listener’s word, nor by "hello?"', async () => {
    let runs = 0
    const slow = rigTools({}, ['book'], (_name, _args, { signal }) => {
      runs++
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')))
        waits.push(() => resolve('17'))
      })
    })
    const waits: (() => void)[] = []
    const rig = await asked([{ toolCalls: [call('book')] }, 'It is booked.'], slow)
    for (const text of ['okay', 'hello', 'are you there']) {
      await rig.speak(400)
      rig.stt.sessions[0]!.emit({ type: 'final', text })
      await rig.silence(900)
    }
    waits[0]!()
    await rig.silence(2000)
    expect(runs).toBe(1)
    expect(rig.said()).toEqual(['It is booked.'])
    await rig.end()
  })

  it('that was to end the call did not', async () => {
    const rig = await asked(
      [{ text: 'Goodbye, and have a very pleasant evening.', toolCalls: [call('hang_up')] }, 'Yes?'],
      rigTools({}),
    )
    await rig.silence(700)
    await rig.speak(700)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'wait one more thing' })
    await rig.silence(2000)
    const { messages } = rig.llm.requests[1]!.request
    expectStrictOrder(messages)
    expect(messages.at(-3)).toMatchObject({ role: 'tool', content: expect.stringMatching(/it goes on/) })
    await rig.end()
  })
})

type Move =
  | { readonly do: 'speak' | 'silence'; readonly ms: number }
  | { readonly do: 'partial' | 'final'; readonly words: number }
  | { readonly do: 'key' }

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('speak', 'silence'), ms: fc.integer({ min: 20, max: 1600 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('partial', 'final'), words: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('key') }) },
)
const answer = fc.record({
  words: fc.nat(14),
  tools: fc.array(fc.constantFrom('look', 'slow', 'wait', 'press_keys', 'made up.'), { maxLength: 3 }),
  ids: fc.constantFrom('', 'call_0', 'own'),
  firstTokenMs: fc.integer({ min: 0, max: 700 }),
})

describe('whatever is said, called, paused, resumed, prepared and thrown away', () => {
  it('the model is given an order that the strictest server takes, with the words as they were spoken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 3, maxLength: 25 }),
        fc.array(answer, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        async (moves, answers, preemptive, streams) => {
          let word = 0
          /** Which request each word answered. */
          const writtenBy = new Map<number, number>()
          const replies = (_request: unknown, index: number): FakeReply => {
            const { words, tools, ids, firstTokenMs } = answers[index % answers.length]!
            const text = Array.from(
              { length: words },
              (_, at) => `w${++word}${at % 4 === 3 ? '.' : ''}`,
            ).join(' ')
            for (const number of numbersOf(text)) writtenBy.set(number, index)
            const toolCalls = tools.map((name, at) => ({
              id: ids === 'own' ? `c${index}-${at}` : ids,
              name,
              arguments: JSON.stringify(ARGUMENTS[name] ?? {}) + ' '.repeat(index),
            }))
            return { text, toolCalls, firstTokenMs, tokenMs: 20 }
          }
          const rig = createCallRig({
            llm: { preemptive, replies },
            tts: { firstAudioMs: 60, chunkEveryMs: 5, streams },
            tools: (on) =>
              rigTools({ pressKeys: true, wait: true }, ['look', 'slow'], (name) =>
                name === 'look'
                  ? Promise.resolve('17')
                  : new Promise((resolve) => void on.clock.after(1500, () => resolve('42'))),
              )(on),
            settings: {
              conversation: { tools: { fillerAfterMs: 800, fillerTexts: ['One moment.'], maxRounds: 3 } },
            },
          })
          rig.start()
          for (const step of moves) {
            if ('ms' in step) await rig[step.do](step.ms)
            else if (step.do === 'key') rig.far.dtmf('5')
            else {
              const text = 'alpha bravo charlie delta echo foxtrot'.split(' ').slice(0, step.words).join(' ')
              rig.stt.sessions.at(-1)?.emit({ type: step.do, text })
            }
          }
          await rig.silence(6000)
          await rig.end()
          expect(rig.of('stage_failed')).toEqual([])
          const spoken = rig.of('agent_said').flatMap(({ private: said }) => numbersOf(String(said['text'])))
          for (const { request } of rig.llm.requests) {
            expectSendable(request.messages)
            expectWordsAroundCalls(request.messages, writtenBy)
            const numbers = numbersOf(agentWords(request.messages))
            expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
            if (request.messages.at(-1)?.role !== 'tool') {
              // What no voice began is in nobody's memory.
              expect(numbers.filter((number) => !spoken.includes(number))).toEqual([])
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  }, 60_000)
})

const ARGUMENTS: Readonly<Record<string, object>> = { wait: { seconds: 1 }, press_keys: { keys: '1' } }

/** Words stand with the calls of their own answer, or behind the results of those before it. */
function expectWordsAroundCalls(
  messages: readonly LlmMessage[],
  writtenBy: ReadonlyMap<number, number>,
): void {
  let called = -1
  for (const message of messages) {
    if (message.role !== 'assistant') continue
    // Which answer they are of, their arguments tell: what stands behind them is kept as it came.
    const args = message.toolCalls?.[0]?.arguments
    const now = args === undefined ? Infinity : args.length - args.trimEnd().length
    for (const number of numbersOf(message.content)) {
      const by = writtenBy.get(number)!
      expect(by > called && by <= now, `w${number} of answer ${by}: ${JSON.stringify(messages)}`).toBe(true)
    }
    if (now !== Infinity) called = now
  }
}

function numbersOf(text: string): number[] {
  return [...text.matchAll(/w(\d+)/g)].map(([, digits]) => Number(digits))
}
