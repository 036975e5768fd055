import { describe, expect, it } from 'vitest'
import { createSttRig, NETWORK, numbers } from './stt-rig.ts'

/** A recogniser whose sessions open while it is not down; what it is asked in single requests is answered by the test. */
function withOutages() {
  const asked: ((text: string) => void)[] = []
  let down = true
  const rig = createSttRig({
    stt: {
      opening: () => (down ? { error: NETWORK } : {}),
      recognize: () => new Promise<string>((answer) => asked.push(answer)),
    },
  })
  return {
    rig,
    asked,
    async up(): Promise<void> {
      const known = rig.stt.sessions.length
      down = false
      while (rig.stt.sessions.length === known) await rig.silence(20)
    },
    async dies(): Promise<void> {
      down = true
      rig.live().fail(NETWORK)
      await rig.silence(500)
    },
  }
}

describe('utterances that are recognised one by one while no session opens', () => {
  it('are not told again by an answer that comes in the next outage', async () => {
    const { rig, asked, up, dies } = withOutages()
    rig.link.open()
    await rig.speak(800)
    await rig.silence(1500)
    expect(asked).toHaveLength(1)
    await up()
    rig.live().emit({ type: 'final', text: 'hello' })
    await rig.silence(100)
    await dies()
    asked[0]!('hello')
    await rig.silence(200)
    expect(rig.texts()).toEqual(['hello'])
    await rig.end()
  })

  it('do not wait for a request of the outage before', async () => {
    const { rig, asked, up, dies } = withOutages()
    rig.link.open()
    await rig.silence(3000)
    await rig.speak(800)
    await up()
    rig.live().emit({ type: 'final', text: 'hello' })
    await rig.silence(100)
    await dies()
    await rig.speak(500)
    await rig.silence(1100)
    expect(asked).toHaveLength(2)
    asked[1]!('are you there')
    await rig.silence(100)
    expect(rig.texts()).toEqual(['hello', 'are you there'])
    await rig.end()
  })

  it('are not heard again by the next session, however long they were', async () => {
    const { rig, asked, up, dies } = withOutages()
    rig.link.open()
    await up()
    await rig.speak(14_000)
    const spoken = rig.frames
    rig.live().emit({ type: 'partial', text: 'so' })
    await rig.silence(20)
    // Another begins to hear all of it again.
    rig.live().fail(NETWORK)
    await rig.silence(100)
    await dies()
    await rig.silence(1600)
    asked[0]!('a long story')
    await up()
    await rig.silence(500)
    expect(rig.texts()).toEqual(['a long story'])
    expect(numbers(rig.live())[0]).toBeGreaterThanOrEqual(spoken)
    await rig.end()
  })
})
