// What lies between the caller's mouth and the server: room noise, the agent's echo, mu-law, and a network that is late.

import { createSampleEncoder } from '../../../packages/core/dist/host.js'
import { createRandom } from '../../lib/random.mjs'
import { createEchoPath } from '../sound/echo-path.mjs'
import { makeNoise } from '../sound/background.mjs'
import { addInto, FRAME_SAMPLES } from '../sound/level.mjs'
import { toInt16 } from './agent.mjs'

const FRAME_MS = 20
/** No line is quite silent. */
const FLOOR_DB = -62
const STALL_MS = [100, 400]

/** `send(frame, startMs)`: 20 ms of the caller's mouth; they arrive once they are over, in order. */
export function createLine({ scenario, clock, far, sounds }) {
  const encode = createSampleEncoder({ encoding: 'mulaw', sampleRateHz: 8000 })
  const echo = scenario.echo && createEchoPath(scenario.echo, far, scenario.seed)
  const noise = noiseOf(scenario, sounds)
  const delayOf = delaysOf(scenario.jitter)
  let lastArrivalMs = 0
  return {
    send(frame, startMs) {
      addInto(frame, loopOf(noise, startMs * 8))
      echo?.add(frame, startMs)
      const bytes = new Uint8Array(encode(toInt16(frame)))
      lastArrivalMs = Math.max(lastArrivalMs, startMs + FRAME_MS + delayOf())
      clock.after(lastArrivalMs - far.nowMs(), () => far.media(bytes))
    },
  }
}

function noiseOf({ noise, levelDb, seed }, { others }) {
  if (noise === undefined) return makeNoise('white', seed, FLOOR_DB, others)
  return makeNoise(noise.kind, noise.seed, levelDb - noise.snrDb, others)
}

function loopOf(noise, from) {
  const at = from % noise.length
  return noise.subarray(at, at + FRAME_SAMPLES)
}

/** Exponential about the mean, and a stall now and then, as of a lost packet that is sent again. */
function delaysOf(jitter) {
  if (jitter === undefined) return () => 0
  const random = createRandom(jitter.seed)
  return () => {
    if (random() < jitter.stallShare) return STALL_MS[0] + (STALL_MS[1] - STALL_MS[0]) * random()
    return -jitter.ms * Math.log(1 - random())
  }
}
