import { join } from 'node:path'
import type { LoadedPipeline } from '@kav/core/host'
import { WrongUse } from '../wrong-use.ts'
import { simulatedLlm, simulatedStt, simulatedTts } from './simulated-providers.ts'

/** Whose providers the calls have: stand-ins, or those of the file, which may cost money. */
export type ProvidersOf = 'simulated' | 'own'

/**
 * The pipeline as it is measured: its transport, detector, queues, recordings and texts, without a limit of its own.
 * Nothing of it reaches anybody: no hook, no store, no bucket; what calls leave lies below `dir`.
 */
export function measuredPipeline(
  pipeline: LoadedPipeline,
  { providers, dir }: { readonly providers: ProvidersOf; readonly dir: string },
): LoadedPipeline {
  const { config, stages } = pipeline
  if (providers === 'simulated' && stages.realtime)
    throw new WrongUse(
      'a realtime session cannot be simulated: --providers own measures with that of the file',
    )
  const { upload: _upload, ...record } = config.record
  const { store: _store, ...kept } = stages
  const measured = {
    ...pipeline,
    config: {
      ...config,
      hooks: {},
      limits: { ...config.limits, max_calls: 0, max_event_loop_lag_ms: 0 },
      record: { ...record, dir: join(dir, 'records') },
      'speech-cache': { ...config['speech-cache'], dir: join(dir, 'speech') },
    },
    stages: providers === 'own' ? kept : { ...kept, ...SIMULATED },
  }
  return measured as LoadedPipeline
}

const stage = (kind: string, plugin: object) => ({
  kind,
  path: [kind],
  package: '@kav/server',
  plugin,
  params: {},
})

const SIMULATED = {
  stt: [stage('stt', simulatedStt)],
  llm: [stage('llm', simulatedLlm)],
  tts: [stage('tts', simulatedTts)],
  languages: new Map(),
  tools: [],
}
