import { type Interval, joinIntervals } from './interval.ts'

export interface VoiceOptions {
  /** Shorter sounds are clicks. */
  readonly minSpeechMs: number
  /** A shorter silence is part of speech: the closure of a "p" or a "t" lasts up to 150 ms. */
  readonly joinGapMs: number
}

export const VOICE_OPTIONS: VoiceOptions = { minSpeechMs: 80, joinGapMs: 200 }

const FRAME_MS = 10
/** Quieter is no sound at all: what a codec makes of silence, and a line that is muted. Of full scale. */
const DIGITAL_SILENCE_DB = -75
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
/** Nothing that is spoken is shorter. */
const SYLLABLE_MS = 30
/** Speech goes on until it is so much below what begins it. */
const HYSTERESIS_DB = 3

/**
 * When there is voice in one channel, by energy: louder than the channel's own noise, and not far below its own voice.
 * Both are taken from the whole channel, so that its loudness does not matter. A channel that always sounds the same
 * has none. Exact to a frame of 10 ms. Steady tones count: this does not know speech from music.
 *
 * @param samples 16-bit mono at `sampleRateHz`.
 */
export function segmentVoice(
  samples: Int16Array,
  sampleRateHz: number,
  options: Partial<VoiceOptions> = {},
): Interval[] {
  const { minSpeechMs, joinGapMs } = { ...VOICE_OPTIONS, ...options }
  const levelsDb = frameLevels(samples, Math.max(1, Math.round((sampleRateHz * FRAME_MS) / 1000)))
  const beginsDb = thresholdDb(levelsDb)
  if (beginsDb === undefined) return []
  const loud: Interval[] = []
  let speaking = false
  levelsDb.forEach((levelDb, at) => {
    speaking = levelDb >= (speaking ? beginsDb - HYSTERESIS_DB : beginsDb)
    if (speaking) loud.push({ startMs: at * FRAME_MS, endMs: (at + 1) * FRAME_MS })
  })
  // Clicks go before gaps are closed: two of them are no speech.
  return joinIntervals(
    joinIntervals(loud).filter(({ startMs, endMs }) => endMs - startMs >= SYLLABLE_MS),
    joinGapMs,
  ).filter(({ startMs, endMs }) => endMs - startMs >= minSpeechMs)
}

/** From where a frame is voice; `undefined` when there is none in the channel. */
function thresholdDb(levelsDb: readonly number[]): number | undefined {
  const sounding = levelsDb.filter((levelDb) => levelDb > DIGITAL_SILENCE_DB).sort((a, b) => a - b)
  const voiceDb = sounding.at(-LOUDEST_MS / FRAME_MS)
  if (voiceDb === undefined) return undefined
  const floorDb = noiseFloorDb(levelsDb, sounding, voiceDb)
  if (voiceDb - floorDb < OVER_FLOOR_DB && sounding.length === levelsDb.length) return undefined
  return Math.min(Math.max(floorDb + OVER_FLOOR_DB, voiceDb - VOICE_RANGE_DB), voiceDb - UNDER_VOICE_DB)
}

/**
 * Noise is what half a second sounds like in which nobody speaks. Where there is no such pause, noise cannot be told
 * from soft speech: then it is the softest frames, or, where silence is all there is between words, that.
 */
function noiseFloorDb(levelsDb: readonly number[], sounding: readonly number[], voiceDb: number): number {
  const pauses: number[] = []
  for (let at = 0; at + PAUSE_FRAMES <= levelsDb.length; at += PAUSE_FRAMES / 5) {
    const window = levelsDb.slice(at, at + PAUSE_FRAMES)
    if (window.every((levelDb) => levelDb > DIGITAL_SILENCE_DB)) pauses.push(reachedBy(window, 0.9))
  }
  const pauseDb = reachedBy(pauses, PAUSE_PART)
  if (pauses.length > 0 && pauseDb < voiceDb - UNDER_VOICE_DB) return pauseDb
  const muchSilence = levelsDb.length - sounding.length >= levelsDb.length * FLOOR_PART
  return muchSilence ? DIGITAL_SILENCE_DB : reachedBy(sounding, FLOOR_PART)
}

/** The level that so many of them do not exceed. */
function reachedBy(levelsDb: readonly number[], part: number): number {
  return levelsDb.toSorted((a, b) => a - b)[Math.floor(levelsDb.length * part)] ?? DIGITAL_SILENCE_DB
}

/** Mean power of each frame, dB of full scale, without the channel's constant offset. */
function frameLevels(samples: Int16Array, frameSamples: number): number[] {
  const offset = samples.reduce((total, sample) => total + sample, 0) / Math.max(1, samples.length)
  return Array.from({ length: Math.floor(samples.length / frameSamples) }, (_, at) => {
    let power = 0
    for (let i = at * frameSamples; i < (at + 1) * frameSamples; i++) {
      const sample = (samples[i]! - offset) / 32_768
      power += sample * sample
    }
    return 10 * Math.log10(power / frameSamples + 1e-12)
  })
}
