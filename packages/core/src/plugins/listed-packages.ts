import { dirname } from 'node:path'
import { readManifest } from '../kit/find-package.ts'

const LISTS = ['dependencies', 'devDependencies', 'optionalDependencies']

/** The packages that the projects from a folder upwards list, the nearest first. */
export async function listedPackages(from: string): Promise<readonly string[]> {
  const names: string[] = []
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = await readManifest(folder)
    for (const list of LISTS) {
      const listed: unknown = manifest?.[list]
      if (typeof listed === 'object' && listed !== null) names.push(...Object.keys(listed))
    }
    if (folder === dirname(folder)) return names
  }
}
