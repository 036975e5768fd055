import { ProviderError, asProviderError } from '@kav/core'
import type { Clock, Logger, Metrics, VadProvider, VadStream } from '@kav/core'
import { createSileroModel, type SileroModel } from './silero-model.ts'
import {
  loadSileroWeights,
  sileroShape,
  type SileroSampleRateHz,
  type SileroWeights,
} from './silero-weights.ts'
import { createStreamBatch } from './stream-batch.ts'
import { createWorkerLink } from './worker-link.ts'

export type VadPlacement = 'auto' | 'inline' | 'worker'

export interface SileroProviderOptions {
  readonly sampleRateHz: SileroSampleRateHz
  readonly threshold: number
  readonly placement: VadPlacement
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL
}

/** Up to here rating costs the media thread about what handing it over does, and the process half (bench/vad.mjs). */
const AUTO_INLINE_WINDOWS = 2

/**
 * Silero VAD v6 for all calls of the process. The model is read when the first stream opens. Calls' states lie in
 * memory shared with the worker, so that any batch can run on either thread and a dead worker takes no state with it.
 */
export function createSileroProvider(options: SileroProviderOptions): VadProvider {
  const { sampleRateHz, threshold, placement } = options
  const batch = createStreamBatch(sileroShape(sampleRateHz))
  const inline = createInlineModel(sampleRateHz)
  const worker = createWorkerLink({
    ...options,
    ...(placement === 'auto' && { onWeights: (weights) => inline.use(weights) }),
  })
  let isBusy = false
  let isClosed = false

  function rate(
    streams: readonly VadStream[],
    windows: Int16Array,
    results: Float32Array,
  ): Promise<void> | void {
    const count = streams.length
    if (count === 0) return
    const fault = isClosed
      ? 'The VAD is closed'
      : isBusy
        ? 'The VAD has a batch in flight; the next one must wait for it'
        : batch.faultOf(streams, windows, results)
    if (fault !== undefined) return Promise.reject(new ProviderError('bad-request', fault))
    batch.fill(streams, windows)

    const isSmall = placement === 'auto' && count <= AUTO_INLINE_WINDOWS
    // Until a worker that died runs again, late results would be worse than a longer turn of this thread.
    const isInline = placement === 'inline' || isSmall || (placement === 'auto' && !worker.isReady)
    if (placement === 'auto') worker.start()
    if (isInline && inline.model !== undefined) {
      inline.model.rateBatch(batch.memory, count)
      return batch.read(results, count)
    }
    const rated =
      placement === 'inline'
        ? inline.load().then((model) => model.rateBatch(batch.memory, count))
        : worker.run(batch.memory, count)
    return hold(rated, count, results)
  }

  async function hold(rated: Promise<void>, count: number, results: Float32Array): Promise<void> {
    isBusy = true
    try {
      await rated
      batch.read(results, count)
    } finally {
      isBusy = false
    }
  }

  return {
    sampleRateHz,
    windowSamples: batch.windowSamples,
    threshold,
    openStream() {
      if (isClosed) throw new ProviderError('bad-request', 'The VAD is closed')
      if (placement !== 'inline') worker.start()
      else inline.load().catch(() => {}) // The fault comes back from the first `rate`.
      return batch.openStream()
    },
    rate,
    async close() {
      isClosed = true
      await worker.close()
    },
  }
}

/** The model on this thread, once it is read. */
interface InlineModel {
  readonly model: SileroModel | undefined
  /** Weights that the worker has read. */
  use(weights: SileroWeights): void
  /** Reads them here. Rejects with a `ProviderError`; the next call tries again. */
  load(): Promise<SileroModel>
}

function createInlineModel(sampleRateHz: SileroSampleRateHz): InlineModel {
  let model: SileroModel | undefined
  let loading: Promise<SileroModel> | undefined
  return {
    get model() {
      return model
    },
    use(weights) {
      model ??= createSileroModel(weights)
    },
    load() {
      loading ??= loadSileroWeights(sampleRateHz).then(
        (weights) => (model = createSileroModel(weights)),
        (thrown: unknown) => {
          loading = undefined
          throw asProviderError(thrown, 'Loading the VAD model')
        },
      )
      return loading
    },
  }
}
