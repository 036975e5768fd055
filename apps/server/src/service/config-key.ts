import { createHash } from 'node:crypto'
import { MULAW_8K } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { pluginNumber } from './plugin-number.ts'

/**
 * The same for the same settings, variables filled in, the same recorded lines and the same background: then a pipeline goes on as it is.
 * Holds secrets, if none can be read: not for a log.
 */
export function configKey({
  config,
  stages,
  recordedLines,
  thinkingSound,
  background,
}: LoadedPipeline): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([config, stages, [...stages.languages]], withoutPlugins))
  for (const [language, { text, format, audio }] of recordedLines)
    hash.update(JSON.stringify([language, text, format])).update(audio)
  if (thinkingSound) hash.update(JSON.stringify(thinkingSound.format)).update(thinkingSound.audio)
  if (background) hash.update(background.loop(MULAW_8K.sampleRateHz))
  return hash.digest('hex')
}

/** A plugin is known by its package, and by which reading of it this is. */
function withoutPlugins(key: string, value: unknown): unknown {
  return key === 'plugin' && typeof value === 'object' && value !== null ? pluginNumber(value) : value
}
