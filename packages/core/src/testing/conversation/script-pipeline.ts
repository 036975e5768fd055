import { fillDefaults } from '../../kit/fill-defaults.ts'
import { type PipelineConfig, PipelineSchema } from '../../config/schema/pipeline.ts'
import type { ConversationScript } from './script-schema.ts'

/** A pipeline for scripts that name none: every default, and a greeting to start from. */
const BARE = {
  version: 1,
  name: 'script',
  transport: { plugin: 'none' },
  stt: { plugin: 'none' },
  llm: { plugin: 'none' },
  tts: { plugin: 'none' },
  conversation: { greeting: 'Hello.' },
}

/** The pipeline a script is about: `base` (or the defaults) with the script's own settings over it. */
export function scriptPipeline(script: ConversationScript, base?: PipelineConfig): PipelineConfig {
  const config = structuredClone(base ?? (fillDefaults(PipelineSchema, BARE) as PipelineConfig))
  const merged = merge(config, {
    ...(script.conversation ? { conversation: script.conversation } : {}),
    ...(script.stt ? { [config.realtime ? 'realtime' : 'stt']: { params: script.stt } } : {}),
    ...(script['tx-queue'] ? { 'tx-queue': script['tx-queue'] } : {}),
    ...(script.tools ? { tools: script.tools } : {}),
    ...(script.languages ? { languages: Object.fromEntries(script.languages.map((tag) => [tag, {}])) } : {}),
  })
  // A map that only the script has, such as `give_up`, has its defaults, too.
  return fillDefaults(PipelineSchema, merged) as PipelineConfig
}

/** Maps are merged, everything else is replaced. */
function merge(under: unknown, over: unknown): unknown {
  if (over === undefined) return under
  if (!isMap(under) || !isMap(over)) return over
  const merged: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) merged[key] = merge(under[key], value)
  return merged
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
