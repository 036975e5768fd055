import { DIGITAL_SILENCE_DB, FRAME_MS } from './channel-levels.ts'
import { voiceThresholdDb } from './voice-threshold.ts'

/** What one channel holds of the other's sound: an echo, or two wires that lie too close. */
export interface Leak {
  /** So much later than in its own channel, to 10 ms. */
  readonly delayMs: number
  /** So much softer than there, as a negative number: dB. */
  readonly levelDb: number
}

/** No echo of a telephone is later. */
const MAX_DELAY_FRAMES = 900 / FRAME_MS
/** Found by chance it is not in so much sound. */
const MIN_FRAMES = 1000 / FRAME_MS
/** What is softer than its channel's loudest frame by more than this is no voice that is heard elsewhere. */
const VOICE_RANGE_DB = 30
/** Looked at are frames so near to a voice, for there a leak has its edges. */
const AROUND_FRAMES = 200 / FRAME_MS
/** A leak is softer than what leaks by this much at least: a louder frame has a sound of its own. */
const SOFTER_DB = 5
/** A leak rises and falls with its source: the correlation of the levels. */
const MIN_CORRELATION = 0.6
/** It is as much softer everywhere: so many of its frames are so near to the middle. Another voice's are not. */
const SAME_DB = 3
const MIN_SAME = 0.5
/** Leaked sound may be so much louder than the middle. */
const MARGIN_DB = 6
/** And may ring on for so long. */
const RINGS_FRAMES = 60 / FRAME_MS
/** Channels are the same where so many of their frames are. */
const NEARLY_ALL = 0.9

/**
 * Whether a channel holds what is said in the other one, from the levels of both (`createLevelMeter`), frame by frame.
 * Of two channels that hold the same there is no leak to find: see `soundsSame`.
 */
export function findLeak(fromDb: Float64Array, intoDb: Float64Array): Leak | undefined {
  const loudestDb = fromDb.reduce((most, levelDb) => Math.max(most, levelDb), DIGITAL_SILENCE_DB)
  const softestDb = Math.max(DIGITAL_SILENCE_DB, loudestDb - VOICE_RANGE_DB)
  const levels: Levels = { fromDb, intoDb, frames: framesAround(fromDb, softestDb), softestDb }
  let delay = 0
  let most = 0
  for (let at = 0; at <= MAX_DELAY_FRAMES; at++) {
    const correlation = correlationAt(levels, at)
    if (correlation <= most) continue
    most = correlation
    delay = at
  }
  const levelDb = most < MIN_CORRELATION ? undefined : constantLevel(levels, delay)
  return levelDb === undefined ? undefined : { delayMs: delay * FRAME_MS, levelDb }
}

/** 1 for each frame that is no louder than what leaked into it. */
export function leakedFrames(fromDb: Float64Array, intoDb: Float64Array, leak: Leak): Uint8Array {
  const delay = leak.delayMs / FRAME_MS
  return Uint8Array.from(intoDb, (levelDb, at) => {
    let loudestDb = -Infinity
    for (let back = -1; back <= RINGS_FRAMES; back++)
      loudestDb = Math.max(loudestDb, fromDb[at - delay - back] ?? -Infinity)
    return levelDb <= loudestDb + leak.levelDb + MARGIN_DB ? 1 : 0
  })
}

/** Whether both channels hold one voice, as one channel does that was saved as two. */
export function soundsSame(oneDb: Float64Array, otherDb: Float64Array): boolean {
  const [oneBeginsDb, otherBeginsDb] = [voiceThresholdDb(oneDb), voiceThresholdDb(otherDb)]
  if (oneBeginsDb === undefined || otherBeginsDb === undefined) return false
  let voiced = 0
  let same = 0
  oneDb.forEach((levelDb, at) => {
    if (levelDb < oneBeginsDb && otherDb[at]! < otherBeginsDb) return
    voiced++
    if (Math.abs(levelDb - otherDb[at]!) <= SAME_DB) same++
  })
  return voiced >= MIN_FRAMES && same >= voiced * NEARLY_ALL
}

interface Levels {
  readonly fromDb: Float64Array
  readonly intoDb: Float64Array
  /** Of the source: those with a voice, and around them. */
  readonly frames: Int32Array
  readonly softestDb: number
}

function framesAround(fromDb: Float64Array, softestDb: number): Int32Array {
  const isNear = new Uint8Array(fromDb.length)
  fromDb.forEach((levelDb, at) => {
    if (levelDb >= softestDb) isNear.fill(1, Math.max(0, at - AROUND_FRAMES), at + AROUND_FRAMES)
  })
  return Int32Array.from(isNear.keys()).filter((at) => isNear[at] === 1)
}

/** Of the levels there and here, so much later; 0 where there is too little to compare. */
function correlationAt({ fromDb, intoDb, frames, softestDb }: Levels, delay: number): number {
  let n = 0
  let sumX = 0
  let sumY = 0
  let sumXX = 0
  let sumYY = 0
  let sumXY = 0
  for (const at of frames) {
    const x = Math.max(softestDb, fromDb[at]!)
    const y = Math.max(DIGITAL_SILENCE_DB, intoDb[at + delay] ?? Infinity)
    if (y > x - SOFTER_DB) continue
    n++
    sumX += x
    sumY += y
    sumXX += x * x
    sumYY += y * y
    sumXY += x * y
  }
  if (n < MIN_FRAMES) return 0
  const spread = Math.sqrt((sumXX - (sumX * sumX) / n) * (sumYY - (sumY * sumY) / n))
  return spread > 0 ? (sumXY - (sumX * sumY) / n) / spread : 0
}

/** How much softer the sound is here, where that is nearly always the same; dB. */
function constantLevel({ fromDb, intoDb, frames, softestDb }: Levels, delay: number): number | undefined {
  const voiced = Float64Array.from(frames).filter((at) => fromDb[at]! > softestDb)
  // Its louder half: there a leak stands out of the line's noise.
  const middleOfVoiceDb = medianOf(voiced.map((at) => fromDb[at]!)) ?? 0
  const lossesDb = voiced
    .filter((at) => fromDb[at]! >= middleOfVoiceDb)
    .map((at) => (intoDb[at + delay] ?? Infinity) - fromDb[at]!)
    .filter((lossDb) => lossDb <= -SOFTER_DB)
  const middleDb = medianOf(lossesDb)
  if (middleDb === undefined || lossesDb.length < MIN_FRAMES / 2) return undefined
  const same = lossesDb.filter((lossDb) => Math.abs(lossDb - middleDb) <= SAME_DB).length
  return same >= lossesDb.length * MIN_SAME ? middleDb : undefined
}

function medianOf(values: Float64Array): number | undefined {
  return values.toSorted()[values.length >> 1]
}
