import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Where a contract module lies as it was written. */
const SOURCES: ReadonlySet<string> = new Set(['src', 'test'])

/** What to say where a compiled contract module is judged whose package was changed since; `undefined`: it is fresh. */
export function staleBuild(dir: string, contractFile: string): string | undefined {
  const [built = '', ...below] = relative(dir, contractFile).split(/[\\/]/)
  if (built === '..' || below.length === 0 || SOURCES.has(built)) return undefined
  const writtenMs = newestMs(join(dir, 'src'), /\.[cm]?tsx?$/)
  const builtMs = newestMs(join(dir, built), /\.(?:[cm]?js|tsbuildinfo)$/)
  return writtenMs > builtMs ? `src is newer than ${built}: npm run build` : undefined
}

function newestMs(folder: string, counts: RegExp): number {
  if (!existsSync(folder)) return 0
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => counts.test(path))
  return Math.max(0, ...paths.map((path) => statSync(join(folder, path)).mtimeMs))
}
