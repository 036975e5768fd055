import { CONTRACT, PLUGIN_KINDS, type AnyPlugin } from '../contracts/index.ts'
import { didYouMean } from '../kit/did-you-mean.ts'
import { otherCore } from './core-copy.ts'
import { schemaFault } from './schema-fault.ts'
import type { PluginFault } from './plugin-name.ts'

export type ModulePlugins =
  | {
      readonly ok: true
      readonly plugins: readonly AnyPlugin[]
      /** What is odd about them, and no reason to refuse them. */
      readonly doubts: readonly PluginFault[]
    }
  | ({ readonly ok: false } & PluginFault)

/** The plugins a module exports, checked for shape: a default export that is one plugin or one of each kind. */
export async function readModule(name: string, module: unknown): Promise<ModulePlugins> {
  const exported = defaultOf(module)
  if (exported === undefined) return fault(name, withoutDefault(module))
  const list: readonly unknown[] = Array.isArray(exported) ? exported : [exported]
  if (list.length === 0) return fault(name, 'exports an empty array; export at least one plugin')
  const plugins: AnyPlugin[] = []
  for (const [index, entry] of list.entries()) {
    const which = Array.isArray(exported) ? `entry ${index} of its default export` : 'its default export'
    const missing = whatIsMissing(entry)
    if (missing !== undefined) return fault(name, `is not a Kav plugin: ${which} ${missing}`)
    const plugin = entry as AnyPlugin
    const { contract = CONTRACT } = plugin
    if (contract !== CONTRACT) return otherContract(name, contract)
    if (plugins.some((other) => other.kind === plugin.kind)) {
      return fault(name, `exports two plugins of kind "${plugin.kind}"; a package holds one of each kind`)
    }
    const unusable = schemaFault(plugin.params)
    if (unusable !== undefined) return otherSchema(plugin, unusable)
    plugins.push(plugin)
  }
  const other = await otherCore(name, plugins[0]!)
  const odd = plugins.flatMap((plugin) => misspelt(name, plugin))
  return { ok: true, plugins, doubts: other === undefined ? odd : [other, ...odd] }
}

/** Compilers that write CommonJS put the default export inside of what Node.js takes for it. */
function defaultOf(module: unknown): unknown {
  const exported = isObject(module) ? module['default'] : undefined
  return isObject(exported) && exported['__esModule'] === true ? exported['default'] : exported
}

function withoutDefault(module: unknown): string {
  const entries = isObject(module) ? Object.entries(module) : []
  const [named] = entries.find(([, value]) => whatIsMissing(value) === undefined) ?? []
  return named === undefined
    ? 'has no default export; export the result of definePlugin'
    : `exports its plugin by the name "${named}"; write: export default ${named}`
}

function whatIsMissing(entry: unknown): string | undefined {
  if (entry instanceof Promise) return 'is a promise; export the plugin itself'
  if (!isObject(entry)) return 'is not an object'
  const { kind, contract } = entry
  if (!PLUGIN_KINDS.some((known) => known === kind)) {
    const meant = typeof kind === 'string' ? didYouMean(kind, PLUGIN_KINDS) : undefined
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    return `has no "kind" of ${PLUGIN_KINDS.join(', ')}${hint}`
  }
  if (typeof entry['name'] !== 'string' || entry['name'] === '') return 'has no "name"'
  if (!isObject(entry['params'])) return 'has no "params" schema'
  if (contract !== undefined && typeof contract !== 'number') return 'has a "contract" that is no number'
  if (typeof entry['create'] !== 'function') return 'has no "create" function'
  const wrong = OPTIONAL.find((name) => entry[name] !== undefined && typeof entry[name] !== 'function')
  return wrong === undefined ? undefined : `has a "${wrong}" that is not a function`
}

const OPTIONAL = ['check', 'checkFiles', 'callValues', 'liveCheck', 'reachCheck', 'fetch', 'double'] as const
const FIELDS: ReadonlySet<string> = new Set([
  ...['kind', 'contract', 'name', 'description', 'params', 'create'],
  ...OPTIONAL,
])

/** `livecheck` for `liveCheck`: nobody would ever call it. */
function misspelt(name: string, plugin: AnyPlugin): readonly PluginFault[] {
  const missing = OPTIONAL.filter((field) => !(field in plugin))
  return Object.keys(plugin).flatMap((field) => {
    const meant = FIELDS.has(field) ? undefined : didYouMean(field, missing)
    if (meant === undefined) return []
    const message = `"${name}" has "${field}", which no plugin has; did you mean "${meant}"?`
    return [{ code: 'KAV_CONFIG_DOUBT' as const, message }]
  })
}

function otherSchema(plugin: AnyPlugin, why: string): ModulePlugins {
  const message = `plugin "${plugin.name}" states its params in a schema that cannot be used: ${why}`
  return { ok: false, code: 'KAV_PLUGIN_SCHEMA', message }
}

function otherContract(name: string, contract: number): ModulePlugins {
  const fix =
    contract > CONTRACT
      ? `run: npm install @kav/server@latest, or install a version of it for contract ${CONTRACT}`
      : `install a version of it for contract ${CONTRACT}`
  const message = `"${name}" is written for contract ${contract}, and this version of Kav has contract ${CONTRACT}; ${fix}`
  return { ok: false, code: 'KAV_PLUGIN_CONTRACT', message }
}

function fault(name: string, message: string): ModulePlugins {
  return { ok: false, code: 'KAV_PLUGIN_EXPORT', message: `"${name}" ${message}` }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
