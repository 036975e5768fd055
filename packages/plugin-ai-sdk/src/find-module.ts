import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Conditions that Node's `import` has, in an `exports` map. */
const CONDITIONS = new Set(['import', 'module-sync', 'node', 'default'])

/**
 * The module that `name` means to a file in `folder`, as a URL; `undefined`: there is none. A path means a file. Node's
 * own look-up starts at the file that asks, and `import.meta.resolve` takes no other on Node 20.
 */
export async function findModule(name: string, folder: string): Promise<string | undefined> {
  if (name.startsWith('.') || isAbsolute(name)) {
    const path = resolve(folder, name)
    return (await isFile(path)) ? pathToFileURL(path).href : undefined
  }
  const folders = createRequire(join(folder, 'pipeline.js')).resolve.paths(name) ?? []
  for (const each of folders) {
    const manifest = await readManifest(join(each, name, 'package.json'))
    if (manifest === undefined) continue
    const entry = entryOf(manifest.exports) ?? textOf(manifest.main) ?? './index.js'
    const path = join(each, name, entry)
    if (await isFile(path)) return pathToFileURL(path).href
  }
  return undefined
}

/** The file of the package's main entry, in whichever of its forms `exports` is written. */
function entryOf(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported
  if (Array.isArray(exported)) return exported.map(entryOf).find((entry) => entry !== undefined)
  if (typeof exported !== 'object' || exported === null) return undefined
  if ('.' in exported) return entryOf(exported['.'])
  for (const [condition, target] of Object.entries(exported)) {
    const entry = CONDITIONS.has(condition) ? entryOf(target) : undefined
    if (entry !== undefined) return entry
  }
  return undefined
}

async function readManifest(path: string): Promise<{ exports?: unknown; main?: unknown } | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as { exports?: unknown; main?: unknown }
  } catch {
    return undefined
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
