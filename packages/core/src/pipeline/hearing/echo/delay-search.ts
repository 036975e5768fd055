import type { BandRing } from './band-ring.ts'
import { BANDS, CELL_MS } from './band-ring.ts'
import type { HeardSound } from './heard-sound.ts'
import type { PlayedVoice } from './played-voice.ts'

/**
 * Looks for a stretch of what is heard in what was played, up to `MAX_DELAY_MS` before. Compared is how the power of
 * each band goes up and down (normalised cross-correlation of its logarithm), first in steps of `HOP` cells, then to
 * one cell. Of 1 s of speech, its echo scores above 0.85 and another voice below 0.8.
 */
export interface FoundDelay {
  /** From a cell that is heard to the cell that was played. */
  shift: number
  /** 1: the same up to its level. */
  score: number
  /** The best score of quite another delay. */
  otherScore: number
}

export const MAX_DELAY_MS = 1000
/** The far end may play a little earlier than the playout clock thinks. */
const EARLY_CELLS = 16
const DELAY_CELLS = EARLY_CELLS + MAX_DELAY_MS / CELL_MS
/** Cells that are compared as one. */
export const HOP = 4
export const MAX_HOPS = 75
/** So much nearer is the same delay. */
const SAME_CELLS = 16
/** A band that is hardly above the line's noise tells nothing. */
const MIN_ABOVE_NOISE = 4

/** One search at a time, and none waits: the room is that of all calls. */
const heardLogs = new Float32Array(MAX_HOPS * BANDS)
const playedLogs = new Float32Array((MAX_HOPS * HOP + DELAY_CELLS + 1) * BANDS)
const playedFloors = new Float32Array(BANDS)
const heardFloors = new Float32Array(BANDS)
const found: FoundDelay = { shift: 0, score: 0, otherScore: 0 }

/**
 * @param from Cell of `heard` at which the stretch begins.
 * @param hops Its length, at most `MAX_HOPS`.
 * @returns What is lent until the next search.
 */
export function searchDelay(heard: HeardSound, played: PlayedVoice, from: number, hops: number): FoundDelay {
  // The longest delay is played first.
  const first = from + heard.offsetCells + EARLY_CELLS - DELAY_CELLS
  const span = hops * HOP + DELAY_CELLS
  setFloors(heard, played, from, hops, first, span)
  takeLogs(heard.ring, from, hops, HOP, heardFloors, heardLogs)
  takeLogs(played.ring, first, span - HOP + 1, 1, playedFloors, playedLogs)
  let best = 0
  found.score = -1
  for (let at = 0; at <= DELAY_CELLS; at += HOP) best = keepBetter(at, best, hops)
  found.otherScore = -1
  for (let at = 0; at <= DELAY_CELLS; at += HOP) {
    if (Math.abs(at - best) > SAME_CELLS) found.otherScore = Math.max(found.otherScore, scoreAt(at, hops))
  }
  const coarse = best
  for (let at = Math.max(0, coarse - HOP + 1); at < Math.min(coarse + HOP, DELAY_CELLS + 1); at++) {
    best = keepBetter(at, best, hops)
  }
  found.shift = first + best - from
  return found
}

function keepBetter(at: number, best: number, hops: number): number {
  const score = scoreAt(at, hops)
  if (score <= found.score) return best
  found.score = score
  return at
}

/** What is too soft to be heard behind the line's noise is too soft in what was played as well. */
function setFloors(
  heard: HeardSound,
  played: PlayedVoice,
  from: number,
  hops: number,
  first: number,
  span: number,
): void {
  for (let band = 0; band < BANDS; band++) {
    const loudestHeard = heard.ring.loudest(from, from + hops * HOP, band)
    const floor = 2 * heard.noise[band]!
    const isHeard = loudestHeard > MIN_ABOVE_NOISE * floor
    heardFloors[band] = isHeard ? floor : 0
    playedFloors[band] = isHeard
      ? 1 + (played.ring.loudest(first, first + span, band) * floor) / loudestHeard
      : 0
  }
}

/** Of `HOP` cells together, every `step` cells, by band. A band without a floor is left at 0: it says nothing. */
function takeLogs(
  ring: BandRing,
  from: number,
  count: number,
  step: number,
  floors: Float32Array,
  logs: Float32Array,
): void {
  for (let band = 0; band < BANDS; band++) {
    const floor = floors[band]!
    for (let n = 0; n < count; n++) {
      const cell = from + n * step
      const power = ring.sum(cell, cell + HOP, band) / HOP
      logs[n * BANDS + band] = floor === 0 ? 0 : Math.log2(power + floor)
    }
  }
}

function scoreAt(at: number, hops: number): number {
  let covariance = 0
  let heardVariance = 0
  let playedVariance = 0
  for (let band = 0; band < BANDS; band++) {
    let sumX = 0
    let sumY = 0
    let sumXX = 0
    let sumYY = 0
    let sumXY = 0
    for (let n = 0; n < hops; n++) {
      const x = playedLogs[(at + n * HOP) * BANDS + band]!
      const y = heardLogs[n * BANDS + band]!
      sumX += x
      sumY += y
      sumXX += x * x
      sumYY += y * y
      sumXY += x * y
    }
    covariance += sumXY - (sumX * sumY) / hops
    playedVariance += sumXX - (sumX * sumX) / hops
    heardVariance += sumYY - (sumY * sumY) / hops
  }
  // Two sounds that hardly change are alike, and tell nothing.
  if (playedVariance < hops || heardVariance < hops) return 0
  return covariance / Math.sqrt(playedVariance * heardVariance)
}
