import {
  asProviderError,
  type PluginContext,
  ProviderError,
  type TurnProvider,
  type TurnQuestion,
} from '@kav/core'
import { untilAborted } from '@kav/core/kit'
import { SAMPLE_RATE_HZ, WINDOW_MS } from './features/log-mel.ts'
import { createSoundMemory } from './worker/sound-memory.ts'
import { shareWorkerLink } from './worker/shared-link.ts'

export interface SmartTurnOptions {
  /** File of the model. */
  readonly path: string
  readonly threshold: number
  readonly threads: number
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL
}

export interface SmartTurnProvider extends TurnProvider {
  warm(): Promise<void>
  judge(questions: readonly TurnQuestion[], probabilities: Float32Array): Promise<void>
}

/**
 * Smart Turn for all calls of a pipeline. Features and network run in a worker thread, which pipelines with the same
 * model share; the media thread copies sound, 256 kB a question at most.
 */
export function createSmartTurnProvider(
  { threshold, ...loads }: SmartTurnOptions,
  { log, metrics, clock }: Pick<PluginContext, 'log' | 'metrics' | 'clock'>,
): SmartTurnProvider {
  const link = shareWorkerLink({ ...loads, log, metrics, clock })
  const sound = createSoundMemory()
  const closing = new AbortController()
  let isBusy = false

  /** What the work gives, or that the provider was closed meanwhile: the worker may serve others on. */
  async function unlessClosed<T>(work: Promise<T>): Promise<T> {
    try {
      return await untilAborted(closing.signal, work, () => {
        throw new ProviderError('cancelled', 'The turn detector was closed during a judgement')
      })
    } catch (thrown) {
      throw asProviderError(thrown, 'Judging a turn')
    }
  }

  function faultOf(questions: readonly TurnQuestion[], probabilities: Float32Array): string | undefined {
    if (closing.signal.aborted) return 'The turn detector is closed'
    if (isBusy) return 'The turn detector has a batch in flight; the next one must wait for it'
    return probabilities.length < questions.length
      ? `${questions.length} questions need as many places, there are ${probabilities.length}`
      : undefined
  }

  return {
    sampleRateHz: SAMPLE_RATE_HZ,
    windowMs: WINDOW_MS,
    threshold,
    async warm() {
      if (closing.signal.aborted) throw new ProviderError('bad-request', 'The turn detector is closed')
      await unlessClosed(link.warm())
    },
    async judge(questions, probabilities) {
      const fault = faultOf(questions, probabilities)
      if (fault !== undefined) throw new ProviderError('bad-request', fault)
      if (questions.length === 0) return
      isBusy = true
      try {
        probabilities.set(await unlessClosed(link.judge(sound.pack(questions))))
      } finally {
        isBusy = false
      }
    },
    async close() {
      closing.abort()
      await link.close()
    },
  }
}
