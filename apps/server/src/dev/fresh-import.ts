import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import type { HandedReading } from './fresh-import-hooks.ts'
import { sourceGraph } from './source-graph.ts'

/** The plugins of a pipeline, files and packages, imported anew when their source has changed. */
export interface FreshImport {
  /** Imports a plugin; `name` is what the pipeline calls it. */
  importModule(url: string, name: string): Promise<unknown>
  /**
   * Every file that the last reading of each plugin came from: those that it reaches by imports within its package. Of a
   * package also its package.json and the folder itself, which `npm install` puts anew.
   */
  sources(): readonly string[]
}

/**
 * Node.js keeps a module by its URL, so each reading of a plugin gets a URL of its own, made of what stands in all its
 * files: the same text is the same module. A reading is of one moment: a file that is imported when it is needed first,
 * in mid-call, has the text that it had when the plugin was read. That holds for ES modules and for JSON; what is
 * loaded by `require` is as it stands when it is asked for. What calls run on stays in memory until the process ends.
 */
export function createFreshImport(): FreshImport {
  const files = new Map<string, readonly string[]>()
  /** How often each reading could not be imported. */
  const failures = new Map<string, number>()
  const hand = openHooks()

  async function importModule(url: string, name: string): Promise<unknown> {
    const entry = fileURLToPath(url)
    const { texts, paths } = await sourceGraph(entry)
    const above = /^[./]/.test(name) ? [] : packagePlaces(entry)
    files.set(entry, [...paths, ...above])
    const hash = createHash('sha256')
    for (const [path, text] of texts) hash.update(`${path}\0${text}\0`)
    // What a module read of the environment at its top, it keeps.
    hash.update(JSON.stringify(process.env))
    const known = hash.digest('hex').slice(0, 16)
    const reading = `${known}${failures.get(known) ?? ''}`
    await hand(
      reading,
      [...texts].map(([path, text]) => [pathToFileURL(path).href, text]),
    )
    forgetCommonjs(entry, texts)
    return (import(`${url}?kav=${reading}`) as Promise<unknown>).catch((thrown: unknown) => {
      // Node.js keeps a failure, too; what was missing may be installed by the next time.
      failures.set(known, (failures.get(known) ?? 0) + 1)
      throw thrown
    })
  }

  return { importModule, sources: () => [...files.values()].flat() }
}

/** What gives a reading to the loader's thread, before anything of it is imported. */
function openHooks(): (reading: string, texts: HandedReading['texts']) => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const taken = new Map<string, () => void>()
  port1.on('message', (reading: string) => {
    taken.get(reading)?.()
    taken.delete(reading)
    if (taken.size === 0) port1.unref()
  })
  port1.unref()
  register('./fresh-import-hooks.js', import.meta.url, { data: port2, transferList: [port2] })
  return (reading, texts) =>
    new Promise((resolve) => {
      const before = taken.get(reading)
      taken.set(reading, () => {
        before?.()
        resolve()
      })
      port1.ref()
      port1.postMessage({ reading, texts } satisfies HandedReading)
    })
}

/** The package.json above a package's entry, and its folder. */
function packagePlaces(entry: string): readonly string[] {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return [manifest, folder]
  }
  return []
}

/** CommonJS is kept by its file. */
function forgetCommonjs(entry: string, own: ReadonlyMap<string, string>): void {
  const { cache } = createRequire(entry)
  const folder = `${dirname(entry)}/`
  for (const path of Object.keys(cache)) {
    const isOwn = path.startsWith(folder) && !path.slice(folder.length).includes('node_modules/')
    if (isOwn || own.has(path)) delete cache[path]
  }
}
