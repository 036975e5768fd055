import { createLevelMeter, FRAME_MS } from './channel-levels.ts'
import { type Interval, joinIntervals } from './interval.ts'
import { voiceThresholdDb } from './voice-threshold.ts'

export interface VoiceOptions {
  /** Shorter sounds are clicks. */
  readonly minSpeechMs: number
  /** A shorter silence is part of speech: the closure of a "p" or a "t" lasts up to 150 ms. */
  readonly joinGapMs: number
}

export const VOICE_OPTIONS: VoiceOptions = { minSpeechMs: 80, joinGapMs: 200 }

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
  const meter = createLevelMeter(sampleRateHz)
  meter.push(samples)
  return segmentLevels(meter.levelsDb(), options)
}

/**
 * The same from the levels of a channel (`createLevelMeter`), for recordings that do not fit in memory.
 *
 * @param options.notOwn Not 0 for each frame that is somebody else's sound (`findLeak`): no voice, and no noise either.
 */
export function segmentLevels(
  levelsDb: Float64Array,
  options: Partial<VoiceOptions> & { readonly notOwn?: Uint8Array } = {},
): Interval[] {
  const { minSpeechMs, joinGapMs, notOwn } = { ...VOICE_OPTIONS, ...options }
  const beginsDb = voiceThresholdDb(notOwn ? levelsDb.filter((_, at) => notOwn[at] === 0) : levelsDb)
  if (beginsDb === undefined) return []
  const loud: Interval[] = []
  let speaking = false
  levelsDb.forEach((levelDb, at) => {
    const isOwn = notOwn === undefined || notOwn[at] === 0
    speaking = isOwn && levelDb >= (speaking ? beginsDb - HYSTERESIS_DB : beginsDb)
    if (speaking) loud.push({ startMs: at * FRAME_MS, endMs: (at + 1) * FRAME_MS })
  })
  // Clicks go before gaps are closed: two of them are no speech.
  return joinIntervals(
    joinIntervals(loud).filter(({ startMs, endMs }) => endMs - startMs >= SYLLABLE_MS),
    joinGapMs,
  ).filter(({ startMs, endMs }) => endMs - startMs >= minSpeechMs)
}
