// Numbers that belong to a scenario's id, so that one more scenario changes none of the others.

import { createRandom } from '../../lib/random.mjs'

export const HALVES = ['train', 'held-out']

/** FNV-1a. */
export function hashOf(text) {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  // The last characters alone would decide its upper bits otherwise.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  return (hash ^ (hash >>> 13)) >>> 0
}

/** With a `half`, `phrase` gives each half words of a list that the other never has; without one, any. */
export function drawFor(id, half) {
  const random = createRandom(hashOf(id))
  const draw = {
    random,
    between: (from, to) => from + (to - from) * random(),
    whole: (from, to) => Math.round(draw.between(from, to)),
    frames: (fromMs, toMs) => Math.round(draw.between(fromMs, toMs) / 20) * 20,
    phrase: (list) =>
      draw.of(half === undefined || list.length < 2 ? list : list.filter((_, n) => isIn(half, n))),
    of: (list) => list[Math.floor(random() * list.length)],
    chance: (share) => random() < share,
  }
  return draw
}

const isIn = (half, index) => index % 2 === HALVES.indexOf(half)
