import { describe, expect, it } from 'vitest'
import type { FakeReply } from '../../../src/testing/index.ts'
import { type CallRigOptions, RIG_SETTINGS } from '../call-rig.ts'
import { type AskingOptions, askingRig, toolCall as call } from './asking-rig.ts'
import { lastingTool, rigTools } from './tool-rigs.ts'

/** A tool of the answer is under way. */
async function asked(
  replies: readonly (string | FakeReply)[],
  tools: NonNullable<CallRigOptions['tools']>,
  more: Omit<AskingOptions, 'waitMs'> = {},
) {
  const rig = await askingRig(replies, tools, { ...more, waitMs: 800 })
  return { ...rig, shape: () => rig.last().map(({ role, content }) => `${role}: ${content}`) }
}

const hangs = (...names: string[]) =>
  rigTools({ wait: true, pressKeys: true }, names, () => new Promise(() => undefined))
const WORDS = 'Let me look that up for you right now, it may take some time.'

describe('the caller speaks', () => {
  it.each([
    ['a tool', { toolCalls: [call('look'), call('book')] }],
    ['a wait', { toolCalls: [call('wait', { seconds: 20 }), call('book')] }],
    ['keys', { toolCalls: [call('press_keys', { keys: 'wwwwwwwwwwwwwwww1' }), call('book')] }],
    [
      'words before a tool that waits for them',
      { text: WORDS, toolCalls: [call('wait', { seconds: 20 }), call('book')] },
    ],
    ['words before a tool', { text: WORDS, toolCalls: [call('look'), call('book')] }],
  ])('into %s: what ran and what did not is told, each once', async (what, reply) => {
    // They would come so late that the call is over: none may still be due then.
    const tools = { ...RIG_SETTINGS.conversation.tools, fillerTexts: ['One moment.'], fillerAfterMs: 60_000 }
    const rig = await asked([reply, 'Certainly.', 'Bye.'], hangs('look', 'book'), { conversation: { tools } })
    await rig.asks('no wait a moment please', 3000)
    expect(rig.told()).toHaveLength(2)
    expect(rig.told()[1]).toMatch(/^Not carried out/)
    const waits = what === 'words before a tool that waits for them'
    expect(rig.of('tool_called')).toHaveLength(waits ? 0 : 1)
    await rig.asks('and thank you very much', 3000)
    expect(rig.told()).toHaveLength(2)
    await rig.over()
  })

  it.each<[string, FakeReply, readonly string[]]>([
    [
      'keys',
      { toolCalls: [call('press_keys', { keys: 'wwwwwwwwwwwwwwww1' }), call('book')] },
      ['press_keys'],
    ],
    ['words beside a tool', { text: WORDS, toolCalls: [call('look'), call('book')] }, ['look']],
    ['words that are still written', { text: `I see. ${WORDS}`, tokenMs: 80, toolCalls: [call('book')] }, []],
  ])(
    'into %s, and says nothing: no tool begins in the pause, and what is left does when the agent goes on',
    async (_what, reply, before) => {
      const looks = new Promise((found) => void setDone(() => found('17')))
      const tools = rigTools({ pressKeys: true }, ['look', 'book'], (name) =>
        name === 'look' ? looks : Promise.resolve('booked'),
      )
      const rig = await asked([reply, 'Certainly.'], tools)
      const called = () => rig.of('tool_called').map(({ fields }) => fields['tool'])
      await rig.speak(400)
      expect(rig.of('paused')).toHaveLength(1)
      finish()
      await rig.speak(600)
      expect(called()).toEqual(before)
      await rig.silence(8000)
      expect(rig.of('resumed')).toHaveLength(1)
      expect(called()).toEqual([...before, 'book'])
      await rig.over()
    },
  )

  it('into what is said behind the tool: the words stand behind its result, cut where they were heard', async () => {
    const rig = await asked(
      [{ text: 'One moment.', toolCalls: [call('look')] }, WORDS, 'Yes?'],
      rigTools({}, ['look'], async () => '17'),
    )
    await rig.silence(1200)
    await rig.asks('stop that please now', 2000)
    const [, , calling, result, said, user] = rig.shape()
    expect([calling, result, user]).toEqual([
      'assistant: One moment.',
      'tool: 17',
      'user: stop that please now',
    ])
    expect(WORDS.startsWith(said!.replace('assistant: ', ''))).toBe(true)
    expect(said!.length).toBeLessThan(WORDS.length)
    await rig.over()
  })

  it('over a tool that is left to finish: the next request has its result, also if that comes later', async () => {
    let done = (_result: string): void => undefined
    const tools = lastingTool('book', () => new Promise((resolve) => (done = resolve)))
    const rig = await asked([{ toolCalls: [call('book')] }, 'Certainly.', 'It is booked.', 'Bye.'], tools)
    await rig.asks('and a high chair', 2000)
    expect(rig.told()).toEqual([expect.stringMatching(/may have been carried out/)])
    done('booked as 17')
    await rig.asks('is it done by now', 2000)
    expect(rig.told()).toEqual(['booked as 17'])
    await rig.over()
  })

  it('over words, and the model has called meanwhile: nothing was run, and nothing is told of it', async () => {
    let runs = 0
    const rig = await asked(
      [{ text: WORDS, firstTokenMs: 0, tokenMs: 200, toolCalls: [call('look')] }, 'Yes?', 'Bye.'],
      rigTools({}, ['look'], async () => String(++runs)),
    )
    await rig.asks('stop that please now', 3000)
    expect(runs).toBe(0)
    expect(rig.told()).toEqual([])
    await rig.over()
  })
})

describe('an operator', () => {
  const STOPS = [
    ['interrupts', { type: 'interrupt' }],
    ['speaks in place of', { type: 'say', text: 'This is Dana.', at: 'once' }],
  ] as const
  const REPLIES: readonly (readonly [string, FakeReply, readonly RegExp[]])[] = [
    [
      'a tool',
      { toolCalls: [call('look'), call('book')] },
      [/^A supervisor .* may have been/, /^Not carried out/],
    ],
    [
      'words and a tool',
      { text: WORDS, toolCalls: [call('look'), call('book')] },
      [/may have been/, /^Not carried out/],
    ],
    ['keys', { toolCalls: [call('press_keys', { keys: 'wwwwwwwwwwwwwwww1' })] }, [/^Cut off/]],
    [
      'keys behind words',
      { text: WORDS, toolCalls: [call('press_keys', { keys: '1' })] },
      [/^Not carried out/],
    ],
    ['a farewell', { text: WORDS, toolCalls: [call('hang_up')] }, [/it goes on/]],
  ]
  it.each(STOPS.flatMap(([how, action]) => REPLIES.map((reply) => [how, ...reply, action] as const)))(
    '%s %s: the model is told what was cut, and that it was not the caller who cut it',
    async (_how, _what, reply, told, action) => {
      const rig = await asked([reply, 'Yes?'], hangs('look', 'book'))
      await rig.control.act(action, 'Dana')
      await rig.silence(3000)
      await rig.asks('are you still there', 2000)
      expect(rig.told()).toEqual(told.map((words) => expect.stringMatching(words) as string))
      for (const words of rig.told()) expect(words).toMatch(/supervisor/)
      for (const words of rig.told()) expect(words).not.toMatch(/caller/)
      for (const { fields } of rig.of('interrupted')) expect(fields['by']).toBe('operator')
      await rig.over()
    },
  )

  it('interrupts an agent that the caller has paused: it is the operator who cut it', async () => {
    const rig = await asked([{ text: WORDS, toolCalls: [call('look')] }, 'Yes?'], hangs('look'))
    await rig.speak(600)
    expect(rig.of('paused')).toHaveLength(1)
    await rig.control.act({ type: 'interrupt' }, 'Dana')
    await rig.silence(1000)
    await rig.asks('are you still there', 2000)
    expect(rig.told()).toEqual([expect.stringMatching(/^A supervisor/)])
    expect(rig.of('interrupted').map(({ fields }) => fields['by'])).toEqual(['operator'])
    await rig.over()
  })

  it('says something at once in the middle of a tool: it stands behind the result', async () => {
    const rig = await asked([{ text: 'One moment.', toolCalls: [call('look')] }, 'Yes?'], hangs('look'))
    await rig.silence(1500)
    await rig.control.act({ type: 'say', text: 'This is Dana.', at: 'once' }, 'Dana')
    await rig.silence(3000)
    await rig.asks('hello Dana how are you', 2000)
    expect(rig.shape().slice(2)).toEqual([
      'assistant: One moment.',
      expect.stringMatching(/^tool: /),
      'assistant: This is Dana.',
      'user: hello Dana how are you',
    ])
    await rig.over()
  })

  it('whispers while a tool runs: the request behind it has it, in its place', async () => {
    let done = (_result: string): void => undefined
    const rig = await asked(
      [{ toolCalls: [call('look')] }, 'Seventeen.'],
      rigTools({}, ['look'], () => new Promise((resolve) => (done = resolve as typeof done))),
    )
    await rig.control.act({ type: 'whisper', text: 'Offer ten percent.' }, 'Dana')
    done('17')
    await rig.silence(2000)
    expect(rig.shape()[0]).toMatch(/Offer ten percent/)
    expect(rig.last().at(-1)).toMatchObject({ role: 'tool', content: '17' })
    await rig.over()
  })

  it('has keys pressed and a line said once the tool has been answered', async () => {
    const rig = await asked(
      [{ toolCalls: [call('look')] }, 'Seventeen.', 'Yes?'],
      rigTools({}, ['look'], () => new Promise((resolve) => void setDone(() => resolve('17')))),
    )
    await rig.control.act({ type: 'say', text: 'By the way.' }, 'Dana')
    finish()
    await rig.silence(5000)
    expect(rig.said()).toEqual(['Seventeen.', 'By the way.'])
    await rig.asks('thank you very much', 2000)
    expect(rig.shape().slice(-2)).toEqual(['assistant: Seventeen. By the way.', 'user: thank you very much'])
    await rig.over()
  })
})

let finish = (): void => undefined
function setDone(done: () => void): void {
  finish = done
}

describe('the line', () => {
  it.each(['look', 'wait', 'press_keys'])(
    'ends in %s: it is aborted, and nothing is said any more',
    async (name) => {
      const args = name === 'wait' ? { seconds: 20 } : { keys: 'wwwwwwwwwwwwwwww1' }
      const rig = await asked(
        [{ text: 'One moment.', toolCalls: [call(name, args)] }, 'Too late.'],
        hangs('look'),
      )
      await rig.silence(500)
      await rig.over()
      expect(rig.llm.requests).toHaveLength(1)
      expect(rig.said()).toEqual(['One moment.'])
      // Nobody is told any more, but the record is: the caller said nothing.
      const [cut] = rig.of('tool_failed')
      expect(JSON.stringify(cut?.private)).toMatch(/the call ended/i)
    },
  )

  it('has ended when a tool settles that goes on: nobody is asked, and nothing told behind its end', async () => {
    let done = (_result: string): void => undefined
    const tools = lastingTool('book', () => new Promise((resolve) => (done = resolve)))
    const rig = await asked([{ toolCalls: [call('book')] }, 'Too late.'], tools)
    await rig.end()
    done('booked as 17')
    await rig.time.settle()
    expect(rig.llm.requests).toHaveLength(1)
    expect(rig.names().at(-1)).toBe('call_ended')
  })
})

describe('another language', () => {
  const languages = ['he-IL']
  it('words, the switch, another tool, and words again stand in their order', async () => {
    const rig = await asked(
      [
        {
          text: 'One moment.',
          toolCalls: [call('switch_language', { language: 'he-IL' }), call('look')],
        },
        'שלום וברכה.',
        'כן.',
      ],
      rigTools({}, ['look'], async () => '17'),
      { languages },
    )
    await rig.silence(4000)
    expect(rig.llm.requests[1]!.request.language).toBe('he-IL')
    await rig.asks('תודה רבה לך', 3000)
    expect(rig.shape().slice(2)).toEqual([
      'assistant: One moment.',
      expect.stringMatching(/he-IL/),
      'tool: 17',
      'assistant: שלום וברכה.',
      'user: תודה רבה לך',
    ])
    await rig.over()
  })

  it('one that there is none of is told, and the call goes on', async () => {
    const rig = await asked(
      [{ toolCalls: [call('switch_language', { language: 'fr-FR' })] }, 'I am sorry.'],
      rigTools({}),
      { languages },
    )
    await rig.silence(3000)
    expect(rig.told()).toEqual([expect.stringMatching(/he-IL/)])
    expect(rig.said()).toEqual(['I am sorry.'])
    await rig.over()
  })
})

describe('fillers', () => {
  const tools = {
    ...RIG_SETTINGS.conversation.tools,
    fillerTexts: ['One moment please.'],
    fillerAfterMs: 400,
  }
  const conversation = { tools }

  it('of two slow tools in a row stand in front of the results, once', async () => {
    const rig = await asked(
      [{ text: 'I see.', toolCalls: [call('look'), call('book')] }, 'It is done.', 'Bye.'],
      hangs('look', 'book'),
      { conversation },
    )
    await rig.silence(16_000)
    await rig.asks('thank you very much', 3000)
    const words = rig.shape().join('\n')
    expect(words.match(/I see\./g)).toHaveLength(1)
    expect(words.indexOf('One moment please.')).toBeLessThan(words.indexOf('tool:'))
    expect(words).toMatch(/tool: [^\n]*\ntool: [^\n]*\nassistant: It is done\./)
    await rig.over()
  })
})

describe('a short memory', () => {
  it('never parts a call from its result, whatever the results weigh', async () => {
    let uses = 0
    const rig = await asked(
      Array.from({ length: 24 }, (_, at) =>
        at % 3 === 2
          ? `Answer ${at}.`
          : { text: at % 2 ? `Word ${at}.` : '', toolCalls: [call('look', { at })] },
      ),
      rigTools({}, ['look'], async () => 'r'.repeat((++uses * 977) % 4000)),
      { conversation: { greeting: 'Hello.', historyMaxTokens: 900 } },
    )
    for (let turn = 0; turn < 8; turn++) await rig.asks(`question ${turn} ${'word '.repeat(20)}`, 4000)
    expect(rig.of('history_forgotten').length).toBeGreaterThan(2)
    await rig.over()
  })
})
