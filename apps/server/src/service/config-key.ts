import { createHash } from 'node:crypto'
import type { LoadedPipeline } from '@kav/core/host'

/**
 * The same for the same settings, variables filled in, and the same recorded lines: then a pipeline goes on as it is.
 * The code of plugins is not in it: that is read once in the life of a process. Holds secrets, if none can be read:
 * not for a log.
 */
export function configKey({ config, stages, recordedLines, thinkingSound }: LoadedPipeline): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([config, stages, [...stages.languages]], withoutPlugins))
  for (const [language, { text, format, audio }] of recordedLines)
    hash.update(JSON.stringify([language, text, format])).update(audio)
  if (thinkingSound) hash.update(JSON.stringify(thinkingSound.format)).update(thinkingSound.audio)
  return hash.digest('hex')
}

/** A plugin is known by its package. */
function withoutPlugins(key: string, value: unknown): unknown {
  return key === 'plugin' && typeof value === 'object' ? undefined : value
}
