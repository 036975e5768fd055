// Levels of 8 kHz samples, in dB below full scale.

export const SAMPLES_PER_MS = 8
export const FRAME_SAMPLES = 160

export const toLinear = (db) => 10 ** (db / 20)

export function rmsOf(samples, from = 0, to = samples.length) {
  let sum = 0
  for (let n = from; n < to; n++) sum += samples[n] * samples[n]
  return Math.sqrt(sum / Math.max(1, to - from))
}

/** The same sound with its root mean square at `db` below full scale. */
export function atLevel(samples, db) {
  const rms = rmsOf(samples)
  const gain = rms === 0 ? 0 : (32768 * toLinear(db)) / rms
  const scaled = new Float32Array(samples.length)
  for (let n = 0; n < samples.length; n++) scaled[n] = samples[n] * gain
  return scaled
}

export function addInto(target, samples, at = 0) {
  const end = Math.min(target.length, at + samples.length)
  for (let n = Math.max(0, at); n < end; n++) target[n] += samples[n - at]
}

export function concat(pieces) {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
