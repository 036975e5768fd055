import { describe, expect, it } from 'vitest'
import type { FakeSttSessionScript } from '../../../src/testing/index.ts'
import { createSttRig, NETWORK, numbers, range } from './stt-rig.ts'

type Rig = ReturnType<typeof createSttRig>

const firstFrame = (audio: Uint8Array): string =>
  `from ${numbers({ audio: () => audio } as Parameters<typeof numbers>[0])[0]}`
const hears: FakeSttSessionScript = { hears: firstFrame }

/** The session that hears now dies of being asked for its last words. */
function diesOfFinish({ live }: Rig): void {
  const last = live()
  last.session.finish = () => last.fail(NETWORK)
}

/** The caller hangs up. Returns how long their last words were waited for. */
async function hangUp(rig: Rig): Promise<number> {
  const fromMs = rig.clock.nowMs()
  await rig.end()
  return rig.closingAtMs - fromMs
}

describe('the last words of a caller who hangs up', () => {
  it('are heard by the next session where the last one dies of being asked for them', async () => {
    const rig = createSttRig({ stt: { session: (index) => (index === 0 ? {} : hears) } })
    rig.link.open()
    await rig.speak(1200)
    diesOfFinish(rig)
    await hangUp(rig)
    expect(rig.texts()).toEqual(['from 0'])
    expect(rig.of('stt_lost')).toHaveLength(1)
    expect(rig.time.pending()).toBe(0)
  })

  it('are not asked for again where none were owed', async () => {
    const rig = createSttRig({ stt: { session: (index) => (index === 0 ? {} : hears) } })
    rig.link.open()
    await rig.speak(1200)
    await rig.silence(400)
    rig.live().emit({ type: 'final', text: 'all', endMs: 1200 })
    await rig.silence(400)
    diesOfFinish(rig)
    expect(await hangUp(rig)).toBeLessThan(200)
    expect(rig.texts()).toEqual(['all'])
    expect(rig.stt.sessions).toHaveLength(1)
    expect(rig.of('stt_lost')).toEqual([])
  })

  it('are heard utterance by utterance where no session opens any more', async () => {
    let down = false
    const rig = createSttRig({
      stt: { opening: () => (down ? { error: NETWORK } : {}), recognize: firstFrame },
    })
    rig.link.open()
    await rig.speak(1200)
    down = true
    diesOfFinish(rig)
    await hangUp(rig)
    expect(rig.texts()).toEqual(['from 0'])
  })

  it('are not waited for without end: of one that says nothing, of many that die', async () => {
    const silent = createSttRig({ stt: { session: () => ({ finishMs: Infinity }) } })
    silent.link.open()
    await silent.speak(1200)
    expect(await hangUp(silent)).toBeLessThanOrEqual(2100)

    const dying = createSttRig({ stt: { session: () => ({ diesAtMs: 1000 }) } })
    dying.link.open()
    await dying.speak(900)
    await dying.speak(200)
    expect(await hangUp(dying)).toBeLessThanOrEqual(3600)
    expect(dying.time.pending()).toBe(0)
  })

  it('are all of what waited for a session that opened late', async () => {
    const rig = createSttRig({ stt: { opening: { afterMs: 2500 }, ...hears } })
    rig.link.open()
    await rig.speak(2400)
    await hangUp(rig)
    expect(rig.texts()).toEqual(['from 0'])
    expect(numbers(rig.live())).toEqual(range(0, rig.frames))
  })
})
