import { PLUGIN_KINDS, type AnyPlugin } from '../contracts/index.ts'
import type { PluginFault } from './plugin-name.ts'

export type ModulePlugins =
  { readonly ok: true; readonly plugins: readonly AnyPlugin[] } | ({ readonly ok: false } & PluginFault)

/** The plugins a module exports, checked for shape: a default export that is one plugin or one of each kind. */
export function readModule(name: string, module: unknown): ModulePlugins {
  const exported = isObject(module) ? module['default'] : undefined
  if (exported === undefined) return fault(name, 'has no default export; export the result of definePlugin')
  const list: readonly unknown[] = Array.isArray(exported) ? exported : [exported]
  if (list.length === 0) return fault(name, 'exports an empty array; export at least one plugin')
  const plugins: AnyPlugin[] = []
  for (const [index, entry] of list.entries()) {
    const which = Array.isArray(exported) ? `entry ${index} of its default export` : 'its default export'
    const missing = whatIsMissing(entry)
    if (missing !== undefined) return fault(name, `is not a Kav plugin: ${which} ${missing}`)
    const plugin = entry as AnyPlugin
    if (plugins.some((other) => other.kind === plugin.kind)) {
      return fault(name, `exports two plugins of kind "${plugin.kind}"; a package holds one of each kind`)
    }
    plugins.push(plugin)
  }
  return { ok: true, plugins }
}

function whatIsMissing(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'is not an object'
  if (!PLUGIN_KINDS.some((kind) => kind === entry['kind'])) {
    return `has no "kind" of ${PLUGIN_KINDS.join(', ')}`
  }
  if (typeof entry['name'] !== 'string' || entry['name'] === '') return 'has no "name"'
  if (!isObject(entry['params'])) return 'has no "params" schema'
  if (typeof entry['create'] !== 'function') return 'has no "create" function'
  if (entry['check'] !== undefined && typeof entry['check'] !== 'function') {
    return 'has a "check" that is not a function'
  }
  return undefined
}

function fault(name: string, message: string): ModulePlugins {
  return { ok: false, code: 'KAV_PLUGIN_EXPORT', message: `"${name}" ${message}` }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
