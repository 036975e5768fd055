// The packages that are published: every workspace that is not private.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.mjs'

const CODE_FILE = /\.(d\.ts|js)(\.map)?$/
/** Not compiled file by file: templates as they are, and what the console is bundled into. */
const NOT_OF_ONE_SOURCE = /^(templates|assets)\//

/** `{ name, folder (absolute), path (from the root), manifest }` of each, in the order of their folders. */
export function publishablePackages() {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((path) => existsSync(join(root, path, 'package.json')))
    .map((path) => ({
      path,
      folder: join(root, path),
      manifest: JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')),
    }))
    .filter(({ manifest }) => manifest.private !== true)
    .map((found) => ({ name: found.manifest.name, ...found }))
}

/** Takes from `dist` what a build once wrote and whose source is gone (`tsc` leaves it); gives what it took. */
export function removeStaleFiles({ folder }) {
  const built = join(folder, 'dist')
  if (!existsSync(built)) return []
  const stale = readdirSync(built, { recursive: true })
    .filter((file) => CODE_FILE.test(file) && !NOT_OF_ONE_SOURCE.test(file))
    .filter((file) => !existsSync(join(folder, 'src', file.replace(CODE_FILE, '.ts'))))
    .map((file) => join('dist', file))
  for (const file of stale) rmSync(join(folder, file))
  return stale
}
