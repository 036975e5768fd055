import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { CallStore } from '@kav/core'
import { createCallStore, type LoadedPipeline } from '@kav/core/host'
import type { Environment } from '../environment.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { defaultPipeline, openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { systemClock } from '../system-clock.ts'
import { storeKey } from './store-key.ts'

/** The store of a pipeline, for a command; with the pipelines that share it. */
export interface HistoryStore {
  readonly store: CallStore
  readonly pipelines: readonly LoadedPipeline[]
}

/**
 * Opens the store that a pipeline names, or the pipelines of this folder, which must then name the same; the demo's
 * where there is none. Throws an Error that says what to write where there is no store.
 */
export async function openHistoryStore(file: string | undefined, env: Environment): Promise<HistoryStore> {
  const files = file === undefined ? await pipelinesHere() : [file]
  const loader = createServerLoader()
  const loaded: LoadedPipeline[] = []
  for (const one of files) loaded.push((await openPipeline(one, env, loader)).pipeline)
  const stored = loaded.flatMap((one) => (one.stages.store ? [{ one, stage: one.stages.store }] : []))
  const [first] = stored
  if (first === undefined)
    throw new Error(
      `${files.join(', ')}: no store; write "store: { plugin: '@kav/plugin-sql-store' }" to keep calls`,
    )
  if (new Set(stored.map(({ stage }) => storeKey(stage))).size > 1)
    throw new Error(`${files.join(', ')} name different stores; say which: --pipeline <file>`)
  const log = createLogger({ level: 'warn', private: false, pretty: true })
  const { provider: store } = createCallStore(first.stage, {
    log,
    metrics: createMetrics(log).metrics,
    clock: systemClock,
    baseDir: first.one.baseDir,
  })
  return { store, pipelines: stored.map(({ one }) => one) }
}

/** Files of this folder that look like pipelines. */
async function pipelinesHere(): Promise<readonly string[]> {
  const names = (await readdir('.')).filter((name) => /\.ya?ml$/.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(name, 'utf8').catch(() => '')))
  const found = names.filter(
    (_, index) => /^transport:/m.test(texts[index]!) && /^store:/m.test(texts[index]!),
  )
  return found.length === 0 ? [defaultPipeline()] : found.map((name) => resolve(name))
}
