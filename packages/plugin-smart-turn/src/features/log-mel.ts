import { createMelFilters } from './mel-filters.ts'
import { createPowerSpectrum } from './real-spectrum.ts'

/** What the model takes: Whisper's features of 8 s at 16 kHz. */
export const SAMPLE_RATE_HZ = 16_000
export const WINDOW_MS = 8000
export const WINDOW_SAMPLES = (SAMPLE_RATE_HZ * WINDOW_MS) / 1000
export const MELS = 80
export const FRAMES = 800

const FFT_SAMPLES = 400
const HOP_SAMPLES = 160
const BINS = FFT_SAMPLES / 2 + 1
const LEAST_POWER = 1e-10
/** Keeps silence finite when it is scaled to a variance of 1. */
const LEAST_VARIANCE = 1e-7
/** What lies further below the loudest counts as that far below: 80 dB. */
const RANGE_LOG10 = 8

/** `samples` of at most 8 s into `features`, `MELS` rows of `FRAMES` values each. */
export type LogMel = (samples: Int16Array, features: Float32Array) => void

/**
 * Smart Turn's features: the last 8 s, silence before what is shorter, scaled to mean 0 and variance 1; then Whisper's
 * log-mel spectrogram. Single precision where the reference has it: there its sums decide which value silence gets.
 */
export function createLogMel(): LogMel {
  const powerSpectrum = createPowerSpectrum(FFT_SAMPLES)
  const filters = createMelFilters(MELS, BINS, SAMPLE_RATE_HZ)
  const hann = Float64Array.from(
    { length: FFT_SAMPLES },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / FFT_SAMPLES),
  )
  const margin = FFT_SAMPLES / 2
  const wave = new Float64Array(WINDOW_SAMPLES + 2 * margin)
  const frame = new Float64Array(FFT_SAMPLES)
  const powers = new Float64Array(BINS)
  const column = new Float64Array(MELS)

  /** Fills `column` with the mel spectrum of one frame. */
  function judgeFrame(index: number): void {
    for (let at = 0; at < FFT_SAMPLES; at++) frame[at] = wave[index * HOP_SAMPLES + at]! * hann[at]!
    powerSpectrum(frame, powers)
    filters.forEach(({ firstBin, weights }, mel) => {
      let sum = 0
      for (let offset = 0; offset < weights.length; offset++)
        sum += weights[offset]! * powers[firstBin + offset]!
      column[mel] = Math.log10(Math.max(LEAST_POWER, sum))
    })
  }

  return (samples, features) => {
    const soundFrom = fillWave(wave.subarray(margin, margin + WINDOW_SAMPLES), samples)
    mirrorEnds(wave, margin)
    let loudest = -Infinity
    for (let index = 0; index < FRAMES; index++) {
      // Frames of the silence before the sound are all the same.
      const isRepeated = index > 0 && index * HOP_SAMPLES + FFT_SAMPLES - margin <= soundFrom
      if (!isRepeated) judgeFrame(index)
      for (let mel = 0; mel < MELS; mel++) {
        const value = column[mel]!
        if (value > loudest) loudest = value
        features[mel * FRAMES + index] = value
      }
    }
    const least = loudest - RANGE_LOG10
    for (let at = 0; at < features.length; at++) features[at] = (Math.max(features[at]!, least) + 4) / 4
  }
}

/** The last samples that fit, at the end, scaled; gives where they begin. */
function fillWave(wave: Float64Array, samples: Int16Array): number {
  const sound = samples.subarray(Math.max(0, samples.length - wave.length))
  const soundFrom = wave.length - sound.length
  let sum = 0
  for (const sample of sound) sum += sample / 32768
  const mean = Math.fround(sum / wave.length)
  let squares = soundFrom * mean * mean
  for (const sample of sound) squares += (sample / 32768 - mean) ** 2
  const deviation = Math.fround(Math.sqrt(Math.fround(squares / wave.length) + LEAST_VARIANCE))
  const scaled = (value: number) => Math.fround(Math.fround(value - mean) / deviation)
  wave.fill(scaled(0), 0, soundFrom)
  for (let at = 0; at < sound.length; at++) wave[soundFrom + at] = scaled(sound[at]! / 32768)
  return soundFrom
}

/** Both margins mirror what lies beside them, the outermost sample not repeated. */
function mirrorEnds(wave: Float64Array, margin: number): void {
  const last = wave.length - margin - 1
  for (let offset = 1; offset <= margin; offset++) {
    wave[margin - offset] = wave[margin + offset]!
    wave[last + offset] = wave[last - offset]!
  }
}
