import { type AnyPlugin, messageOf, type PluginKind } from '../contracts/index.ts'
import { didYouMean } from '../kit/did-you-mean.ts'
import { resolvePluginName, type PluginFault } from './plugin-name.ts'
import { readModule, type ModulePlugins } from './read-module.ts'

export type PluginLoad =
  { readonly ok: true; readonly plugin: AnyPlugin } | ({ readonly ok: false } & PluginFault)

/** Finds plugins by the name a pipeline file gives them. Never throws: what goes wrong is a fault with a message. */
export interface PluginLoader {
  /** The plugin of one kind. `baseDir` is where paths such as `./my-plugin.js` start. */
  load(name: string, kind: PluginKind, baseDir: string): Promise<PluginLoad>
  /** All plugins of a package, for listings and for the editor schema. */
  loadAll(name: string, baseDir: string): Promise<ModulePlugins>
  /** The names the host knows to be installed; what `load` suggests from. */
  readonly known: readonly string[]
}

export interface PluginLoaderOptions {
  /** The host's own `import`, so that packages are found from the host's dependencies. */
  readonly importModule: (specifier: string) => Promise<unknown>
  /** Installed plugin packages, for suggestions. */
  readonly known?: readonly string[]
}

/** Loads each module once; a module that failed is tried again the next time it is asked for. */
export function createPluginLoader(options: PluginLoaderOptions): PluginLoader {
  const known = options.known ?? []
  const modules = new Map<string, Promise<ModulePlugins>>()

  async function loadAll(name: string, baseDir: string): Promise<ModulePlugins> {
    const resolved = await resolvePluginName(name, baseDir)
    if (!resolved.ok) return resolved
    const { specifier, packageName } = resolved
    let loading = modules.get(specifier)
    if (loading === undefined) {
      loading = importPlugins(name, specifier, packageName)
      modules.set(specifier, loading)
    }
    const result = await loading
    if (!result.ok) modules.delete(specifier)
    return result
  }

  async function importPlugins(name: string, specifier: string, packageName: string | undefined) {
    try {
      return readModule(name, await options.importModule(specifier))
    } catch (error) {
      if (packageName !== undefined && isMissingPackage(error, packageName))
        return notInstalled(name, packageName)
      const message = `"${name}" failed while it was imported: ${firstLine(error)}`
      return { ok: false, code: 'KAV_PLUGIN_IMPORT', message } as const
    }
  }

  function notInstalled(name: string, packageName: string) {
    const short = knownByShortName(name, known)
    if (short.length > 0) {
      const message = `"${name}" is not a package's whole name; did you mean ${short.map((each) => `"${each}"`).join(' or ')}?`
      return { ok: false, code: 'KAV_PLUGIN_NOT_FOUND', message } as const
    }
    const meant = didYouMean(name, known)
    const fix = meant === undefined ? '' : `did you mean "${meant}"? Otherwise `
    const message = `"${name}" is not installed; ${fix}run: npm install ${packageName}`
    return { ok: false, code: 'KAV_PLUGIN_NOT_FOUND', message } as const
  }

  async function load(name: string, kind: PluginKind, baseDir: string): Promise<PluginLoad> {
    const all = await loadAll(name, baseDir)
    if (!all.ok) return all
    const plugin = all.plugins.find((entry) => entry.kind === kind)
    if (plugin !== undefined) return { ok: true, plugin }
    const provided = all.plugins.map((entry) => entry.kind).join(', ')
    const message = `"${name}" has no ${kind} plugin; it provides ${provided}`
    return { ok: false, code: 'KAV_PLUGIN_KIND', message }
  }

  return { load, loadAll, known }
}

/** `local`, `plugin-local` or `google` for the packages that are called so behind their scope. */
function knownByShortName(name: string, known: readonly string[]): readonly string[] {
  const short = name.toLowerCase().replace(/^@?(kav[-/])?(plugin-)?/, '')
  if (short === '' || short.includes('/')) return []
  const bare = (each: string): string => each.replace(/^@[^/]+\/(plugin-)?/, '')
  const whole = known.filter((each) => each !== name && bare(each) === short)
  return whole.length > 0 ? whole : known.filter((each) => bare(each).startsWith(`${short}-`))
}

/** True only when the package itself is absent, not when one of its own dependencies is. */
function isMissingPackage(error: unknown, packageName: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
  return (
    missing &&
    error instanceof Error &&
    error.message.split(' imported from ')[0]!.includes(`'${packageName}'`)
  )
}

/** The message without a stack and without the path of the file that asked. */
function firstLine(error: unknown): string {
  const text = messageOf(error)
  return text.split('\n')[0]?.split(' imported from ')[0] ?? ''
}
