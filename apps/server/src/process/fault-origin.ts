import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the code of a plugin, or of the framework itself, lies. */
export interface CodePlace {
  readonly name: string
  /** A file, or a folder with a slash at its end. */
  readonly path: string
  /** Kav's own code: a fault there is no plugin's. */
  readonly own: boolean
  /** Packages it brings along. */
  readonly dependencies: readonly string[]
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
 * plugin that has called it, or that alone brings it along.
 */
export function originOf(stack: string, places: readonly CodePlace[]): FaultOrigin {
  let brought: string | undefined
  for (const line of stack.split('\n')) {
    const place = places.find(({ path }) => line.includes(path) || line.includes(encodeURI(path)))
    if (place) return { ...(place.own ? {} : { plugin: place.name }), ...fromPackage(brought) }
    brought ??= packageOf(line)
  }
  if (brought === undefined) return {}
  const users = places.filter(({ own, dependencies }) => !own && dependencies.includes(brought))
  return { ...(users.length === 1 ? { plugin: users[0]!.name } : {}), package: brought }
}

/** Places of the plugins that a pipeline names, and of Kav itself. What cannot be found is left out. */
export function codePlaces(
  plugins: readonly { readonly name: string; readonly baseDir: string }[],
): readonly CodePlace[] {
  const own = ['@kav/core', '@kav/server'].flatMap((name) => packagePlace(name, true))
  const unique = new Map(plugins.map((plugin) => [plugin.name, plugin]))
  const named = [...unique.values()].flatMap(({ name, baseDir }) =>
    /^[./]/.test(name)
      ? [{ name, path: resolve(baseDir, name), own: false, dependencies: [] }]
      : packagePlace(name, false),
  )
  return [...named, ...own]
}

function packagePlace(name: string, own: boolean): readonly CodePlace[] {
  const packageName = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0]!
  try {
    const entry = packageName === '@kav/server' ? import.meta.url : import.meta.resolve(name)
    for (let folder = dirname(fileURLToPath(entry)); folder !== dirname(folder); folder = dirname(folder)) {
      const manifest = join(folder, 'package.json')
      if (!existsSync(manifest)) continue
      const { name: found, dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        name?: string
        dependencies?: Record<string, string>
      }
      if (found !== packageName) continue
      return [{ name, path: `${folder}/`, own, dependencies: Object.keys(dependencies ?? {}) }]
    }
  } catch {
    // Not installed as a package of its own: its faults have no name then.
  }
  return []
}

function packageOf(line: string): string | undefined {
  const last = [...line.matchAll(/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)].at(-1)
  return last?.[1]
}

function fromPackage(name: string | undefined): { readonly package?: string } {
  return name === undefined ? {} : { package: name }
}
