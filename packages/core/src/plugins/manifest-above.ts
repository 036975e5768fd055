import { basename, dirname, join } from 'node:path'
import { readManifest } from '../kit/find-package.ts'

export interface ManifestAbove {
  readonly folder: string
  readonly path: string
  /** `module` or `commonjs`, when it says. */
  readonly type: string | undefined
}

/** The package.json that Node.js goes by for a file. */
export async function manifestAbove(file: string): Promise<ManifestAbove | undefined> {
  for (let folder = dirname(file); basename(folder) !== 'node_modules'; folder = dirname(folder)) {
    const manifest = await readManifest(folder)
    if (manifest !== undefined) {
      const type: unknown = manifest['type']
      return { folder, path: join(folder, 'package.json'), type: typeof type === 'string' ? type : undefined }
    }
    if (folder === dirname(folder)) return undefined
  }
  return undefined
}

/** Where an operator runs `npm install` for what a file misses: never inside of `node_modules`. */
export async function installFolder(file: string): Promise<string> {
  const inside = file.indexOf('/node_modules/')
  if (inside >= 0) return file.slice(0, inside)
  return (await manifestAbove(file))?.folder ?? dirname(file)
}
