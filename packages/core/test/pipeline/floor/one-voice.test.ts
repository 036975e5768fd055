import { describe, expect, it } from 'vitest'
import type { CallSettings } from '../../../src/host.ts'
import { buildToolKit } from '../../../src/tools/tool-kit.ts'
import { NO_TOOLS } from '../../tools/tool-rig.ts'
import { createCallRig, type CallRigOptions, RIG_SETTINGS } from '../call-rig.ts'
import { CLEAR, expectOneVoiceAtATime, wireRuns } from './wire-voices.ts'

const plainTurns = {
  ...RIG_SETTINGS.conversation.turns,
  adaptive: false,
  unfinishedWaitMs: 1200,
  numberWaitMs: 900,
  preemptive: false,
}
const conversation = (own: Partial<CallSettings['conversation']>): Partial<CallSettings['conversation']> => ({
  greeting: '',
  turns: plainTurns,
  ...own,
})
const shielded = { ...RIG_SETTINGS.conversation.bargeIn, greeting: false }

async function ask(rig: ReturnType<typeof createCallRig>, text: string): Promise<void> {
  await rig.speak(300)
  rig.stt.sessions[0]!.emit({ type: 'final', text })
}

const outcomes = (rig: ReturnType<typeof createCallRig>) =>
  rig.of('reply_ended').map(({ fields, private: { heard } }) => [fields['outcome'], heard])

describe('a greeting that may not be interrupted and is late', () => {
  const LONG = 'Welcome to our hotel, the best in town, where every guest is treated like a king, and so on'
  const late = (greeting: string, tts: CallRigOptions['tts'] = {}): CallRigOptions => ({
    settings: { conversation: conversation({ greeting, bargeIn: shielded }) },
    tts: {
      msPerCharacter: 20,
      voice: (_, index) => ({ firstAudioMs: index === 0 ? 1500 : 100 }),
      ...tts,
    },
    llm: { replies: ['Yes, I am here.'] },
  })

  it.each([
    ['clause by clause', {}],
    ['in a stream', { streams: true }],
  ])('is heard to its end, then the turn that ended meanwhile is answered %s', async (_how, tts) => {
    const greeting = 'Welcome to our hotel.'
    const rig = createCallRig(late(greeting, tts))
    rig.start()
    await rig.wait(200)
    await ask(rig, 'hello')
    await rig.silence(4000)
    const runs = wireRuns(rig.far.sent, [greeting, 'Yes, I am here.'])
    expect(runs).toEqual([
      [greeting, greeting.length],
      ['Yes, I am here.', 15],
    ])
    expect(rig.of('greeting_end').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it('is heard before keys are answered, too', async () => {
    const rig = createCallRig(late('Welcome to our hotel.'))
    rig.start()
    await rig.wait(200)
    for (const digit of '12#') rig.far.dtmf(digit)
    await rig.silence(4000)
    expect(wireRuns(rig.far.sent, ['Welcome to our hotel.', 'Yes, I am here.']).map(([who]) => who)).toEqual([
      'Welcome to our hotel.',
      'Yes, I am here.',
    ])
    await rig.end()
  })

  it('keeps nothing busy when the caller hangs up in the middle of it all', async () => {
    const rig = createCallRig(late(LONG, { msPerCharacter: 60 }))
    const session = rig.start()
    await rig.wait(200)
    await ask(rig, 'hello')
    await rig.silence(2500)
    rig.far.hangUp()
    await rig.wait(12_000)
    expect((await session.done).counters['floor_taken_over']).toBe(0)
    expect([rig.far.ignored, rig.time.pending()]).toEqual([0, 0])
  })
})

describe('what was heard', () => {
  const REPLY = 'The first part of it is said here. And then comes the second part of the answer.'

  it.each([
    ['clause by clause', {}],
    ['in a stream', { streams: true }],
  ])('is recorded once when the call ends while the reply is paused, spoken %s', async (_how, tts) => {
    const rig = createCallRig({
      settings: { conversation: conversation({}) },
      llm: { replies: [REPLY] },
      tts,
    })
    rig.start()
    await rig.wait(100)
    await ask(rig, 'tell me more')
    await rig.silence(1800)
    await rig.speak(600)
    const [paused] = rig.of('paused')
    expect(REPLY.startsWith(String(paused!.private['heard']))).toBe(true)
    await rig.end()
    expect(outcomes(rig)).toEqual([['cut', paused!.private['heard']]])
  })

  it('is the sum of what was heard before and after a pause', async () => {
    const rig = createCallRig({
      settings: { conversation: conversation({}) },
      llm: { replies: [REPLY] },
    })
    rig.start()
    await rig.wait(100)
    await ask(rig, 'tell me more')
    await rig.silence(1800)
    await rig.speak(400)
    await rig.silence(3000)
    expect(rig.of('resumed')).toHaveLength(1)
    await rig.end()
    const [[outcome, heard]] = outcomes(rig) as [[string, string]]
    expect(outcome).toBe('cut')
    expect(REPLY.startsWith(heard)).toBe(true)
    expect(heard.length).toBeGreaterThan(String(rig.of('paused')[0]!.private['heard']).length)
  })
})

describe('keys that were cut off', () => {
  const KEYS = '1234567890123456'
  const press = (text: string, after: string): CallRigOptions => ({
    settings: { conversation: conversation({}) },
    llm: {
      replies: [
        { text, toolCalls: [{ id: 'c1', name: 'press_keys', arguments: `{"keys":"${KEYS}"}` }] },
        after,
        'As you wish.',
      ],
    },
    tts: { msPerCharacter: 20 },
    tools: (on) => buildToolKit({ settings: { ...NO_TOOLS, pressKeys: true }, code: [], ...on }),
  })
  const told = (rig: ReturnType<typeof createCallRig>): unknown[] =>
    rig.llm.requests
      .at(-1)!
      .request.messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []))

  it('by a noise are told to the model as cut, with those that the far end has heard', async () => {
    const rig = createCallRig(press('Now.', 'Done.'))
    rig.start()
    await rig.wait(100)
    await ask(rig, 'please dial')
    await rig.silence(1400)
    await rig.speak(500)
    const heardKeysMs = rig.far.heardMs() - 'Now.'.length * 20
    await rig.silence(2500)
    const whole = Math.floor((heardKeysMs + 120) / 160)
    expect(whole).toBeGreaterThan(3)
    const first = `the first ${whole} were sent (${KEYS.slice(0, whole)})`
    expect(told(rig)).toEqual([`Cut off, since the caller spoke: of 16 keys, only ${first}.`])
    expect(wireRuns(rig.far.sent, ['Now.', 'Done.']).map(([who]) => who)).toEqual([
      'Now.',
      '(other)',
      CLEAR,
      'Done.',
    ])
    await rig.end()
  })

  it('by an interruption that is a turn of its own stand in the very request that answers it', async () => {
    const rig = createCallRig(press('Now.', 'Done.'))
    rig.start()
    await rig.wait(100)
    await ask(rig, 'please dial')
    await rig.silence(1400)
    // Keys of the caller: the reply is interrupted and the next one asked for in one step.
    rig.far.dtmf('#')
    await rig.wait(50)
    expect(told(rig)).toEqual([expect.stringMatching(/only the first \d were sent/)])
    expectOneVoiceAtATime(wireRuns(rig.far.sent, ['Now.', 'Done.', 'As you wish.']))
    await rig.end()
  })

  it('are sent when none was cut, and the model is told so once they were heard', async () => {
    const rig = createCallRig(press('Now.', 'Done.'))
    rig.start()
    await rig.wait(100)
    await ask(rig, 'please dial')
    await rig.silence(5000)
    expect(told(rig)).toEqual(['The keys were sent.'])
    await rig.end()
  })

  it('in a call with a speech-to-speech model are told to it as cut, behind what it said', async () => {
    const rig = createCallRig({
      settings: { conversation: { greeting: '' } },
      realtime: {
        replies: [
          {
            text: 'Now.',
            audioMs: 200,
            toolCalls: [{ id: 'c1', name: 'press_keys', arguments: `{"keys":"${KEYS}"}` }],
          },
        ],
      },
      tools: (on) => buildToolKit({ settings: { ...NO_TOOLS, pressKeys: true }, code: [], ...on }),
    })
    rig.start()
    await rig.wait(100)
    const model = rig.realtime!.sessions[0]!
    await rig.speak(300)
    model.speechStarted(300)
    await rig.silence(300)
    model.speechStopped('dial', 300)
    await rig.silence(1000)
    const heardMs = rig.far.heardMs() - 200
    rig.far.dtmf('5')
    await rig.wait(20)
    const whole = Math.floor((heardMs + 120) / 160)
    expect(whole).toBeGreaterThan(2)
    expect(model.toolResults).toEqual([
      {
        callId: 'c1',
        content: `Cut off, since the caller spoke: of 16 keys, only the first ${whole} were sent (${KEYS.slice(0, whole)}).`,
      },
    ])
    await rig.end()
  })
})

it('an idle caller who speaks as a late prompt begins is answered after it was cleared, not between its frames', async () => {
  const rig = createCallRig({
    settings: {
      conversation: conversation({
        idle: { afterMs: 500, prompts: ['Are you there, my friend?'], farewell: '' },
      }),
    },
    llm: { replies: ['Good to hear you.'] },
    tts: { msPerCharacter: 20, voice: (_, index) => ({ firstAudioMs: index === 0 ? 800 : 50 }) },
  })
  rig.start()
  await rig.silence(100)
  await rig.speak(300)
  await rig.silence(900)
  await ask(rig, 'yes I am here now')
  await rig.silence(3000)
  expectOneVoiceAtATime(wireRuns(rig.far.sent, ['Are you there, my friend?', 'Good to hear you.']))
  expect(outcomes(rig).map(([outcome]) => outcome)).toEqual(['heard'])
  await rig.end()
})
