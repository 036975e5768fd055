import type { AudioFormat } from '../../contracts/audio.ts'
import type { VadProvider, VadStream } from '../../contracts/vad.ts'
import { type Converter, createConverter } from '../../audio/convert.ts'
import { ALAW_TO_LINEAR, MULAW_TO_LINEAR } from '../../audio/g711.ts'
import type { ProviderError } from '../../contracts/errors.ts'

export interface VadTapHandlers {
  /** `power`: mean square of the window's samples. `heardMs`: where it ends in the sound since the stream was opened. */
  onWindow(probability: number, power: number, heardMs: number): void
  onFailure(error: ProviderError): void
}

/** Windows a call may wait with: half a second. */
const LANE_WINDOWS = 16
/** Room for so many at first: more is needed only while the detector is behind. */
const FIRST_WINDOWS = 2

/** One call's windows on their way to the detector: whole ones, and the one being filled behind them. */
export class VadLane {
  readonly stream: VadStream
  readonly handlers: VadTapHandlers
  /** It waits for the next batch. */
  queued = false
  closed = false
  /** Mean square of the window that was taken last. */
  power = 0
  /** Where that window ends in the sound since the stream was opened. */
  heardMs = 0
  readonly #windowSamples: number
  readonly #format: AudioFormat
  readonly #sampleRateHz: number
  #toSamples: Converter | undefined
  /** Where a sample is one byte at the detector's own rate, it is kept as that byte: the way of almost every frame. */
  readonly #table: Int16Array | undefined
  readonly #onDropped: () => void
  /** Room for whole windows; written round and round, so that a window is never split. */
  #samples: Uint8Array | Int16Array
  #start = 0
  #filled = 0
  /** Samples that were taken, or made room. */
  #gone = 0

  constructor(provider: VadProvider, format: AudioFormat, handlers: VadTapHandlers, onDropped: () => void) {
    const { windowSamples, sampleRateHz } = provider
    this.stream = provider.openStream()
    this.handlers = handlers
    this.#windowSamples = windowSamples
    this.#format = format
    this.#sampleRateHz = sampleRateHz
    this.#table = sampleTable(format, sampleRateHz)
    this.#onDropped = onDropped
    this.#samples = this.#room(FIRST_WINDOWS)
  }

  /** At least one window is whole. */
  get whole(): boolean {
    return this.#filled >= this.#windowSamples
  }

  push(audio: Uint8Array): void {
    if (this.#table !== undefined) return this.#append(audio)
    this.#toSamples ??= createConverter(this.#format, {
      encoding: 'linear16',
      sampleRateHz: this.#sampleRateHz,
    })
    this.#append(samplesOf(this.#toSamples.convert(audio)))
  }

  /** Moves the oldest window into `target` at `offset`. */
  take(target: Int16Array, offset: number): void {
    const size = this.#windowSamples
    const samples = this.#samples
    const table = this.#table
    const start = this.#start
    let squares = 0
    for (let i = 0; i < size; i++) {
      const code = samples[start + i]!
      const sample = table === undefined ? code : table[code]!
      target[offset + i] = sample
      squares += sample * sample
    }
    this.power = squares / size
    this.#dropOldest()
    this.heardMs = (this.#gone * 1000) / this.#sampleRateHz
    // The detector has caught up: what it was behind by is given back.
    if (this.#filled < size && samples.length > FIRST_WINDOWS * size) this.#resize(FIRST_WINDOWS)
  }

  #append(source: Uint8Array | Int16Array): void {
    for (let done = 0; done < source.length;) {
      if (this.#filled === this.#samples.length) this.#makeRoom()
      const samples = this.#samples
      const behind = this.#start + this.#filled
      const end = behind < samples.length ? behind : behind - samples.length
      const room = (end < this.#start ? this.#start : samples.length) - end
      const span = Math.min(room, source.length - done)
      for (let i = 0; i < span; i++) samples[end + i] = source[done + i]!
      this.#filled += span
      done += span
    }
  }

  #dropOldest(): void {
    const next = this.#start + this.#windowSamples
    this.#start = next === this.#samples.length ? 0 : next
    this.#filled -= this.#windowSamples
    this.#gone += this.#windowSamples
  }

  /** The lane grows to its bound; after that the oldest window makes room. */
  #makeRoom(): void {
    const windows = this.#samples.length / this.#windowSamples
    if (windows < LANE_WINDOWS) return this.#resize(windows * 2)
    this.#dropOldest()
    this.#onDropped()
  }

  #resize(windows: number): void {
    const resized = this.#room(windows)
    const former = this.#samples
    for (let i = 0; i < this.#filled; i++) resized[i] = former[(this.#start + i) % former.length]!
    this.#samples = resized
    this.#start = 0
  }

  #room(windows: number): Uint8Array | Int16Array {
    const length = windows * this.#windowSamples
    return this.#table === undefined ? new Int16Array(length) : new Uint8Array(length)
  }
}

/** Bytes of linear16 (little-endian) as samples. */
function samplesOf(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >> 1)
  for (let i = 0; i < samples.length; i++) samples[i] = bytes[i * 2]! | (bytes[i * 2 + 1]! << 8)
  return samples
}

function sampleTable(format: AudioFormat, sampleRateHz: number): Int16Array | undefined {
  if (format.sampleRateHz !== sampleRateHz || format.encoding === 'linear16') return undefined
  return format.encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
}
