import { ProviderError } from '../../contracts/errors.ts'
import type { ItemFault } from '../../kit/timed-iteration.ts'

/** A chunk may be a byte; of empty ones there may be so many. */
const SPARE_CHUNKS = 1000

/** Judges the chunks of one voice for one text: they are bytes, and not nothing for ever. */
export function createChunkFault(): ItemFault<Uint8Array> {
  let chunks = 0
  let bytes = 0
  return (chunk: unknown) => {
    if (!(chunk instanceof Uint8Array)) {
      return new ProviderError('bad-data', 'tts: sent something else than a Uint8Array of audio')
    }
    chunks++
    bytes += chunk.length
    if (chunks <= SPARE_CHUNKS + bytes) return undefined
    return new ProviderError('bad-data', `tts: ${chunks} chunks of ${bytes} bytes in all`)
  }
}
