import { createHash } from 'node:crypto'
import type { LoadedPipeline, LoadedStage } from '@kav/core/host'
import { pluginNumber } from '../service/plugin-number.ts'

const HASH_CHARS = 12

/** The same for pipelines that name the same store. Holds secrets: not for a log. */
export function storeKey({ package: name, plugin, params }: LoadedStage<'store'>): string {
  return JSON.stringify([name, pluginNumber(plugin), params])
}

/** Where what its store cannot take waits, beside the pipeline's own files. The same in every process. */
export function storeOutbox({ config }: Pick<LoadedPipeline, 'config'>, stage: LoadedStage<'store'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([stage.package, stage.params]))
    .digest('hex')
  return `${config.record.dir}/outbox/store-${hash.slice(0, HASH_CHARS)}`
}
