import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { exports, type Package } from 'resolve.exports'
import { messageOf } from '../contracts/index.ts'

export type FoundPackage =
  | {
      readonly ok: true
      /** What to import. */
      readonly url: string
      /** Where its package.json is; links are followed. */
      readonly folder: string
    }
  | { readonly ok: false; readonly installed: false }
  /** It is there, and its entry is not. */
  | { readonly ok: false; readonly installed: true; readonly folder: string; readonly why: string }

/** Finds an entry (`.`, `./testing`) of a package as code in `folder` would import it. */
export type FindPackage = (packageName: string, subpath: string, folder: string) => Promise<FoundPackage>

/**
 * Looks from the folder asked for upwards, then from each of `hostFolders`: what an operator installs beside a pipeline
 * is found wherever the host is installed. Nothing is remembered: a package may be installed while the host runs.
 */
export function createPackageFinder(hostFolders: readonly string[] = []): FindPackage {
  return async (packageName, subpath, folder) => {
    for (const start of [folder, ...hostFolders]) {
      const found = await packageFolder(packageName, start)
      if (found !== undefined) return entryOf(found.folder, found.manifest, subpath)
    }
    return { ok: false, installed: false }
  }
}

interface Manifest extends Package {
  readonly name: string
}

async function packageFolder(packageName: string, start: string) {
  for (let folder = start; ; folder = dirname(folder)) {
    // A package may import itself by its name, and a plugin's own pipeline may name it so.
    const own = await readManifest(folder)
    if (own?.name === packageName && own.exports !== undefined) return { folder, manifest: own }
    const inside = join(folder, 'node_modules', packageName)
    const manifest = basename(folder) === 'node_modules' ? undefined : await readManifest(inside)
    if (manifest !== undefined) return { folder: await realpath(inside), manifest }
    if (folder === dirname(folder)) return undefined
  }
}

/** The package.json of a folder; `undefined` where it has none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null ? (manifest as Manifest) : undefined
  } catch {
    return undefined
  }
}

async function entryOf(folder: string, manifest: Manifest, subpath: string): Promise<FoundPackage> {
  let candidates: readonly string[]
  try {
    candidates = exports(manifest, subpath) ?? entriesWithoutExports(manifest, subpath)
  } catch (error) {
    const why = `${join(folder, 'package.json')}: ${messageOf(error)}`
    return { ok: false, installed: true, folder, why }
  }
  for (const candidate of candidates) {
    const path = join(folder, candidate)
    if (await isFile(path)) return { ok: true, url: pathToFileURL(await realpath(path)).href, folder }
  }
  const missing = join(folder, candidates[0] ?? '')
  const why = `${missing}, its entry, is not there; build the package`
  return { ok: false, installed: true, folder, why }
}

/** As Node reads a package from before `exports`. */
function entriesWithoutExports({ main }: Manifest, subpath: string): readonly string[] {
  if (subpath !== '.') return [subpath]
  const named = typeof main === 'string' ? [main, `${main}.js`, `${main}/index.js`] : []
  return [...named, './index.js']
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
