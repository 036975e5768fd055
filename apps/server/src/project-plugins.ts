import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { installedPlugins } from './plugins.ts'
import { findPlugin } from './process/find-plugin.ts'

/** A package that holds plugins, as `kav plugins` lists it. */
export interface PluginPackage {
  /** As a pipeline names it. */
  readonly name: string
  readonly version: string
  /** Where a pipeline lies that means this one by its name. */
  readonly from: string
  /** It says by its keyword that it holds plugins; one that has the core for a peer may only help them. */
  readonly isSure: boolean
  /** Where it is installed. */
  readonly folder: string
}

interface Manifest {
  readonly version?: string
  readonly keywords?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Packages with plugins say so by this word, or by having the core for a peer. */
const KEYWORD = 'kav-plugin'
const CORE = '@kav/core'

/**
 * Every package of plugins that a pipeline in one of the folders can name: those that a package.json from there upwards
 * lists, and those that the server came with. In the order of their names; the nearest one counts.
 */
export async function pluginPackages(folders: readonly string[]): Promise<readonly PluginPackage[]> {
  const found = new Map<string, PluginPackage>()
  for (const start of new Set(folders.map((folder) => resolve(folder)))) {
    for (let folder = start; ; folder = dirname(folder)) {
      for (const name of await listedIn(folder)) {
        const one = found.has(name) ? undefined : await packageOf(name, folder, isPlugin)
        if (one !== undefined) found.set(name, one)
      }
      if (folder === dirname(folder)) break
    }
  }
  for (const name of installedPlugins()) {
    const one = found.has(name) ? undefined : await packageOf(name, folders[0] ?? '.', () => true)
    if (one !== undefined) found.set(name, one)
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function listedIn(folder: string): Promise<readonly string[]> {
  const manifest = await readManifest(folder)
  return Object.keys({
    ...manifest?.dependencies,
    ...manifest?.devDependencies,
    ...manifest?.optionalDependencies,
  })
}

async function packageOf(
  name: string,
  from: string,
  wanted: (manifest: Manifest) => boolean,
): Promise<PluginPackage | undefined> {
  const found = await findPlugin(name, '.', from)
  const folder = 'folder' in found ? found.folder : undefined
  const manifest = folder === undefined ? undefined : await readManifest(folder)
  if (folder === undefined || manifest === undefined || !wanted(manifest)) return undefined
  const version = typeof manifest.version === 'string' ? manifest.version : ''
  return { name, version, from, folder, isSure: hasKeyword(manifest) || !hasPeer(manifest) }
}

const isPlugin = (manifest: Manifest): boolean => hasKeyword(manifest) || hasPeer(manifest)

const hasKeyword = ({ keywords }: Manifest): boolean => Array.isArray(keywords) && keywords.includes(KEYWORD)

const hasPeer = ({ peerDependencies }: Manifest): boolean => peerDependencies?.[CORE] !== undefined

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}
