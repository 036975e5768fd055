import type { AudioFormat } from '../../contracts/audio.ts'
import type { VadProvider, VadStream } from '../../contracts/vad.ts'
import { type Converter, createConverter } from '../../audio/convert.ts'
import { ALAW_TO_LINEAR, MULAW_TO_LINEAR } from '../../audio/g711.ts'
import type { ProviderError } from '../../contracts/errors.ts'

export interface VadTapHandlers {
  onWindow(probability: number): void
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
  readonly #windowSamples: number
  readonly #format: AudioFormat
  readonly #sampleRateHz: number
  #toSamples: Converter | undefined
  /** Where a sample is one byte at the detector's own rate: the way of almost every frame, with no bytes in between. */
  readonly #table: Int16Array | undefined
  readonly #onDropped: () => void
  #samples: Int16Array
  #filled = 0

  constructor(provider: VadProvider, format: AudioFormat, handlers: VadTapHandlers, onDropped: () => void) {
    const { windowSamples, sampleRateHz } = provider
    this.stream = provider.openStream()
    this.handlers = handlers
    this.#windowSamples = windowSamples
    this.#format = format
    this.#sampleRateHz = sampleRateHz
    this.#table = sampleTable(format, sampleRateHz)
    this.#onDropped = onDropped
    this.#samples = new Int16Array(FIRST_WINDOWS * windowSamples)
  }

  /** At least one window is whole. */
  get whole(): boolean {
    return this.#filled >= this.#windowSamples
  }

  push(audio: Uint8Array): void {
    const table = this.#table
    if (table === undefined || audio.length > this.#windowSamples) return this.#pushSlowly(audio)
    if (this.#filled + audio.length > this.#samples.length) this.#makeRoom()
    const samples = this.#samples
    const filled = this.#filled
    for (let i = 0; i < audio.length; i++) samples[filled + i] = table[audio[i]!]!
    this.#filled = filled + audio.length
  }

  /** Moves the oldest window into `target` at `offset`. */
  take(target: Int16Array, offset: number): void {
    const size = this.#windowSamples
    target.set(this.#samples.subarray(0, size), offset)
    this.#dropOldest()
    // The detector has caught up: what it was behind by is given back.
    const least = FIRST_WINDOWS * size
    if (this.#filled < size && this.#samples.length > least) this.#samples = this.#samples.slice(0, least)
  }

  #pushSlowly(audio: Uint8Array): void {
    this.#toSamples ??= createConverter(this.#format, {
      encoding: 'linear16',
      sampleRateHz: this.#sampleRateHz,
    })
    const bytes = this.#toSamples.convert(audio)
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      if (this.#filled === this.#samples.length) this.#makeRoom()
      this.#samples[this.#filled++] = bytes[at]! | (bytes[at + 1]! << 8)
    }
  }

  #dropOldest(): void {
    this.#samples.copyWithin(0, this.#windowSamples, this.#filled)
    this.#filled -= this.#windowSamples
  }

  /** The lane grows to its bound; after that the oldest window makes room. */
  #makeRoom(): void {
    if (this.#samples.length < LANE_WINDOWS * this.#windowSamples) {
      const larger = new Int16Array(this.#samples.length * 2)
      larger.set(this.#samples)
      this.#samples = larger
      return
    }
    this.#dropOldest()
    this.#onDropped()
  }
}

function sampleTable(format: AudioFormat, sampleRateHz: number): Int16Array | undefined {
  if (format.sampleRateHz !== sampleRateHz || format.encoding === 'linear16') return undefined
  return format.encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
}
