import { type AnyPlugin, type Clock, type PluginKind } from '../contracts/index.ts'
import { didYouMean } from '../kit/did-you-mean.ts'
import { createPackageFinder, type FindPackage } from '../kit/find-package.ts'
import { importFault } from './import-fault.ts'
import { importModule } from './import-module.ts'
import { tryImport } from './import-trial.ts'
import { listedPackages } from './listed-packages.ts'
import { resolvePluginName, type PluginFault } from './plugin-name.ts'
import { asPlugin } from './plugin-at-work.ts'
import { pathOf } from './source-place.ts'
import { readModule, type ModulePlugins } from './read-module.ts'
import { prepareTypeScript, typescriptHooks } from './typescript-plugins.ts'

export type PluginLoad =
  | { readonly ok: true; readonly plugin: AnyPlugin; readonly doubts: readonly PluginFault[] }
  | ({ readonly ok: false } & PluginFault)

/** Finds plugins by the name a pipeline file gives them. Never throws: what goes wrong is a fault with a message. */
export interface PluginLoader {
  /** The plugin of one kind. `baseDir` is where paths such as `./my-plugin.js` start, and packages are looked for first. */
  load(name: string, kind: PluginKind, baseDir: string): Promise<PluginLoad>
  /** All plugins of a package, for listings and for the editor schema. */
  loadAll(name: string, baseDir: string): Promise<ModulePlugins>
  /** The names the host knows to be installed; what `load` suggests from. */
  readonly known: readonly string[]
}

export interface PluginLoaderOptions {
  /** The host's own `import`, of a file's URL; `name` is what the pipeline calls it. */
  readonly importModule: (url: string, name: string) => Promise<unknown>
  /** Where packages are; by default from the pipeline's folder upwards alone. */
  readonly findPackage?: FindPackage
  /** Bounds each import; absent, an import is waited for however long it takes. */
  readonly clock?: Clock
  /** Whether plugins that are not among `known` are imported in a thread of their own first, which can be ended. */
  readonly trial?: boolean
  /** Nothing but these is imported; of any other it is said that it is not checked. Absent: whatever is asked for. */
  readonly only?: readonly { readonly name: string; readonly baseDir: string }[]
  /** Installed plugin packages, for suggestions. */
  readonly known?: readonly string[]
}

/** Loads each module once; a module that failed is tried again the next time it is asked for. */
export function createPluginLoader(options: PluginLoaderOptions): PluginLoader {
  const known = options.known ?? []
  const findPackage = options.findPackage ?? createPackageFinder()
  const modules = new Map<string, Promise<ModulePlugins>>()

  async function loadAll(name: string, baseDir: string): Promise<ModulePlugins> {
    const found = await find(name, baseDir)
    if (!found.ok) return found
    const { url } = found
    if (options.only !== undefined && !(await isAmong(options.only, url))) return notChecked(name)
    let loading = modules.get(url)
    if (loading === undefined) {
      loading = importPlugins(name, url)
      modules.set(url, loading)
    }
    const result = await loading
    if (!result.ok) modules.delete(url)
    return result
  }

  async function isAmong(only: NonNullable<PluginLoaderOptions['only']>, url: string): Promise<boolean> {
    for (const { name, baseDir } of only) {
      const found = await find(name, baseDir)
      if (found.ok && found.url === url) return true
    }
    return false
  }

  async function find(name: string, baseDir: string) {
    const resolved = await resolvePluginName(name, baseDir)
    if (!resolved.ok || 'url' in resolved) return resolved
    const { packageName, subpath } = resolved
    const found = await findPackage(packageName, subpath, baseDir)
    if (found.ok) return found
    if (!found.installed) return notInstalled(name, packageName, baseDir)
    return {
      ok: false,
      code: 'KAV_PLUGIN_IMPORT',
      message: `"${name}" cannot be imported: ${found.why}`,
    } as const
  }

  async function importPlugins(name: string, url: string): Promise<ModulePlugins> {
    const why = /\.m?ts$/.test(url) ? prepareTypeScript(url) : undefined
    if (why !== undefined) return { ok: false, code: 'KAV_PLUGIN_IMPORT', message: `"${name}" ${why}` }
    try {
      if (options.trial && options.clock && !known.includes(name)) {
        await tryImport(url, options.clock, typescriptHooks())
      }
      const module = await asPlugin({ name, url }, () =>
        importModule(() => options.importModule(url, name), options.clock),
      )
      const read = await readModule(name, module)
      return read.ok || read.code !== 'KAV_PLUGIN_SCHEMA'
        ? read
        : { ...read, message: `${read.message} (in ${pathOf(url) ?? url})` }
    } catch (thrown) {
      return { ok: false, ...(await importFault(name, url, thrown)) }
    }
  }

  async function notInstalled(name: string, packageName: string, baseDir: string) {
    const short = knownByShortName(name, known)
    if (short.length > 0) {
      const message = `"${name}" is not a package's whole name; did you mean ${short.map((each) => `"${each}"`).join(' or ')}?`
      return { ok: false, code: 'KAV_PLUGIN_NOT_FOUND', message } as const
    }
    const meant = didYouMean(name, [...(await listedPackages(baseDir)), ...known])
    const fix = meant === undefined ? '' : `did you mean "${meant}"? Otherwise `
    const message = `"${name}" is not installed; ${fix}run: npm install ${packageName}`
    return { ok: false, code: 'KAV_PLUGIN_NOT_FOUND', message } as const
  }

  async function load(name: string, kind: PluginKind, baseDir: string): Promise<PluginLoad> {
    const all = await loadAll(name, baseDir)
    if (!all.ok) return all
    const plugin = all.plugins.find((entry) => entry.kind === kind)
    if (plugin !== undefined) return { ok: true, plugin, doubts: all.doubts }
    const provided = all.plugins.map((entry) => entry.kind).join(', ')
    const message = `"${name}" has no ${kind} plugin; it provides ${provided}`
    return { ok: false, code: 'KAV_PLUGIN_KIND', message }
  }

  return { load, loadAll, known }
}

function notChecked(name: string) {
  const message = `"${name}" is not checked here, nor are its params: no pipeline that runs uses it; run: kav validate <file>`
  return { ok: false, code: 'KAV_PLUGIN_UNCHECKED', message } as const
}

/** `local`, `plugin-local` or `google` for the packages that are called so behind their scope. */
function knownByShortName(name: string, known: readonly string[]): readonly string[] {
  const short = name.toLowerCase().replace(/^@?(kav[-/])?(plugin-)?/, '')
  if (short === '' || short.includes('/')) return []
  const bare = (each: string): string => each.replace(/^@[^/]+\/(plugin-)?/, '')
  const whole = known.filter((each) => each !== name && bare(each) === short)
  return whole.length > 0 ? whole : known.filter((each) => bare(each).startsWith(`${short}-`))
}
