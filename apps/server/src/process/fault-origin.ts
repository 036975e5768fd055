import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPlugin } from './find-plugin.ts'

/** Where the code of a plugin, or of the framework itself, lies. */
export interface CodePlace {
  readonly name: string
  /** A file, or a folder with a slash at its end. */
  readonly path: string
  /** Kav's own code: a fault there is no plugin's. */
  readonly own: boolean
  /** Packages it brings along. */
  readonly dependencies: readonly string[]
  /** Where pipelines name it: `desk.yaml:4:16`. */
  readonly namedAt?: readonly string[]
}

/** A plugin as a pipeline names it. */
export interface NamedPlugin {
  readonly name: string
  readonly baseDir: string
  /** Where: `desk.yaml:4:16`. */
  readonly at?: string
}

/** Whose fault something is, as far as a stack tells. */
export interface FaultOrigin {
  /** The plugin, as the pipeline file names it. */
  readonly plugin?: string
  /** The npm package whose code threw, when it is not the plugin's own. */
  readonly package?: string
}

/**
 * Reads a stack from the top: the first frame in code that is known tells. A frame of an npm package counts for the
 * plugin that has called it, or that alone brings it along, or brings what called it.
 */
export function originOf(stack: string, places: readonly CodePlace[]): FaultOrigin {
  const brought: string[] = []
  for (const line of stack.split('\n')) {
    const place = places.find(({ path }) => line.includes(path) || line.includes(encodeURI(path)))
    if (place) return { ...(place.own ? {} : { plugin: place.name }), ...fromPackage(brought[0]) }
    brought.push(...packagesOf(line))
  }
  for (const name of brought) {
    const users = places.filter(({ own, dependencies }) => !own && dependencies.includes(name))
    if (users.length > 0)
      return { ...(users.length === 1 ? { plugin: users[0]!.name } : {}), ...fromPackage(brought[0]) }
  }
  return fromPackage(brought[0])
}

/** Places of the plugins that a pipeline names, and of Kav itself. What cannot be found is left out. */
export async function codePlaces(plugins: readonly NamedPlugin[]): Promise<readonly CodePlace[]> {
  const own = ['@kav/core', '@kav/server'].map((name) => packagePlace(name, OWN_FOLDER, true))
  const unique = new Map(plugins.map((plugin) => [plugin.name, plugin]))
  const named = [...unique.values()].map(async ({ name, baseDir }) =>
    /^[./]/.test(name)
      ? [{ name, path: resolve(baseDir, name), own: false, dependencies: [] }]
      : packagePlace(name, baseDir, false),
  )
  const namedAt = (name: string): readonly string[] => [
    ...new Set(
      plugins.flatMap((plugin) => (plugin.name === name && plugin.at !== undefined ? [plugin.at] : [])),
    ),
  ]
  return (await Promise.all([...named, ...own]))
    .flat()
    .map((place) => ({ ...place, namedAt: namedAt(place.name).slice(0, MAX_NAMED_AT) }))
}

/** Of hundreds of pipelines with the same plugin the first few tell enough. */
const MAX_NAMED_AT = 5

const OWN_FOLDER = fileURLToPath(new URL('.', import.meta.url))

/** Nothing for what is not installed as a package of its own: its faults have no name then. */
async function packagePlace(name: string, baseDir: string, own: boolean): Promise<readonly CodePlace[]> {
  const parts = name.split('/')
  const packageName = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/')
  const found = await findPlugin(packageName, `.${name.slice(packageName.length)}`, baseDir)
  if (!found.ok) return []
  const { dependencies } = JSON.parse(await readFile(join(found.folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return [{ name, path: `${found.folder}/`, own, dependencies: Object.keys(dependencies ?? {}) }]
}

/** None or one. */
function packagesOf(line: string): readonly string[] {
  return [...line.matchAll(/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)].slice(-1).map((found) => found[1]!)
}

/** Faults of a connection as Node tells them: of a far end that went, and in no code of this process. */
const OF_A_CONNECTION: ReadonlySet<unknown> = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
])

/** A connection that broke, and whose fault nobody listened to. */
export function isOfConnection(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'syscall' in thrown && 'code' in thrown && OF_A_CONNECTION.has(thrown.code)
  )
}

function fromPackage(name: string | undefined): { readonly package?: string } {
  return name === undefined ? {} : { package: name }
}
