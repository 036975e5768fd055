import { ProviderError, asProviderError } from '@kav/core'
import type { Clock, Logger, Metrics, VadProvider, VadStream } from '@kav/core'
import { createBatchMemory } from './batch-memory.ts'
import { createSileroModel, type SileroModel } from './silero-model.ts'
import { loadSileroWeights, sileroShape, type SileroSampleRateHz } from './silero-weights.ts'
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
const FIRST_CAPACITY = 16

interface Stream extends VadStream {
  readonly slot: number
  /** Its slot may still hold another call's state. */
  isNew: boolean
  isClosed: boolean
}

/**
 * Silero VAD v6 for all calls of the process. The model is read when the first stream opens. Calls' states lie in
 * memory shared with the worker, so that any batch can run on either thread and a dead worker takes no state with it.
 */
export function createSileroProvider(options: SileroProviderOptions): VadProvider {
  const { sampleRateHz, threshold, placement } = options
  const shape = sileroShape(sampleRateHz)
  const worker = createWorkerLink({
    ...options,
    ...(placement === 'auto' && { onWeights: (weights) => (model ??= createSileroModel(weights)) }),
  })
  const freeSlots: number[] = []
  let slotCount = 0
  let memory = createBatchMemory(shape, FIRST_CAPACITY)
  let model: SileroModel | undefined
  let loading: Promise<SileroModel> | undefined
  let isBusy = false
  let isClosed = false

  function openStream(): VadStream {
    if (isClosed) throw new ProviderError('bad-request', 'The VAD is closed')
    if (placement !== 'inline') worker.start()
    else load().catch(() => {}) // The fault comes back from the first `rate`.
    const stream: Stream = {
      slot: freeSlots.pop() ?? slotCount++,
      isNew: true,
      isClosed: false,
      close() {
        if (stream.isClosed) return
        stream.isClosed = true
        freeSlots.push(stream.slot)
      },
    }
    return stream
  }

  function load(): Promise<SileroModel> {
    loading ??= loadSileroWeights(sampleRateHz).then(
      (weights) => (model = createSileroModel(weights)),
      (thrown: unknown) => {
        loading = undefined
        throw asProviderError(thrown, 'Loading the VAD model')
      },
    )
    return loading
  }

  function rate(
    streams: readonly VadStream[],
    windows: Int16Array,
    results: Float32Array,
  ): Promise<void> | void {
    const count = streams.length
    if (count === 0) return
    const fault = faultOf(streams, windows, results)
    if (fault !== undefined) return Promise.reject(new ProviderError('bad-request', fault))
    fill(streams as readonly Stream[], windows)

    const isSmall = placement === 'auto' && count <= AUTO_INLINE_WINDOWS
    // Until a worker that died runs again, late results would be worse than a longer turn of this thread.
    const isInline = placement === 'inline' || isSmall || (placement === 'auto' && !worker.isReady)
    if (placement === 'auto') worker.start()
    if (isInline && model !== undefined) return finish(model, count, results)
    const batch =
      placement === 'inline'
        ? load().then((loaded) => loaded.rateBatch(memory, count))
        : worker.run(memory, count)
    return hold(batch, count, results)
  }

  function finish(loaded: SileroModel, count: number, results: Float32Array): void {
    loaded.rateBatch(memory, count)
    results.set(memory.probabilities.subarray(0, count))
  }

  async function hold(batch: Promise<void>, count: number, results: Float32Array): Promise<void> {
    isBusy = true
    try {
      await batch
      results.set(memory.probabilities.subarray(0, count))
    } finally {
      isBusy = false
    }
  }

  function faultOf(
    streams: readonly VadStream[],
    windows: Int16Array,
    results: Float32Array,
  ): string | undefined {
    const count = streams.length
    if (isClosed) return 'The VAD is closed'
    if (isBusy) return 'The VAD has a batch in flight; the next one must wait for it'
    if (windows.length < count * shape.windowSamples || results.length < count) {
      return `A batch of ${count} needs ${count * shape.windowSamples} samples and ${count} results, not ${windows.length} and ${results.length}`
    }
    if (count > slotCount || streams.some((stream) => (stream as Stream).isClosed)) {
      return 'The batch holds a closed or unknown VAD stream'
    }
    return undefined
  }

  function fill(streams: readonly Stream[], windows: Int16Array): void {
    if (slotCount > memory.capacity) {
      memory = createBatchMemory(shape, Math.max(slotCount, 2 * memory.capacity), memory)
    }
    memory.windows.set(windows.subarray(0, streams.length * shape.windowSamples))
    for (let index = 0; index < streams.length; index++) {
      const stream = streams[index]!
      memory.slots[index] = stream.slot
      if (stream.isNew) memory.states[stream.slot]!.fill(0)
      stream.isNew = false
    }
  }

  return {
    sampleRateHz,
    windowSamples: shape.windowSamples,
    threshold,
    openStream,
    rate,
    async close() {
      isClosed = true
      await worker.close()
    },
  }
}
