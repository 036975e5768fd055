import { describe, expect, it } from 'vitest'
import { createSttRig, NETWORK, numbers } from './stt-rig.ts'

describe('a final of which nobody says where it ended', () => {
  it('is heard again by the session that follows, and what was told is not told twice', async () => {
    const rig = createSttRig({})
    rig.link.open()
    await rig.speak(1200)
    rig.live().emit({ type: 'final', text: 'one', endMs: NaN })
    await rig.speak(600)
    rig.live().fail(NETWORK)
    await rig.speak(600)
    expect(numbers(rig.live())[0]).toBe(0)
    rig.live().emit({ type: 'partial', text: 'one' })
    rig.live().emit({ type: 'final', text: 'One, two.', endMs: 1500 })
    await rig.end()
    expect(rig.texts()).toEqual(['one', 'two.'])
    expect(rig.heard.filter(({ type }) => type === 'partial')).toEqual([])
    expect(numbers(rig.live()).at(-1)).toBe(rig.frames - 1)
  })

  it('is not heard again some seconds later', async () => {
    const rig = createSttRig({})
    rig.link.open()
    await rig.silence(3000)
    await rig.speak(3000)
    await rig.silence(400)
    rig.live().emit({ type: 'final', text: 'one' })
    await rig.silence(6000)
    rig.live().fail(NETWORK)
    await rig.silence(600)
    expect(numbers(rig.live())[0]).toBeGreaterThan(300)
    await rig.end()
  })
})
