import { DIGITAL_SILENCE_DB, FRAME_MS } from './channel-levels.ts'

/** Without a pause, the noise floor is what so many of the frames with sound do not reach. */
const FLOOR_PART = 0.1
/** A pause that shows the noise lasts so long, and is among the quietest of its length. */
const PAUSE_FRAMES = 500 / FRAME_MS
const PAUSE_PART = 0.05
/** Voice is so much louder than the floor. */
const OVER_FLOOR_DB = 9
/** The level of the voice is what its loudest frames, so many together, all reach: a click is shorter. */
const LOUDEST_MS = 150
/** What lies deeper below the voice is none (breath, the line), whatever the floor is. */
const VOICE_RANGE_DB = 32
/** Where somebody speaks nearly all the time, their softest frames pass for the floor: the threshold stays below. */
const UNDER_VOICE_DB = 15
/** Half a second of noise sounds the same all the time: its loud and its soft frames differ by less. Syllables do not. */
const STEADY_DB = 6
/** In loud noise nothing is left between this much above it and the voice. */
const OVER_LOUD_FLOOR_DB = 5

/** From where a frame is voice, dB; `undefined` when there is none in the channel. */
export function voiceThresholdDb(levelsDb: Float64Array): number | undefined {
  const sounding = levelsDb.filter((levelDb) => levelDb > DIGITAL_SILENCE_DB).sort()
  const voiceDb = sounding.at(-LOUDEST_MS / FRAME_MS)
  if (voiceDb === undefined) return undefined
  const floor = noiseFloor(levelsDb, sounding, voiceDb)
  if (voiceDb - floor.db < OVER_FLOOR_DB && sounding.length === levelsDb.length) return undefined
  if (floor.isNoise && voiceDb - floor.db < UNDER_VOICE_DB + OVER_FLOOR_DB)
    return floor.db + Math.max(OVER_LOUD_FLOOR_DB, Math.min(OVER_FLOOR_DB, (voiceDb - floor.db) / 2))
  return Math.min(Math.max(floor.db + OVER_FLOOR_DB, voiceDb - VOICE_RANGE_DB), voiceDb - UNDER_VOICE_DB)
}

interface Floor {
  readonly db: number
  /** Heard in pauses that sound as noise does; otherwise it may as well be soft speech. */
  readonly isNoise: boolean
}

/**
 * Noise is what half a second sounds like in which nobody speaks. Where there is no such pause, noise cannot be told
 * from soft speech: then it is the softest frames, or, where silence is all there is between words, that.
 */
function noiseFloor(levelsDb: Float64Array, sounding: Float64Array, voiceDb: number): Floor {
  const pauses: number[] = []
  const steady: number[] = []
  for (let at = 0; at + PAUSE_FRAMES <= levelsDb.length; at += PAUSE_FRAMES / 5) {
    const window = levelsDb.slice(at, at + PAUSE_FRAMES).sort()
    if (window[0]! <= DIGITAL_SILENCE_DB) continue
    const levelDb = reachedBy(window, 0.9)
    pauses.push(levelDb)
    if (levelDb - reachedBy(window, 0.1) < STEADY_DB) steady.push(levelDb)
  }
  const pauseDb = reachedBy(Float64Array.from(pauses).sort(), PAUSE_PART)
  const steadyDb = reachedBy(Float64Array.from(steady).sort(), PAUSE_PART)
  const isHeard = steady.length > 0 && steady.length >= pauses.length * PAUSE_PART
  if (pauses.length > 0 && pauseDb < voiceDb - UNDER_VOICE_DB)
    return { db: pauseDb, isNoise: isHeard && steadyDb - pauseDb < STEADY_DB }
  if (isHeard && steadyDb <= voiceDb - OVER_FLOOR_DB) return { db: steadyDb, isNoise: true }
  const muchSilence = levelsDb.length - sounding.length >= levelsDb.length * FLOOR_PART
  return { db: muchSilence ? DIGITAL_SILENCE_DB : reachedBy(sounding, FLOOR_PART), isNoise: false }
}

/** The level that so many of them do not exceed. */
function reachedBy(sortedDb: Float64Array, part: number): number {
  return sortedDb[Math.floor(sortedDb.length * part)] ?? DIGITAL_SILENCE_DB
}
