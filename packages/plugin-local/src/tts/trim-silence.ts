/** Samples below this are silence in flite's output, which has no noise of its own. */
const SILENCE = 200
/** What is left in front: a plosive needs a moment of quiet. */
const LEAD_MS = 20
/** What is left behind: the pause between two clauses. */
const TAIL_MS = 120

/**
 * Cuts the silence flite puts around every clause (about 200 ms in front): in front it is delay that the caller
 * hears on every answer. `audio` is 16-bit little-endian; the result is a part of it.
 */
export function trimSilence(audio: Uint8Array, sampleRateHz: number): Uint8Array {
  const view = new DataView(audio.buffer, audio.byteOffset, audio.byteLength)
  const samples = audio.byteLength >> 1
  const isSilent = (index: number): boolean => Math.abs(view.getInt16(2 * index, true)) < SILENCE
  let first = 0
  while (first < samples && isSilent(first)) first++
  if (first === samples) return audio.subarray(0, 0)
  let last = samples - 1
  while (isSilent(last)) last--
  const start = Math.max(0, first - Math.round((LEAD_MS * sampleRateHz) / 1000))
  const end = Math.min(samples, last + 1 + Math.round((TAIL_MS * sampleRateHz) / 1000))
  return audio.subarray(2 * start, 2 * end)
}
