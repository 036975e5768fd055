// @ts-check

const FULL_SCALE = 32_768
/** How many dB more make it `e` times as likely. */
const STEEPNESS_DB = 3

/**
 * Level of a part of `samples`, in dB of full scale; -Infinity for digital silence.
 *
 * @param {Int16Array} samples
 * @param {number} start
 * @param {number} count
 */
export function levelDb(samples, start, count) {
  let sum = 0
  for (let at = start; at < start + count; at++) {
    const sample = (samples[at] ?? 0) / FULL_SCALE
    sum += sample * sample
  }
  return 10 * Math.log10(sum / count)
}

/**
 * How likely sound of a level is voice, 0 to 1.
 *
 * @param {number} db
 * @param {number} voiceDb
 */
export function probabilityOf(db, voiceDb) {
  return 1 / (1 + Math.exp((voiceDb - db) / STEEPNESS_DB))
}
