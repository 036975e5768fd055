// A constant number of calls, of various lengths: where one ends, the next begins. What becomes of each is counted.

import { createRandom } from '../lib/random.mjs'

/** The next try of a caller who was not answered. */
const REDIAL_MS = 1000
/** A call this long in which the agent never spoke was answered by nobody. */
const MUTE_AFTER_MS = 2500
/** Reasons that are kept between two tallies. */
const MOST_REASONS = 5

/**
 * `place(onCut)` places a call; `onCut` is to be called when its stream ends before it was hung up. Lengths are even
 * between `leastMs` and `mostMs`. `up` resolves once `count` calls were answered.
 */
export function createPopulation({ count, leastMs, mostMs, seed, place }) {
  const random = createRandom(seed)
  const facts = { offered: 0, answered: 0, ended: 0, refused: 0, cut: 0, mute: 0 }
  const reasons = new Map()
  let going = true
  let allUp
  const up = new Promise((resolve) => (allUp = resolve))

  function tell(fact, reason) {
    facts[fact]++
    const times = reasons.get(reason) ?? 0
    if (times > 0 || reasons.size < MOST_REASONS) reasons.set(reason, times + 1)
  }

  async function answeredCall(onCut) {
    facts.offered++
    try {
      const call = await place(onCut)
      facts.answered++
      if (facts.answered === count) allUp()
      return call
    } catch (error) {
      if (going) tell('refused', error.message)
      return undefined
    }
  }

  async function oneCall() {
    const lengthMs = leastMs + random() * (mostMs - leastMs)
    const dialledMs = performance.now()
    let over
    const ended = new Promise((resolve) => (over = resolve))
    const call = await answeredCall(() => {
      if (going) tell('cut', `cut after ${((performance.now() - dialledMs) / 1000).toFixed(1)} s`)
      over()
    })
    if (call === undefined) return wait(REDIAL_MS)
    const hangUpSoon = setTimeout(over, lengthMs)
    await ended
    clearTimeout(hangUpSoon)
    if (call.ended) return undefined
    facts.ended++
    if (call.firstAudioMs === undefined && lengthMs > MUTE_AFTER_MS) tell('mute', 'the agent never spoke')
    return call.hangUp()
  }

  async function keepOneUp(index) {
    // Evenly over the shortest length, as if they had been there for long.
    await wait((index / count) * leastMs)
    while (going) await oneCall()
  }

  for (let index = 0; index < count; index++) void keepOneUp(index)
  return {
    up,
    tally() {
      reasons.clear()
      return { ...facts }
    },
    /** What happened since the last `tally`, which was `before`, with the first reasons of what should not have. */
    since(before) {
      const counted = Object.keys(facts).map((fact) => [fact, facts[fact] - before[fact]])
      return {
        ...Object.fromEntries(counted),
        reasons: [...reasons].map(([reason, times]) => `${times} times: ${reason}`),
      }
    },
    /** No call is placed or counted any more. */
    stop: () => void (going = false),
  }
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
