import { createHash } from 'node:crypto'
import type { LoadedPipeline } from '@kav/core/host'
import { pluginNumber } from './plugin-number.ts'

/**
 * The same for the same settings, variables filled in, and the same content of the files that they name: then a
 * pipeline goes on as it is. Holds secrets, if none can be read: not for a log.
 */
export function configKey({ config, stages, files }: LoadedPipeline): string {
  return createHash('sha256')
    .update(JSON.stringify([config, stages, [...stages.languages], files], withoutPlugins))
    .digest('hex')
}

/** A plugin is known by its package, and by which reading of it this is. */
function withoutPlugins(key: string, value: unknown): unknown {
  return key === 'plugin' && typeof value === 'object' && value !== null ? pluginNumber(value) : value
}
