import { describe, expect, it } from 'vitest'
import { createFakeDenoise, type FakeSttSession } from '../../../../src/testing/index.ts'
import { frameIndexes } from '../../call-rig.ts'
import { createSttRig, NETWORK, range } from '../stt-rig.ts'

/** One frame: what comes out of the filter stands in frames again. */
const DELAY_MS = 20
const FRAME_BYTES = 160

/** The numbers of the caller's frames that a session heard: the first is the filter's silence. */
const numbers = (session: FakeSttSession): number[] => frameIndexes(session.audio().subarray(FRAME_BYTES))

function denoisedRig() {
  const denoise = createFakeDenoise({ noiseBelow: 0, delayMs: DELAY_MS, asynchronous: true })
  return { denoise, rig: createSttRig({ denoise: denoise.provider }) }
}

describe('a call whose recogniser stands behind a filter', () => {
  it('is heard from its first frame to its last, each once', async () => {
    const { denoise, rig } = denoisedRig()
    rig.link.open()
    await rig.speak(1000)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(0, 50))
    expect(denoise.sessions[0]!.closed).toBe(true)
  })

  it('is repeated to the next session through a fresh filter, from what was answered', async () => {
    const { denoise, rig } = denoisedRig()
    rig.link.open()
    await rig.speak(1000)
    const [first] = rig.stt.sessions
    // In the recogniser's time, where the caller's first 500 ms end 20 ms later.
    first!.emit({ type: 'final', text: 'half', endMs: 500 + DELAY_MS })
    await rig.speak(500)
    first!.fail(NETWORK)
    await rig.speak(500)
    await rig.end()
    expect(rig.stt.sessions).toHaveLength(2)
    expect(numbers(rig.live())).toEqual(range(25, 100))
    expect(denoise.sessions.map(({ closed }) => closed)).toEqual([true, true])
    expect(rig.audio.stats.droppedFrames).toBe(0)
  })

  it('answers no sound that is still in the filter with a final that names no end', async () => {
    const { denoise, rig } = denoisedRig()
    rig.link.open()
    await rig.speak(400)
    denoise.hang()
    await rig.speak(200)
    const [first] = rig.stt.sessions
    first!.emit({ type: 'final', text: 'so far' })
    await rig.time.settle()
    first!.fail(NETWORK)
    denoise.goOn()
    await rig.speak(400)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(0, 50))
  })

  it('goes on unfiltered where the filter hangs, with nothing lost', async () => {
    const { denoise, rig } = denoisedRig()
    rig.link.open()
    await rig.speak(400)
    denoise.hang()
    await rig.speak(1600)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(0, 100))
    expect(rig.metrics.value('denoise_bypassed_total', { plugin: 'filter', reason: 'late' })).toBe(1)
  })

  it('is over in time though the filter hangs', async () => {
    const { denoise, rig } = denoisedRig()
    rig.link.open()
    await rig.speak(400)
    denoise.hang()
    await rig.speak(60)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(0, 23))
    expect(rig.live()).toMatchObject({ finished: true, closed: true })
  })
})
