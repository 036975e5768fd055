import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMulaw, encodeMulaw } from '../../src/audio/index.ts'
import { type Interval, segmentVoice } from '../../src/panel/index.ts'
import { mixed, noise, voiceAt } from './sounds.ts'

const at = (startMs: number, endMs: number): Interval => ({ startMs, endMs })
const VOICE = [at(500, 1800), at(2600, 2900), at(4000, 8000)]
const DURATION_MS = 10_000
const NOTHING = new Float64Array(DURATION_MS * 8)

/** The same pieces, each edge within `withinMs`. */
function expectNear(found: readonly Interval[], truth: readonly Interval[], withinMs = 20): void {
  expect(found).toHaveLength(truth.length)
  found.forEach(({ startMs, endMs }, i) => {
    expect(Math.abs(startMs - truth[i]!.startMs)).toBeLessThanOrEqual(withinMs)
    expect(Math.abs(endMs - truth[i]!.endMs)).toBeLessThanOrEqual(withinMs)
  })
}

describe('voice of one channel', () => {
  const voice = voiceAt(VOICE, DURATION_MS)
  it.each([
    ['in silence', mixed(voice)],
    ['in the noise of a line', mixed(voice, noise(DURATION_MS, -55))],
    ['in a loud room', mixed(voice, noise(DURATION_MS, -36))],
    ['beside a street', mixed(voice, noise(DURATION_MS, -29))],
    ['through mu-law', decodeMulaw(encodeMulaw(mixed(voice, noise(DURATION_MS, -50))))],
    ['through mu-law from silence', decodeMulaw(encodeMulaw(mixed(voice)))],
    [
      'with an offset',
      mixed(
        voice,
        NOTHING.map(() => 0.05),
      ),
    ],
    [
      'with clicks',
      mixed(
        voice,
        NOTHING.map((_, i) => (i % 4000 < 40 && i > 24_000 && i < 31_000 ? 0.5 : 0)),
      ),
    ],
  ])('is found %s', (_, samples) => {
    expectNear(segmentVoice(samples, 8000), VOICE)
  })

  it('is found where somebody speaks nearly all the time', () => {
    const much = [at(0, 9700)]
    expectNear(segmentVoice(mixed(voiceAt(much, DURATION_MS)), 8000), much)
  })

  it('is found where somebody says one word in a minute, in noise', () => {
    const little = [at(30_000, 30_400)]
    expectNear(segmentVoice(mixed(voiceAt(little, 60_000, 0.2), noise(60_000, -50)), 8000), little)
  })

  it('ends with its softest sound where the pauses are silent', () => {
    const spoken = [at(0, 3000), at(4000, 5000)]
    const soft = voiceAt(spoken, 6000).map((sample, i) => (i > 22_400 && i < 24_000 ? sample / 16 : sample))
    expectNear(segmentVoice(mixed(soft), 8000), spoken)
  })

  it('is told from noise where the line is muted for a while', () => {
    const muted = mixed(voice, noise(DURATION_MS, -45)).map((sample, i) => (i > 68_000 ? 0 : sample))
    expectNear(segmentVoice(muted, 8000), VOICE)
  })

  it('is none where nothing sounds, or always the same', () => {
    expect(segmentVoice(new Int16Array(0), 8000)).toEqual([])
    expect(segmentVoice(new Int16Array(8000), 8000)).toEqual([])
    expect(segmentVoice(mixed(noise(DURATION_MS, -45)), 8000)).toEqual([])
    expect(segmentVoice(mixed(noise(DURATION_MS, -20)), 8000)).toEqual([])
  })

  it('has no hole where a consonant closes the mouth, and one where the caller pauses', () => {
    const pieces = [at(500, 900), at(1090, 1500), at(1750, 2200)]
    expectNear(segmentVoice(mixed(voiceAt(pieces, 4000)), 8000), [at(500, 1500), at(1750, 2200)])
  })

  it('does not change with its loudness', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 1, noNaN: true }), (by) => {
        const parts = [voice, noise(DURATION_MS, -50)].map((part) => part.map((sample) => sample * by))
        expectNear(segmentVoice(mixed(...parts), 8000), VOICE)
      }),
      { numRuns: 10 },
    )
  })

  it('is at the same times at another rate', () => {
    const doubled = mixed(voice).reduce(
      (samples, sample, i) => {
        samples[2 * i] = sample
        samples[2 * i + 1] = sample
        return samples
      },
      new Int16Array(voice.length * 2),
    )
    expectNear(segmentVoice(doubled, 16_000), VOICE)
  })
})
