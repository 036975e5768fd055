import { describe, expect, it } from 'vitest'
import { decodeMulaw, encodeMulaw } from '../../../src/audio/g711.ts'
import { MULAW_8K } from '../../../src/index.ts'
import { createDucking } from '../../../src/pipeline/speaking/ducking.ts'

function onVoice(db: number) {
  const ducking = createDucking(MULAW_8K, db)
  /** Level of the next frame of a voice at 8000. */
  const next = (): number => {
    const frame = encodeMulaw(new Int16Array(160).fill(8000))
    ducking.apply(frame)
    return decodeMulaw(frame)[0]!
  }
  return { ducking, next }
}

describe('a voice that is ducked', () => {
  it('goes down over one frame, stays there, and comes back the same way', () => {
    const { ducking, next } = onVoice(-20)
    const full = next()
    ducking.ducked = true
    const levels = [next(), next(), next()]
    ducking.ducked = false
    expect([...levels, next(), next()].map((level) => Math.round((level / full) * 100))).toEqual(
      [32, 10, 10, 32, 100].map((percent) => expect.closeTo(percent, -0.7)),
    )
  })

  it('keeps what is soft in it as it is, down to its own level', () => {
    const ducking = createDucking(MULAW_8K, -18)
    const levelOf = (peak: number): number => {
      const frame = encodeMulaw(new Int16Array(160).fill(peak))
      ducking.apply(frame)
      return decodeMulaw(frame)[0]! / peak
    }
    for (let frames = 0; frames < 50; frames++) levelOf(8000)
    ducking.ducked = true
    levelOf(8000)
    expect(levelOf(8000)).toBeCloseTo(0.126, 1)
    for (let frames = 0; frames < 5; frames++) levelOf(800)
    expect(levelOf(800)).toBeCloseTo(1, 1)
    // 9 dB softer than the voice: half of what it is lowered by.
    expect(levelOf(2840)).toBeCloseTo(0.355, 1)
    // And what is loud again is soft at once.
    levelOf(800)
    expect(levelOf(8000)).toBeCloseTo(0.126, 1)
  })

  it('is as it was where the agent never ducks', () => {
    const { ducking, next } = onVoice(0)
    const full = next()
    ducking.ducked = true
    expect([next(), next()]).toEqual([full, full])
  })
})
