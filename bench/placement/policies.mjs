// Who gets the next call. A policy sees `fleet`: `active` (calls of each worker), `listed` (workers that are offered
// calls, in any order), `random`. `choose(door)` answers a worker or `undefined`; `door` is which balancer is asked. It
// is told of calls (`began`, `ended`) and of workers that are listed or not (`appeared`, `left`), and after each report
// (`told`) if it goes by reports.

import { createLoadIndex } from './load-index.mjs'

const nothing = () => undefined
const QUIET = { began: nothing, ended: nothing, appeared: nothing, left: nothing }

/** The kernel's or the balancer's accident: any of them. */
export function byLot({ listed, random }) {
  return { ...QUIET, choose: () => listed[Math.floor(random() * listed.length)] }
}

/** One after the other. */
export function roundRobin({ listed }) {
  let turn = 0
  return { ...QUIET, choose: () => listed[turn++ % listed.length] }
}

/** The fewest calls, and everybody knows of every call at once. */
export function leastLoaded(fleet) {
  return leastOfOwn(fleet)
}

/**
 * Several balancers, each of which knows the calls that it has placed itself: nginx's `least_conn` in several worker
 * processes without a `zone`, or in several machines.
 */
export function leastOfOwn({ workers, listed, random, doors }) {
  const indices = Array.from({ length: doors }, () => createLoadIndex(workers))
  const own = indices.map(() => new Int32Array(workers))
  const appeared = (worker) => {
    for (let door = 0; door < doors; door++) indices[door].set(worker, (own[door][worker] = 0))
  }
  const change = (worker, door, by) => {
    own[door][worker] += by
    if (indices[door].has(worker)) indices[door].set(worker, own[door][worker])
  }
  for (const worker of listed) appeared(worker)
  return {
    choose: (door) => indices[door].least(random),
    began: (worker, door) => change(worker, door, 1),
    ended: (worker, door) => change(worker, door, -1),
    appeared,
    left: (worker) => indices.forEach((index) => index.remove(worker)),
  }
}

/** The fewest calls by what the workers said last (`fleet.reported`, once a second). */
export function leastReported({ listed, reported, random }) {
  let fewest = []
  return {
    ...QUIET,
    choose() {
      const worker = fewest[Math.floor(random() * fewest.length)]
      return worker ?? listed[Math.floor(random() * listed.length)]
    },
    told() {
      let least = Infinity
      for (const worker of listed) {
        if (reported[worker] > least) continue
        if (reported[worker] < least) fewest = []
        least = reported[worker]
        fewest.push(worker)
      }
    },
    left: (worker) => void (fewest = fewest.filter((other) => other !== worker)),
  }
}

/** The better of two by lot, by counts that are exact, or by the last report (`counts`). */
function betterOfTwo({ listed, random }, counts) {
  const any = () => listed[Math.floor(random() * listed.length)]
  return {
    ...QUIET,
    choose() {
      const [one, other] = [any(), any()]
      return counts[other] < counts[one] ? other : one
    },
  }
}

export const POLICIES = {
  'by lot (the kernel’s accept)': byLot,
  'round robin': roundRobin,
  'least loaded, exact': leastLoaded,
  'least loaded of its own, 8 balancers': leastOfOwn,
  'least loaded by reports of 1 s': leastReported,
  'better of two, exact': (fleet) => betterOfTwo(fleet, fleet.active),
  'better of two by reports of 1 s': (fleet) => ({ ...betterOfTwo(fleet, fleet.reported), told: nothing }),
}
/** How many balancers place calls, where it is not one. */
export const DOORS = { 'least loaded of its own, 8 balancers': 8 }
