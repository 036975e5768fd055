import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../lib/random.mjs'
import { createArrivals } from '../placement/arrivals.mjs'
import { erlangB, placesFor } from '../placement/erlang.mjs'
import { createEventQueue } from '../placement/event-queue.mjs'
import { createLengths } from '../placement/lengths.mjs'
import { createLoadIndex } from '../placement/load-index.mjs'
import {
  byLot,
  leastLoaded,
  leastOfOwn,
  leastReported,
  POLICIES,
  roundRobin,
} from '../placement/policies.mjs'
import { simulate } from '../placement/simulate.mjs'

const LENGTHS = { meanMs: 180_000, sigma: 1, maxMs: Infinity }
const MINUTE_MS = 60_000

/** `calls` at once, on the average. */
function pool({ calls, ...more }) {
  return simulate({
    seed: 1,
    workers: 1,
    maxCalls: Infinity,
    policy: leastLoaded,
    lengths: LENGTHS,
    arrivals: { peak: calls / LENGTHS.meanMs },
    startCalls: calls,
    countFromMs: 15 * MINUTE_MS,
    ...more,
  })
}

describe('Erlang’s formula', () => {
  it('gives the figures of the printed tables', () => {
    expect(erlangB(8, 10)).toBeCloseTo(0.1217, 4)
    expect(erlangB(100, 117)).toBeCloseTo(0.0097, 3)
    expect(placesFor(100, 0.01)).toBe(117)
    expect(placesFor(10, 0.001)).toBe(21)
  })
})

describe('the simulation', () => {
  it('refuses of one pool what Erlang says, whatever the distribution of lengths', () => {
    const toMs = 40_000 * MINUTE_MS
    for (const sigma of [0.3, 1]) {
      const lengths = { ...LENGTHS, sigma }
      const { refused, offered } = pool({ calls: 8, maxCalls: 10, lengths, toMs })
      expect(refused / offered / erlangB(8, 10)).toBeCloseTo(1, 1)
    }
  })

  it('refuses of workers that are filled evenly what Erlang says of one pool', () => {
    const { refused, offered } = pool({ calls: 18, workers: 4, maxCalls: 5, toMs: 20_000 * MINUTE_MS })
    expect(refused / offered / erlangB(18, 20)).toBeCloseTo(1, 1)
  })

  it('has as many calls at once as come in the length of one, where none is refused', () => {
    const { running } = pool({ calls: 500, toMs: 600 * MINUTE_MS })
    expect(running / 500).toBeCloseTo(1, 1)
  })

  it('starts in the state that it stays in', () => {
    const { running } = pool({ calls: 5000, countFromMs: 0, toMs: 5 * MINUTE_MS })
    expect(running / 5000).toBeCloseTo(1, 1)
  })

  it('says the same for the same seed, and something else for another', () => {
    const once = (seed) => pool({ seed, calls: 100, workers: 3, policy: byLot, toMs: 100 * MINUTE_MS })
    expect(once(3)).toEqual(once(3))
    expect(once(3)).not.toEqual(once(4))
  })

  it.each(Object.entries(POLICIES))('loses no call and leaves none behind: %s', (_name, policy) => {
    const { offered, refused, lost } = pool({
      calls: 200,
      workers: 8,
      maxCalls: 60,
      doors: 3,
      policy,
      toMs: 60 * MINUTE_MS,
    })
    expect(offered).toBeGreaterThan(2000)
    expect({ refused, lost }).toEqual({ refused: 0, lost: 0 })
  })

  it('finds that a herd follows old reports, and that exact counts are even', () => {
    const imbalance = (policy, doors) =>
      pool({ calls: 5000, workers: 50, policy, doors, toMs: 30 * MINUTE_MS }).imbalance
    const exact = imbalance(leastLoaded)
    expect(exact).toBeLessThan(0.05)
    expect(imbalance(leastOfOwn, 8)).toBeGreaterThan(exact)
    expect(imbalance(roundRobin)).toBeGreaterThan(0.1)
    expect(imbalance(leastReported)).toBeGreaterThan(imbalance(roundRobin))
  })

  it('loses the calls of a machine that dies, and no others', () => {
    const found = pool({
      calls: 400,
      workers: 8,
      workersPerMachine: 2,
      toMs: 24 * 60 * MINUTE_MS,
      countFromMs: 0,
      deaths: { everyMs: 24 * 60 * MINUTE_MS, foundAfterMs: 5000, repairMs: 300_000 },
    })
    expect(found.refused).toBe(0)
    expect(found.deaths).toBeGreaterThan(0)
    expect(found.lost / found.deaths).toBeGreaterThan(60)
    expect(found.lost / found.deaths).toBeLessThan(140)
  })

  const deploy = { atMs: 15 * MINUTE_MS, batch: 1, startMs: 3000, plannedCalls: 50 }

  it('cuts no call in a deploy that waits, and takes longer for it', () => {
    const run = (drainMs) =>
      pool({
        calls: 200,
        workers: 4,
        lengths: { ...LENGTHS, maxMs: 3_600_000 },
        toMs: Infinity,
        deploy: { ...deploy, drainMs },
      })
    const patient = run(Infinity)
    const hasty = run(60_000)
    expect(patient.lost).toBe(0)
    expect(patient.deploy.cut).toBe(0)
    expect(hasty.lost).toBe(hasty.deploy.cut)
    expect(hasty.deploy.cut / hasty.deploy.drained).toBeGreaterThan(0.5)
    expect(hasty.deploy.tookMs).toBeLessThan(5 * MINUTE_MS)
    expect(patient.deploy.tookMs).toBeGreaterThan(4 * 10 * MINUTE_MS)
  })
})

describe('its parts', () => {
  it('take events by their times', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true })), (times) => {
        const queue = createEventQueue()
        for (const ms of times) queue.add(ms, ms)
        const taken = times.map(() => queue.take())
        expect(taken).toEqual([...times].sort((a, b) => a - b))
        expect(queue.nextMs).toBe(Infinity)
      }),
    )
  })

  it('know who has the fewest calls', () => {
    const change = fc.record({
      worker: fc.integer({ min: 0, max: 4 }),
      what: fc.constantFrom('set', 'remove'),
      count: fc.integer({ min: 0, max: 6 }),
    })
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const index = createLoadIndex(5)
        const counts = new Map()
        for (const { worker, what, count } of changes) {
          if (what === 'set') index.set(worker, count)
          else index.remove(worker)
          if (what === 'set') counts.set(worker, count)
          else counts.delete(worker)
          const least = index.least(() => 0)
          expect(counts.get(least)).toBe(counts.size === 0 ? undefined : Math.min(...counts.values()))
        }
      }),
    )
  })

  it('make calls of the length and as many as they are told to', () => {
    const random = createRandom(5)
    const lengthOf = createLengths(LENGTHS)
    let sum = 0
    for (let call = 0; call < 50_000; call++) sum += lengthOf(random)
    expect(sum / 50_000 / LENGTHS.meanMs).toBeCloseTo(1, 1)
    const arrivals = createArrivals({ peak: 0.01, shareAt: (ms) => (ms < 1e6 ? 1 : 0.5), random })
    const halves = [0, 0]
    for (let ms = arrivals.next(0); ms < 2e6; ms = arrivals.next(ms)) halves[ms < 1e6 ? 0 : 1]++
    expect(halves[0] / 10_000).toBeCloseTo(1, 1)
    expect(halves[1] / 5000).toBeCloseTo(1, 1)
  })
})
