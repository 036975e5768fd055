import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { CallStore } from '@kav/core'
import { createCallStore, type LoadedPipeline, loadPipeline, type PluginLoader } from '@kav/core/host'
import type { Environment } from '../environment.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { defaultPipeline, loadOptions, openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { hidePipeline } from '../privacy/secrets.ts'
import { createStorage } from '../process/storage.ts'
import { openRemovals, type Removals } from '../recording/removals.ts'
import { systemClock } from '../system-clock.ts'
import type { KeptPlaces } from './erase-calls.ts'
import { joinStores } from './joined-stores.ts'
import { loadWithStandIns } from '../stand-in-environment.ts'
import { WrongUse } from '../wrong-use.ts'
import { storeKey } from './store-key.ts'

const USED = /^(?:store|record)\b/

/** The stores of pipelines, for a command, and where else calls are kept. */
export interface HistoryStore extends KeptPlaces {
  close(): Promise<void>
}

/**
 * Opens the store that a pipeline names, or all that the pipelines of this folder name; the demo's where there is none.
 * Throws `WrongUse` with what to do where there is none, or nobody has used it yet: none is made here.
 *
 * @param records a folder of records will do, too
 */
export async function openHistoryStore(
  file: string | undefined,
  env: Environment,
  records = false,
): Promise<HistoryStore> {
  const files = file === undefined ? await pipelinesHere() : [file]
  const loader = createServerLoader()
  const loaded: LoadedPipeline[] = []
  for (const one of files) loaded.push(await loadForHistory(one, env, loader))
  const byKey = new Map(
    loaded.flatMap((one) => (one.stages.store ? [[storeKey(one.stages.store), one] as const] : [])),
  )
  if (byKey.size === 0)
    throw new WrongUse(
      `${files.join(', ')}: no store; write "store: { plugin: '@kav/plugin-sql-store' }" to keep calls`,
    )
  const log = createLogger({ level: 'warn', private: false, pretty: true })
  const { metrics } = createMetrics(log)
  const named = [...byKey.values()].map(
    ({ stages, baseDir }) =>
      createCallStore(stages.store!, { log, metrics, clock: systemClock, baseDir }).provider,
  )
  const stores = await thoseThere(named)
  if (stores.length === 0 && !(records && hasRecords(loaded)))
    throw new WrongUse(
      `no calls are kept here: the store of ${files.join(', ')} was never used from this folder; run it in the folder of kav serve, or name its pipeline with --pipeline`,
    )
  // What this command cannot take away now, a server of these pipelines does.
  let removals: Removals | undefined
  return {
    store: joinStores(stores),
    pipelines: loaded,
    removals: {
      remove(address, key) {
        if (removals === undefined) {
          const storage = createStorage({ clock: systemClock, metrics })
          removals = openRemovals({ storage, clock: systemClock, log, metrics })
          removals.use(loaded)
        }
        return removals.remove(address, key)
      },
    },
    async close() {
      await removals?.close(0)
      await Promise.all(stores.map((store) => store.close()))
    },
  }
}

/** Only where calls are kept is used: no key of a carrier or a provider need be at hand. */
async function loadForHistory(file: string, env: Environment, loader: PluginLoader): Promise<LoadedPipeline> {
  const load = (known: Environment) => loadPipeline(file, loadOptions(known, loader))
  const result = await load(env)
  const isUsed = result.ok || result.problems.some((one) => one.severity === 'error' && USED.test(one.path))
  if (isUsed) return (await openPipeline(file, env, loader)).pipeline
  const pipeline = await loadWithStandIns(env, load)
  await hidePipeline(pipeline)
  return pipeline
}

/** The others are closed. */
async function thoseThere(stores: readonly CallStore[]): Promise<readonly CallStore[]> {
  const found: CallStore[] = []
  for (const store of stores) {
    if ((await store.isThere?.()) === false) await store.close()
    else found.push(store)
  }
  return found
}

function hasRecords(loaded: readonly LoadedPipeline[]): boolean {
  return loaded.some(({ config }) => existsSync(config.record.dir))
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
