import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const LOADED = /\.(html|js|css|svg)$/

/** The paths of all that a browser may load of the built page. Throws where nothing was built. */
export function chunksOf(folder: string): readonly string[] {
  if (!existsSync(join(folder, 'index.html')))
    throw new Error('the console is not built: npm run build -w @kav/console')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => LOADED.test(name))
    .map((name) => join(folder, name))
}
