import { describe, expect, it } from 'vitest'
import { FINAL_OVERDUE_AGAIN_MS, FINAL_OVERDUE_MS } from '../../../src/pipeline/hearing/overdue-final.ts'
import { createCallRig } from '../call-rig.ts'
import { createSttRig, NETWORK, numbers } from './stt-rig.ts'

const finals = (rig: ReturnType<typeof createSttRig>) =>
  rig.heard.flatMap((event) => (event.type === 'final' ? [event] : []))

/** The caller said something, and a partial is all that came of it. */
async function partialOnly(text = 'when do you open') {
  const rig = createSttRig()
  rig.link.open()
  await rig.speak(1000)
  rig.live().emit({ type: 'partial', text })
  await rig.silence(FINAL_OVERDUE_MS - 100)
  return rig
}

describe('a final that does not come', () => {
  it('is made of the last partial, and counted', async () => {
    const rig = await partialOnly()
    expect(finals(rig)).toEqual([])
    await rig.silence(200)
    expect(finals(rig)).toMatchObject([{ type: 'final', text: 'when do you open', overdue: true }])
    expect(rig.of('stt_final_missing').map(({ fields }) => fields)).toEqual([{ plugin: 'fake' }])
    expect(rig.metrics.value('stt_finals_missing_total')).toBe(1)
    await rig.silence(10_000)
    expect(finals(rig)).toHaveLength(1)
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  })

  it('is waited for while the caller speaks, and while partials come', async () => {
    const rig = await partialOnly()
    rig.live().emit({ type: 'partial', text: 'when do you open on' })
    await rig.silence(FINAL_OVERDUE_MS - 100)
    await rig.speak(4000)
    expect(finals(rig)).toEqual([])
    rig.live().emit({ type: 'final', text: 'when do you open on Sunday' })
    await rig.silence(FINAL_OVERDUE_MS + 100)
    expect(rig.texts()).toEqual(['when do you open on Sunday'])
    expect(rig.of('stt_final_missing')).toEqual([])
    await rig.end()
  })

  it('is not waited for where words were taken back', async () => {
    const rig = await partialOnly()
    rig.live().emit({ type: 'partial', text: '' })
    await rig.silence(FINAL_OVERDUE_MS + 100)
    expect(finals(rig)).toEqual([])
    await rig.end()
  })

  it('is missed for less long the next time, until one comes', async () => {
    const rig = await partialOnly()
    await rig.silence(200)
    await rig.speak(500)
    rig.live().emit({ type: 'partial', text: 'yes' })
    await rig.silence(FINAL_OVERDUE_AGAIN_MS + 100)
    expect(rig.texts()).toEqual(['when do you open', 'yes'])
    await rig.speak(500)
    rig.live().emit({ type: 'final', text: 'thanks' })
    rig.live().emit({ type: 'partial', text: 'bye' })
    await rig.silence(FINAL_OVERDUE_AGAIN_MS + 100)
    expect(rig.texts()).toEqual(['when do you open', 'yes', 'thanks'])
    await rig.end()
  })

  it.each([
    ['the same', 'When do you open?', ['when do you open']],
    ['something else', 'when do you close', ['when do you open', 'when do you close']],
  ])('and comes after all is told where it says more (%s)', async (_what, text, texts) => {
    const rig = await partialOnly()
    await rig.silence(1500)
    rig.live().emit({ type: 'final', text, endMs: 900 })
    await rig.silence(100)
    expect(rig.texts()).toEqual(texts)
    expect(rig.of('stt_duplicate_final')).toHaveLength(texts.length === 1 ? 1 : 0)
    await rig.end()
  })

  it('leaves no audio to be heard twice when the session dies', async () => {
    const rig = await partialOnly()
    await rig.silence(4000)
    rig.live().fail(NETWORK)
    await rig.silence(500)
    expect(rig.stt.sessions).toHaveLength(2)
    expect(numbers(rig.live())[0]).toBeGreaterThanOrEqual(50)
    await rig.end()
  })
})

describe('a recogniser that tells partials alone', () => {
  async function onCall() {
    const rig = createCallRig({
      llm: { replies: ['At nine. Today?', 'For two?', 'Gladly.'] },
      settings: { conversation: { greeting: '', turns: { adaptive: false, preemptive: false } } },
    })
    rig.start()
    await rig.silence(100)
    async function says(text: string) {
      await rig.speak(400)
      rig.stt.sessions.at(-1)!.emit({ type: 'partial', text })
      await rig.silence(5000)
    }
    const turns = () => rig.of('turn_ended').map(({ private: words }) => words['text'])
    return { ...rig, says, turns }
  }

  it('is answered each time, also when the caller says the same again', async () => {
    const rig = await onCall()
    await rig.says('when do you open')
    await rig.says('yes')
    await rig.says('yes')
    expect(rig.turns()).toEqual(['when do you open', 'yes', 'yes'])
    expect(rig.of('reply_ended')).toHaveLength(3)
    expect(rig.of('stt_final_missing')).toHaveLength(3)
    await rig.end()
  })

  it('is understood although its partials go on from one utterance to the next', async () => {
    const rig = await onCall()
    await rig.says('when do you open')
    await rig.says('when do you open yes today')
    expect(rig.turns()).toEqual(['when do you open', 'yes today'])
    await rig.end()
  })
})
