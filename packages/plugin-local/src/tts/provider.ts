import { MULAW_8K, ProviderError, bytesPerSecond, type PluginContext, type TtsProvider } from '@kav/core'
import { splitClauses } from './clauses.ts'
import type { FliteParams } from './params.ts'
import { createSynthesisPool } from './synthesis-pool.ts'

const CHUNK_MS = 100

/** English speech by flite for all calls of the process. The first clause, or `warm`, starts a thread. */
export function createFliteProvider(
  params: FliteParams,
  context: PluginContext,
  workerUrl?: URL,
): TtsProvider {
  const { voice, speed } = params
  const pool = createSynthesisPool({
    maxWorkers: params.workers,
    maxWaiting: params.max_waiting,
    log: context.log,
    metrics: context.metrics,
    workerUrl,
  })

  return {
    produces: [MULAW_8K, { encoding: 'linear16', sampleRateHz: 16000 }],
    voiceKey: `flite/${voice}/${speed}`,
    // Of money, dates and telephone numbers it says the digits, and of short forms the letters.
    normalises: false,
    async *speak(request, signal) {
      const { format, language } = request
      if (language !== undefined && !/^en\b/i.test(language)) {
        throw new ProviderError('bad-request', `flite speaks English only, not "${language}"`)
      }
      const chunkBytes = (bytesPerSecond(format) * CHUNK_MS) / 1000
      const speech = { voice, speed }
      let next: Promise<Uint8Array> | undefined
      for (const clause of ahead(splitClauses(request.text))) {
        const audio = await (next ?? pool.synthesise({ text: clause.text, speech, format }, signal))
        next =
          clause.following === undefined
            ? undefined
            : pool.synthesise({ text: clause.following, speech, format }, signal)
        // Whoever reads may leave before it is asked for.
        next?.catch(() => {})
        for (let at = 0; at < audio.length; at += chunkBytes) {
          if (signal.aborted) return
          yield audio.subarray(at, at + chunkBytes)
        }
      }
    },
    async warm() {
      pool.warm()
    },
    close: () => pool.close(),
  }
}

/** Each clause with the one after it, so that the next is being made while this one is read. */
function ahead(clauses: readonly string[]): { text: string; following: string | undefined }[] {
  return clauses.map((text, index) => ({ text, following: clauses[index + 1] }))
}
