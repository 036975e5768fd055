import { describe, expect, it } from 'vitest'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'
import { FINAL_STANDS_MS } from '../../../src/pipeline/turns/turn-noise.ts'

const NOISE_AFTER_MS = 5000
const plain = { greeting: '', turns: { adaptive: false, preemptive: false } }

function onCall(options: CallRigOptions = {}) {
  const rig = createCallRig({
    llm: { replies: [{ text: 'Here is the answer.', firstTokenMs: 800 }, 'Another one.'] },
    settings: { conversation: plain },
    // A recogniser that is not taken for dead by what it cannot hear.
    ...options,
  })
  const session = rig.start()
  const hear = (text: string): void => rig.stt.sessions.at(-1)!.emit({ type: 'final', text })
  const frames = (): number => rig.far.sent.filter(({ kind }) => kind === 'frame').length
  return { ...rig, session, hear, frames }
}

/** A television: voice with short pauses. */
async function television(rig: ReturnType<typeof onCall>, ms: number, voiceMs: number, pauseMs: number) {
  for (let at = 0; at < ms; at += voiceMs + pauseMs) {
    await rig.speak(voiceMs)
    await rig.silence(pauseMs)
  }
}

describe('a television', () => {
  it.each([
    ['without a pause', 20_000, 0],
    ['with short pauses', 800, 400],
    ['with pauses like speech', 2000, 1000],
  ])('%s holds an answer back for a bounded time', async (_how, voiceMs, pauseMs) => {
    const rig = onCall()
    await rig.silence(100)
    await rig.speak(300)
    rig.hear('what time is it')
    await rig.silence(700)
    await television(rig, NOISE_AFTER_MS + 2500, voiceMs, pauseMs)
    expect(rig.of('noise')).toHaveLength(1)
    expect(rig.frames()).toBeGreaterThan(0)
    await rig.silence(3000)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it.each([
    ['without a pause', 20_000, 0],
    ['with short pauses', 800, 400],
  ])('%s pauses what is being said once, and it goes on to its end', async (_how, voiceMs, pauseMs) => {
    const text =
      'One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen.'
    const rig = onCall({ llm: { replies: [text] } })
    await rig.silence(100)
    await rig.speak(300)
    rig.hear('count')
    await rig.silence(1500)
    await television(rig, 25_000, voiceMs, pauseMs)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it('behind final words does not keep them from being answered', async () => {
    const rig = onCall()
    await rig.silence(100)
    await rig.speak(900)
    rig.hear('when do you open')
    await rig.speak(FINAL_STANDS_MS - 200)
    expect(rig.of('turn_ended')).toEqual([])
    await rig.speak(200 + 320 + 40)
    expect(rig.of('turn_ended')).toHaveLength(1)
    await rig.speak(5000)
    expect(rig.of('reply_ended')).toHaveLength(1)
    await rig.end()
  })

  it('is spoken over by words: they interrupt, and are answered', async () => {
    const rig = onCall({
      llm: { replies: ['One two three four five six seven eight nine ten eleven twelve.', 'Yes?'] },
    })
    await rig.silence(100)
    await rig.speak(900)
    rig.hear('count please')
    await rig.speak(FINAL_STANDS_MS + 1500)
    expect(rig.of('agent_said')).toHaveLength(1)
    rig.hear('no stop')
    await rig.speak(1500)
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.of('turn_ended').map(({ private: said }) => said['text'])).toEqual(['count please', 'no stop'])
    await rig.end()
  })

  it('that falls silent is forgotten: voice stops the agent again', async () => {
    const rig = onCall({
      llm: { replies: ['Yes.', 'One two three four five six seven eight nine ten eleven.'] },
    })
    await rig.silence(100)
    await rig.speak(8000)
    await rig.silence(3000)
    await rig.speak(300)
    rig.hear('hello')
    await rig.silence(2000)
    await rig.speak(300)
    rig.hear('count')
    await rig.silence(1500)
    await rig.speak(300)
    expect(rig.of('paused')).toHaveLength(1)
    await rig.end()
  })

  it.each([
    ['without a pause', 20_000, 0],
    ['with short pauses', 800, 400],
    ['that comes now and then', 1000, 6000],
  ])('%s is an idle caller: asked, then let go', async (_how, voiceMs, pauseMs) => {
    const idle = { afterMs: 8000, prompts: ['Are you there?'], farewell: 'Goodbye.' }
    const rig = onCall({ settings: { conversation: { ...plain, idle } } })
    await rig.silence(500)
    await television(rig, 60_000, voiceMs, pauseMs)
    expect(rig.of('agent_said').map(({ private: said }) => said['text'])).toEqual([
      'Are you there?',
      'Goodbye.',
    ])
    expect(await rig.session.done).toMatchObject({ endedBy: 'agent' })
  })
})

describe('a caller who speaks', () => {
  it('at length, with words, is not answered before the end', async () => {
    const rig = onCall()
    await rig.silence(100)
    for (let words = 1; words <= 60; words++) {
      await rig.speak(500)
      const text = Array.from({ length: words }, (_, at) => `word${at}`).join(' ')
      rig.stt.sessions.at(-1)!.emit({ type: 'partial', text })
    }
    expect(rig.of('turn_ended')).toEqual([])
    await rig.silence(900)
    expect(rig.of('turn_ended')).toHaveLength(1)
    await rig.end()
  })

  it('for longer than the bound before the recogniser has a word, is heard as ever afterwards', async () => {
    const rig = onCall({ llm: { replies: ['One two three four five six seven eight nine ten.'] } })
    await rig.silence(100)
    await rig.speak(NOISE_AFTER_MS + 2000)
    await rig.silence(300)
    rig.hear('a long sentence that came whole')
    await rig.silence(1500)
    expect(rig.of('turn_ended')).toHaveLength(1)
    await rig.speak(300)
    expect(rig.of('paused')).toHaveLength(1)
    await rig.end()
  })
})
