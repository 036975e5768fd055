import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.mjs'
import { publishablePackages, removeStaleFiles } from './publishable-packages.mjs'

/**
 * Packs every package into `folder`, from the `dist` that is there. Gives what `publishablePackages` gives, with
 * `tarball` (path) and `files` (paths inside it).
 */
export function packPackages(folder) {
  mkdirSync(folder, { recursive: true })
  const packages = publishablePackages()
  packages.forEach(removeStaleFiles)
  const chosen = packages.flatMap(({ path }) => ['--workspace', path])
  const output = execFileSync(
    'npm',
    ['pack', ...chosen, '--ignore-scripts', '--json', '--pack-destination', folder],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  // An array, or with later versions of npm an object by name.
  const packed = Object.values(JSON.parse(output))
  return packages.map((one) => {
    const { filename, files } = packed.find(({ name }) => name === one.name)
    return { ...one, tarball: join(folder, filename), files: files.map(({ path }) => path) }
  })
}
