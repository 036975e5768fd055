import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import { ProviderError } from '../../contracts/errors.ts'

/** Speech takes some 65 ms a character; figures and abbreviations take several times that. */
const MS_PER_CHAR = 500
/** Pauses, and what is longer spoken than written. */
const SPARE_MS = 15_000

/** More audio than any voice needs for a text of this length. */
export function maxSpeechMs(chars: number): number {
  return SPARE_MS + chars * MS_PER_CHAR
}

/**
 * The audio of a text, as long as it can be of that text: of a voice that goes on, a `bad-data` `ProviderError`
 * follows what is within the bound. `chars` may grow: a streamed reply is text that comes bit by bit.
 */
export function limitedSpeech(
  chunks: AsyncIterable<Uint8Array, undefined>,
  format: AudioFormat,
  of: { readonly chars: () => number; readonly onCut: (limitMs: number) => void },
): AsyncIterableIterator<Uint8Array, undefined> {
  return new LimitedSpeech(chunks[Symbol.asyncIterator](), format, of)
}

/** A class, not a generator: it stands between every chunk of every voice and the call. */
class LimitedSpeech implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #chunks: AsyncIterator<Uint8Array, undefined>
  readonly #bytesPerMs: number
  readonly #of: Parameters<typeof limitedSpeech>[2]
  #bytes = 0

  constructor(
    chunks: AsyncIterator<Uint8Array, undefined>,
    format: AudioFormat,
    of: Parameters<typeof limitedSpeech>[2],
  ) {
    this.#chunks = chunks
    this.#bytesPerMs = bytesPerSecond(format) / 1000
    this.#of = of
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const step = await this.#chunks.next()
    if (step.done) return step
    const limitMs = maxSpeechMs(this.#of.chars())
    const leftBytes = Math.floor(limitMs * this.#bytesPerMs) - this.#bytes
    if (leftBytes <= 0) return this.#cut(limitMs)
    const { value } = step
    const taken = value.length > leftBytes ? value.subarray(0, leftBytes) : value
    this.#bytes += taken.length
    return { done: false, value: taken }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#chunks.return?.()
    return { done: true, value: undefined }
  }

  #cut(limitMs: number): never {
    void this.return()
    this.#of.onCut(limitMs)
    throw new ProviderError(
      'bad-data',
      `tts: more than ${limitMs} ms of audio for ${this.#of.chars()} characters`,
    )
  }
}
