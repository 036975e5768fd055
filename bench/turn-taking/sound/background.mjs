// What lies under a whole call, and people who talk to somebody else.

import { createRandom } from '../../lib/random.mjs'
import { addInto, atLevel, concat, SAMPLES_PER_MS } from './level.mjs'

export const NOISES = ['white', 'street', 'babble', 'hum']

/** `seconds` of noise at `levelDb`, to be repeated. */
export function makeNoise(kind, seed, levelDb, others, seconds = 8) {
  const length = seconds * 1000 * SAMPLES_PER_MS
  const random = createRandom(seed)
  return atLevel(kind === 'babble' ? babble(others, seed, length) : MAKERS[kind](random, length), levelDb)
}

const MAKERS = {
  white: (random, length) => Float32Array.from({ length }, () => random() * 2 - 1),
  /** Low noise that swells and ebbs. */
  street(random, length) {
    let low = 0
    return Float32Array.from({ length }, (_, n) => {
      low += 0.12 * (random() * 2 - 1 - low)
      return low * (1 + 0.7 * Math.sin((2 * Math.PI * n) / (8000 * 2.7)))
    })
  },
  hum: (random, length) =>
    Float32Array.from({ length }, (_, n) => {
      const turn = (2 * Math.PI * 100 * n) / 8000
      return Math.sin(turn) + 0.5 * Math.sin(2 * turn) + 0.3 * Math.sin(3 * turn) + 0.1 * (random() * 2 - 1)
    }),
}

/** Six voices at once. */
function babble(others, seed, length) {
  const sum = new Float32Array(length)
  for (let voice = 0; voice < 6; voice++) {
    addInto(sum, others.stretch(length / SAMPLES_PER_MS, seed + voice, -26))
  }
  return sum
}

/** Somebody who talks to somebody else, with pauses as in speech. */
export function makeTalk(others, ms, seed, levelDb) {
  const random = createRandom(seed)
  const pieces = []
  let made = 0
  while (made < ms) {
    const part = Math.min(ms - made, 900 + 1500 * random())
    const pause = made + part < ms ? 120 + 250 * random() : 0
    pieces.push(others.stretch(part, seed + pieces.length, levelDb))
    pieces.push(new Float32Array(Math.round(pause * SAMPLES_PER_MS)))
    made += part + pause
  }
  return concat(pieces)
}
