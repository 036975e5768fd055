import { PLUGIN_KINDS } from '../../contracts/index.ts'
import { didYouMean } from '../../kit/did-you-mean.ts'
import type { Path } from '../source/problem.ts'
import { PipelineSchema } from '../schema/pipeline.ts'
import { mapOf } from '../source/value-shapes.ts'

const OF_A_STAGE = ['plugin', 'params', 'fallback', 'denoise']
/** Params that most plugins of these stages have. */
const OF_PARAMS: Readonly<Record<string, string>> = {
  model: 'llm',
  temperature: 'llm',
  max_tokens: 'llm',
  voice: 'tts',
  api_key: 'stt, llm and tts',
  base_url: 'stt, llm and tts',
  account_sid: 'transport',
  auth_token: 'transport',
  public_url: 'transport',
}

/** Where a field belongs that stands in a map which does not know it; begins with `; `. `undefined`: nowhere else. */
export function homeHint(path: Path, name: string): string | undefined {
  const nested = nestedHint(name)
  if (nested !== undefined) return nested
  if (isStage(path)) {
    if (didYouMean(name, OF_A_STAGE) !== undefined) return undefined
    return '; what the plugin takes stands below "params"'
  }
  const inMaps = mapsWith(name).filter((map) => map !== `"${String(path[0])}"`)
  if (path.length === 0 && inMaps.length > 0) return `; it stands in ${inMaps.join(' or ')}`
  if (path.length === 1 && Object.hasOwn(PipelineSchema.properties, name))
    return '; it stands at the top of the file, without indentation'
  if (path.length <= 1 && Object.hasOwn(OF_PARAMS, name))
    return `; it stands in the params of ${OF_PARAMS[name]}`
  return path.length === 1 && inMaps.length > 0 ? `; it stands in ${inMaps.join(' or ')}` : undefined
}

/** The same for a field among the params of a stage. */
export function homeOfParam(kind: string, name: string): string | undefined {
  if (name === 'plugin' || name === 'params' || (name === 'fallback' && ['stt', 'llm', 'tts'].includes(kind)))
    return '; it stands beside "params", not below it'
  const nested = nestedHint(name)
  if (nested !== undefined) return nested
  const inMaps = mapsWith(name)
  return inMaps.length > 0 ? `; it stands in ${inMaps.join(' or ')}, at the top of the file` : undefined
}

/** `stt.params.language` is the path of a field, as messages write it, and no key. */
function nestedHint(name: string): string | undefined {
  if (!/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+$/.test(name) || name.length > 80) return undefined
  const parts = name.split('.')
  return `; maps stand in one another: ${parts.join(': { ')}: …${' }'.repeat(parts.length - 1)}`
}

function isStage(path: Path): boolean {
  const [first, second] = path
  if (path.length === 3 && first === 'languages') return true
  const isKind = PLUGIN_KINDS.some((kind) => kind === first) || first === 'store'
  return isKind && (path.length === 1 || (path.length === 3 && second === 'fallback'))
}

/** Maps at the top of the file that have such a field, but for stages. */
function mapsWith(name: string): readonly string[] {
  return Object.entries(PipelineSchema.properties)
    .filter(([map, schema]) => {
      const fields = mapOf(mapOf(schema)?.['properties']) ?? {}
      return !Object.hasOwn(fields, 'plugin') && map !== 'redact' && Object.hasOwn(fields, name)
    })
    .map(([map]) => `"${map}"`)
}
