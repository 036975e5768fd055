// How the agent's voice comes back: late, softer, and changed by a loudspeaker, a room and a line.

import { createRandom } from '../../lib/random.mjs'
import { createSampleDecoder, createSampleEncoder } from '../../../packages/core/dist/host.js'
import { FRAME_SAMPLES, SAMPLES_PER_MS, toLinear } from './level.mjs'

const FORMAT = { encoding: 'mulaw', sampleRateHz: 8000 }

/**
 * `add(frame, startMs)` adds the echo of 20 ms. Besides `levelDb` and `delayMs`: `clipsAt` (a loudspeaker that goes no
 * further), `lowHz` and `highHz` (what passes), `ringsMs` (a room, to 60 dB down), `driftPpm` (a clock that runs fast),
 * `changes: [{ atMs, delayMs }]`, `twice` (mu-law once more on the way).
 */
export function createEchoPath(echo, far, seed) {
  const { levelDb, delayMs, clipsAt = Infinity, driftPpm = 0, changes = [], twice = false } = echo
  const gain = toLinear(levelDb)
  const pass = passBand(echo)
  const ring = room(echo, seed)
  const encode = createSampleEncoder(FORMAT)
  const decoder = createSampleDecoder(FORMAT)
  return {
    add(frame, startMs) {
      const late = changes.findLast(({ atMs }) => startMs >= atMs)?.delayMs ?? delayMs
      const fromMs = startMs * (1 - driftPpm / 1e6) - late
      if (fromMs < 0) return
      const played = far.playedAt(fromMs, FRAME_SAMPLES)
      const sound = new Float32Array(FRAME_SAMPLES)
      for (let n = 0; n < FRAME_SAMPLES; n++) {
        sound[n] = gain * ring(pass(Math.max(-clipsAt, Math.min(clipsAt, played[n] ?? 0))))
      }
      const back = twice ? decoder.decode(new Uint8Array(encode(Int16Array.from(sound, Math.round)))) : sound
      for (let n = 0; n < FRAME_SAMPLES; n++) frame[n] += back[n]
    },
  }
}

/** One pole each way. */
function passBand({ lowHz, highHz }) {
  const a = highHz === undefined ? 1 : 1 - Math.exp((-2 * Math.PI * highHz) / 8000)
  const b = lowHz === undefined ? 0 : 1 - Math.exp((-2 * Math.PI * lowHz) / 8000)
  let high = 0
  let low = 0
  return (sample) => {
    high += a * (sample - high)
    low += b * (high - low)
    return high - low
  }
}

/** The direct sound and twenty of its ways round the room. */
function room({ ringsMs }, seed) {
  if (ringsMs === undefined) return (sample) => sample
  const random = createRandom(seed)
  const taps = Array.from({ length: 20 }, () => {
    const at = Math.round(random() * ringsMs * SAMPLES_PER_MS * 0.7) + 8
    return { at, gain: (random() - 0.5) * 10 ** ((-3 * at) / SAMPLES_PER_MS / ringsMs) }
  })
  const past = new Float32Array(ringsMs * SAMPLES_PER_MS)
  let now = 0
  return (sample) => {
    past[now] = sample
    let sum = sample
    for (const { at, gain } of taps) sum += gain * past[(now - at + past.length) % past.length]
    now = (now + 1) % past.length
    return sum
  }
}
