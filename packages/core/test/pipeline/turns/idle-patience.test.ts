import { describe, expect, it } from 'vitest'
import { idlePatience } from '../../../src/pipeline/turns/idle-patience.ts'
import { createCallRig, RIG_SETTINGS } from '../call-rig.ts'

const IDLE = { afterMs: 4000, prompts: ['Still there?', 'Hello?'], farewell: 'Bye.', holdMs: 12_000 }
type Idle = Parameters<typeof idlePatience>[2]

describe('how long an idle caller is left alone', () => {
  it('is longer for what has to be looked up', () => {
    const ms = (kind: Parameters<typeof idlePatience>[0]): number => idlePatience(kind, 0, IDLE).afterMs
    expect(ms('yes-no')).toBe(4000)
    expect(ms('date')).toBe(6000)
    expect(ms('digits')).toBe(8000)
    expect(ms('hold')).toBe(12_000)
  })

  it('is never shorter for a caller who asked for a moment, who has it once', () => {
    expect(idlePatience('hold', 0, { ...IDLE, afterMs: 60_000 }).afterMs).toBe(60_000)
    expect(idlePatience('hold', 1, IDLE).afterMs).toBe(4000)
  })

  it('is what the configuration says of the question', () => {
    const byQuestion = {
      digits: { afterMs: 20_000 },
      name: { prompts: ['Your name?'] },
      date: { afterMs: 0 },
    }
    const own: Idle = { ...IDLE, byQuestion }
    expect(idlePatience('digits', 0, own)).toEqual({ afterMs: 20_000, prompts: IDLE.prompts })
    expect(idlePatience('name', 0, own)).toEqual({ afterMs: 4000, prompts: ['Your name?'] })
    expect(idlePatience('date', 0, own).afterMs).toBe(0)
  })

  it('has no end where nobody is ever asked', () => {
    for (const kind of ['digits', 'open', 'hold'] as const)
      expect(idlePatience(kind, 0, { ...IDLE, afterMs: 0 }).afterMs).toBe(0)
  })
})

/** What the agent says, and after how much silence of both, in whole seconds. */
async function silentCall(options: { greeting?: string; replies?: string[]; words?: string; idle?: object }) {
  const rig = createCallRig({
    llm: { replies: options.replies ?? ['All right.'] },
    settings: {
      conversation: {
        ...RIG_SETTINGS.conversation,
        greeting: options.greeting ?? '',
        idle: { ...IDLE, ...options.idle },
      },
    },
  })
  rig.start()
  await rig.silence(100)
  if (options.words !== undefined) {
    await rig.speak(600)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: options.words })
  }
  await rig.silence(500)
  await rig.wait(30_000)
  await rig.end()
  const said = rig.of('agent_said')
  const asked = said.findIndex(({ private: words }) => IDLE.prompts[0] === words['text'])
  const quietMs = (index: number): number => (said[index]?.atMs ?? NaN) - (said[index - 1]?.atMs ?? NaN)
  return { said, prompt: asked, firstAfterMs: quietMs(asked), secondAfterMs: quietMs(asked + 1) }
}

describe('the caller who is silent after a question', () => {
  it('is asked later where a number has to be found than where a yes would do, and stays so when asked again', async () => {
    const yesNo = await silentCall({ greeting: 'Do you have your card with you now?' })
    const digits = await silentCall({ greeting: 'What is your card number please now?' })
    expect(digits.firstAfterMs - yesNo.firstAfterMs).toBeGreaterThan(3500)
    expect(digits.secondAfterMs - yesNo.secondAfterMs).toBeGreaterThan(3500)
  })

  it('has the time they asked for, once', async () => {
    const call = await silentCall({ words: 'hold on', replies: ['Take your time.'] })
    expect(call.firstAfterMs).toBeGreaterThan(12_000)
    expect(call.secondAfterMs).toBeLessThan(8000)
  })

  it('has it too when only the last of the recogniser’s words tell', async () => {
    const rig = createCallRig({
      llm: { replies: ['Take your time.'] },
      settings: { conversation: { ...RIG_SETTINGS.conversation, greeting: '', idle: IDLE } },
    })
    rig.start()
    await rig.silence(100)
    await rig.speak(600)
    rig.stt.sessions.at(-1)!.emit({ type: 'partial', text: 'hold' })
    await rig.silence(600)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'hold on' })
    await rig.wait(10_000)
    expect(rig.of('agent_said').map(({ private: words }) => words['text'])).not.toContain(IDLE.prompts[0])
    await rig.end()
  })

  it('hears the prompts that belong to the question', async () => {
    const byQuestion = { digits: { prompts: ['It is on the back of the card.'] } }
    const { said } = await silentCall({ greeting: 'What is your card number?', idle: { byQuestion } })
    expect(said.map(({ private: words }) => words['text'])).toEqual([
      'What is your card number?',
      'It is on the back of the card.',
      'Bye.',
    ])
  })
})
