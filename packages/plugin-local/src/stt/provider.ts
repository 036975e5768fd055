import { resolve } from 'node:path'
import {
  MULAW_8K,
  ProviderError,
  type PluginContext,
  type SttProvider,
  type SttSession,
  type SttSessionOptions,
} from '@kav/core'
import { findPocketsphinx } from './find-installation.ts'
import type { PocketsphinxParams } from './params.ts'
import { createRecogniserPool, type RecogniserPool } from './recogniser-pool.ts'
import { openPocketsphinxSession } from './session.ts'
import { spokenWords } from '../text/spoken-words.ts'

/** A worker that is this far behind a live caller answers too late to be of use. */
const LIVE_BACKLOG_MS = 10_000

/** Recognition by PocketSphinx for all calls of the process. Threads start with the first session. */
export function createPocketsphinxProvider(
  params: PocketsphinxParams,
  context: PluginContext,
  workerUrl?: URL,
): SttProvider {
  const { log, metrics, baseDir } = context
  let pool: RecogniserPool | undefined
  let isClosed = false

  /** Looks for the engine anew until it is there: an operator may install it while the process runs. */
  function openPool(): RecogniserPool {
    if (isClosed) throw new ProviderError('cancelled', 'The PocketSphinx recogniser is closed')
    if (pool !== undefined) return pool
    const installation = findPocketsphinx({
      library: placeOf(params.library, baseDir),
      modelDir: placeOf(params.model_dir, baseDir),
    })
    if ('missing' in installation) throw new ProviderError('bad-request', installation.missing)
    pool = createRecogniserPool({ maxWorkers: params.workers, installation, log, metrics, workerUrl })
    return pool
  }

  async function open(options: Omit<SttSessionOptions, 'region'>, maxBacklogMs: number): Promise<SttSession> {
    const { callId, language, signal } = options
    if (language !== undefined && !/^en\b/i.test(language)) {
      throw new ProviderError('bad-request', `PocketSphinx understands English only, not "${language}"`)
    }
    return await openPocketsphinxSession({
      callId,
      pool: openPool(),
      signal,
      maxBacklogMs,
      log,
      metrics,
      settings: {
        phrases: [...new Set([...params.hints, ...options.hints])],
        endpointSilenceMs: params.endpoint_silence_ms,
        maxUtteranceMs: params.max_utterance_ms,
        wantsPartials: params.partials,
        ...(params.rejection ? {} : { rejectBelow: -Infinity }),
        ...(params.rejection && params.reject_below !== undefined && { rejectBelow: params.reject_below }),
      },
    })
  }

  return {
    accepts: [MULAW_8K],
    needsHints: params.hints.every((hint) => spokenWords(hint).length === 0),
    openSession: (options) => open(options, LIVE_BACKLOG_MS),
    async recognize(audio, options) {
      // It comes as a whole, not at the pace of speech: all of it may wait.
      const session = await open(options, Infinity)
      try {
        session.write(audio)
        session.finish()
        const texts: string[] = []
        for await (const event of session.events) if (event.type === 'final') texts.push(event.text)
        return texts.join(' ')
      } finally {
        await session.close()
      }
    },
    async close() {
      isClosed = true
      await pool?.close()
    },
  }
}

/** An empty text is none: what `${NAME:-}` gives when the variable is not set. */
function placeOf(path: string | undefined, baseDir: string): string | undefined {
  return path === undefined || path === '' ? undefined : resolve(baseDir, path)
}
