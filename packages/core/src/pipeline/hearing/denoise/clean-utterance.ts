import { createSampleDecoder, createSampleEncoder } from '../../../audio/convert.ts'
import type { AudioFormat } from '../../../contracts/audio.ts'
import type { Clock } from '../../../contracts/clock.ts'
import type { DenoiseLine } from './denoise-line.ts'

/** A piece at a time: other callers' sound gets its turn between them. */
const PIECE_MS = 200
/** For all of an utterance, which is heard some ten times as fast as it was spoken. */
const LIMIT_MS = 3000

/**
 * One utterance as it is heard through the filter, in its own time and as long as it is: cleaned up to where the filter
 * was left, or its time was over. Never rejects.
 */
export async function cleanUtterance(
  audio: Uint8Array,
  line: DenoiseLine,
  {
    format,
    delayMs,
    clock,
    signal,
  }: {
    readonly format: AudioFormat
    readonly delayMs: number
    readonly clock: Clock
    readonly signal: AbortSignal
  },
): Promise<Uint8Array> {
  const { sampleRateHz } = format
  const delaySamples = Math.round((delayMs * sampleRateHz) / 1000)
  const pieceSamples = (sampleRateHz * PIECE_MS) / 1000
  const heard = createSampleDecoder(format).decode(audio).slice()
  const given = new Int16Array(heard.length + delaySamples)
  given.set(heard)
  const endMs = clock.nowMs() + LIMIT_MS
  for (let at = 0; at < given.length; at += pieceSamples) {
    if (signal.aborted) break
    if (clock.nowMs() > endMs) {
      line.bypass('late')
      break
    }
    const piece = given.slice(at, at + pieceSamples)
    const isClean = await new Promise<boolean>((resolve) => line.clean(piece, resolve))
    if (!isClean) break
    const skipped = Math.max(0, delaySamples - at)
    if (skipped < piece.length) heard.set(piece.subarray(skipped), Math.max(0, at - delaySamples))
  }
  line.close()
  return createSampleEncoder(format)(heard).slice()
}
