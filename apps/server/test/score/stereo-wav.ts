import { encodeMulaw, writeWav } from '@kav/core'
import type { Interval } from '@kav/core/panel'

const HZ = 8000

export interface Sides {
  readonly caller: readonly Interval[]
  readonly agent: readonly Interval[]
  readonly durationMs: number
}

/** A recording whose truth is known: a buzz with syllables where somebody speaks, noise of this level everywhere. */
export function stereoWav(
  sides: Sides,
  { noiseDb = -60, mulaw = false }: { noiseDb?: number; mulaw?: boolean } = {},
): Uint8Array {
  const left = sideOf(sides.caller, sides.durationMs, noiseDb, 140)
  const right = sideOf(sides.agent, sides.durationMs, noiseDb, 210)
  const stereo = new Int16Array(left.length * 2)
  left.forEach((sample, at) => {
    stereo[2 * at] = sample
    stereo[2 * at + 1] = right[at]!
  })
  if (mulaw) return writeWav({ encoding: 'mulaw', sampleRateHz: HZ }, 2, encodeMulaw(stereo))
  return writeWav({ encoding: 'linear16', sampleRateHz: HZ }, 2, new Uint8Array(stereo.buffer))
}

function sideOf(
  voice: readonly Interval[],
  durationMs: number,
  noiseDb: number,
  pitchHz: number,
): Int16Array {
  let state = pitchHz
  const noise = 32_767 * Math.sqrt(3) * 10 ** (noiseDb / 20)
  return Int16Array.from({ length: (durationMs * HZ) / 1000 }, (_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const background = noise * (state / 2 ** 31 - 1)
    const atMs = (at / HZ) * 1000
    const spoken = voice.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)
    if (!spoken) return Math.round(background)
    const seconds = (atMs - spoken.startMs) / 1000
    const syllable = 0.4 + 0.6 * Math.abs(Math.sin(2 * Math.PI * 2.5 * seconds + 0.8))
    const buzz = [1, 2, 5].reduce((sum, n) => sum + Math.sin(2 * Math.PI * pitchHz * n * seconds) / n, 0)
    return Math.round(background + 6000 * syllable * buzz)
  })
}
