import { type AudioFormat, sameFormat } from '../../contracts/audio.ts'
import { type Converter, createConverter } from '../../audio/convert.ts'
import { createWavStripper } from '../../audio/wav.ts'

/** A voice's chunks in the call's format, without the header some voices send. A chunk is lent until the next. */
export function convertedSpeech(
  chunks: AsyncIterable<Uint8Array, undefined>,
  produced: AudioFormat,
  wanted: AudioFormat,
): AsyncIterableIterator<Uint8Array, undefined> {
  return new ConvertedSpeech(chunks[Symbol.asyncIterator](), produced, wanted)
}

/** Converted at once. A voice may hand over all it says in one chunk, and the other calls must not wait for that. */
const SLICE_BYTES = 32_768

/** A class, not a generator: it stands between every chunk of every voice and the call. */
class ConvertedSpeech implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #chunks: AsyncIterator<Uint8Array, undefined>
  readonly #produced: AudioFormat
  readonly #wanted: AudioFormat
  readonly #stripper = createWavStripper()
  #converter: Converter | undefined
  /** Of the last chunk, not converted yet. */
  #unread: Uint8Array = new Uint8Array(0)
  #ended = false
  /** From here on chunks are what is wanted, as they come. */
  #plain = false

  constructor(chunks: AsyncIterator<Uint8Array, undefined>, produced: AudioFormat, wanted: AudioFormat) {
    this.#chunks = chunks
    this.#produced = produced
    this.#wanted = wanted
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.#plain && this.#unread.length === 0 ? this.#chunks.next() : this.#next()
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (!this.#ended) {
      const audio = this.#unread.length > 0 ? this.#convertSlice() : await this.#convertNext()
      if (audio.length > 0) return { done: false, value: audio }
    }
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#ended = true
    this.#unread = new Uint8Array(0)
    await this.#chunks.return?.()
    return { done: true, value: undefined }
  }

  async #convertNext(): Promise<Uint8Array> {
    const step = await this.#chunks.next()
    this.#ended = step.done === true
    if (step.done) return this.#rest()
    this.#unread = this.#stripper.strip(step.value)
    return this.#convertSlice()
  }

  #convertSlice(): Uint8Array {
    const audio = this.#unread.subarray(0, SLICE_BYTES)
    this.#unread = this.#unread.subarray(audio.length)
    return this.#convert(audio)
  }

  #convert(audio: Uint8Array): Uint8Array {
    if (audio.length === 0) return audio
    // The header knows better than the agreement what follows it.
    const from = this.#stripper.declared ?? this.#produced
    this.#plain = sameFormat(from, this.#wanted)
    this.#converter ??= createConverter(from, this.#wanted)
    return this.#converter.convert(audio)
  }

  /** What the stripper and the converter still held. */
  #rest(): Uint8Array {
    const rest = this.#stripper.flush()
    this.#converter ??= createConverter(this.#produced, this.#wanted)
    const converted = rest.length > 0 ? Buffer.from(this.#converter.convert(rest)) : rest
    const tail = this.#converter.flush()
    return tail.length > 0 ? Buffer.concat([converted, tail]) : converted
  }
}
