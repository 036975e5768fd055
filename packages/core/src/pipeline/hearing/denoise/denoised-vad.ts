import type { VadProvider, VadStream } from '../../../contracts/vad.ts'
import type { DenoiseLine } from './denoise-line.ts'
import type { DenoiseStage } from './denoise-stage.ts'

/** A detector behind a filter, as a detector: it hears the caller as much later as the filter says. */
export function denoisedVad(provider: VadProvider, stage: DenoiseStage): VadProvider {
  const { sampleRateHz, windowSamples, threshold } = provider
  let cleaned = new Int16Array(0)

  async function rate(
    streams: readonly DenoisedStream[],
    windows: Int16Array,
    probabilities: Float32Array,
  ): Promise<void> {
    const count = streams.length * windowSamples
    // Fresh where it was too small, or a detector gave it away.
    if (cleaned.length < count) cleaned = new Int16Array(2 * count)
    const batch = cleaned
    batch.set(windows.subarray(0, count))
    await Promise.all(streams.flatMap((stream, index) => stream.clean(batch, index * windowSamples) ?? []))
    const inner = streams.map((stream) => stream.inner)
    await provider.rate(inner, batch.subarray(0, count), probabilities)
  }

  return {
    sampleRateHz,
    windowSamples,
    threshold,
    // A detector is told no call.
    openStream: () => new DenoisedStream(provider.openStream(), stage.open(sampleRateHz), windowSamples),
    rate: (streams, windows, probabilities) =>
      rate(streams as readonly DenoisedStream[], windows, probabilities),
    close: () => provider.close(),
  }
}

class DenoisedStream implements VadStream {
  readonly inner: VadStream
  readonly #line: DenoiseLine | undefined
  readonly #window: Int16Array
  #isClosed = false

  constructor(inner: VadStream, line: DenoiseLine | undefined, windowSamples: number) {
    this.inner = inner
    this.#line = line
    this.#window = new Int16Array(windowSamples)
  }

  /** Its window of the batch; one that the filter does not give back stays as it came. */
  clean(batch: Int16Array, at: number): Promise<void> | undefined {
    const line = this.#line
    if (line === undefined || this.#isClosed) return undefined
    const window = this.#window
    window.set(batch.subarray(at, at + window.length))
    return new Promise((resolve) => {
      line.clean(window, (isClean) => {
        if (isClean) batch.set(window, at)
        resolve()
      })
    })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#line?.close()
    this.inner.close()
  }
}
