import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type AnyPlugin, coreOf, OWN_CORE } from '../contracts/plugin.ts'
import { installFolder } from './manifest-above.ts'
import type { PluginFault } from './plugin-name.ts'

export { OWN_CORE }

/** One copy of the core. */
export interface CoreCopy {
  readonly folder: string
  /** `bundled` where it is part of somebody else's file. */
  readonly version: string
}

/** The copy that a module of the core's own belongs to; both `src` and `dist` lie right in the package. */
export async function coreCopy(moduleUrl: string): Promise<CoreCopy> {
  const folder = fileURLToPath(new URL('../../', moduleUrl))
  try {
    const { name, version } = JSON.parse(await readFile(`${folder}package.json`, 'utf8')) as {
      name?: string
      version?: string
    }
    if (name === '@kav/core' && version !== undefined) return { folder: folder.replace(/\/$/, ''), version }
  } catch {
    // No package: a bundle.
  }
  return { folder: fileURLToPath(moduleUrl), version: 'bundled' }
}

/**
 * Tells of a plugin that was made by another copy of the core than the one that runs. Both do the same and know each
 * other's errors, so it works for as long as they are of one contract, which is checked before.
 */
export async function otherCore(name: string, plugin: AnyPlugin): Promise<PluginFault | undefined> {
  const made = coreOf(plugin)
  if (made === undefined) return undefined
  const [theirs, ours] = await Promise.all([coreCopy(made), coreCopy(OWN_CORE)])
  if (theirs.folder === ours.folder) return undefined
  const message =
    `"${name}" was made by another copy of the core, ${shown(theirs)}, than the one that runs, ${shown(ours)}; ` +
    `it works while both have contract 1, and is one too many: ${await fixOf(theirs, ours)}`
  return { code: 'KAV_PLUGIN_TWO_CORES', message }
}

async function fixOf(theirs: CoreCopy, ours: CoreCopy): Promise<string> {
  if (theirs.version === 'bundled')
    return 'its author leaves "@kav/core" out of the bundle, as a peer dependency'
  // The same version again changes nothing: the package is a link to a folder that has its own dependencies.
  if (theirs.version === ours.version)
    return `the package was linked ("npm install ./x" makes a link, which keeps its own core); run npm pack in its folder and install the .tgz that it writes, or remove ${theirs.folder}`
  return `run in ${await installFolder(theirs.folder)}: npm install @kav/core@${ours.version}`
}

function shown({ folder, version }: CoreCopy): string {
  return version === 'bundled' ? `bundled in ${folder}` : `@kav/core ${version} in ${folder}`
}
