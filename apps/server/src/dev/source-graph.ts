import { readFile, realpath, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, resolve, sep } from 'node:path'

/**
 * Where one module names another of its package: `import … from './wire.js'`, `import('./wire.js')`, `export … from`,
 * `require('./wire')`, `new URL('./wire.js', import.meta.url)`, and `#wire` of `imports` in package.json.
 */
const NAMED =
  /\b(?:from|import|require|URL)\s*(?:\(\s*)?(?:\/\*[^*]*\*\/\s*)?(["'`])((?:\.{1,2}\/|#)[^"'`$\n]+)\1/g
/** What is read as text; of a model or a sound there would be too much of it. */
const TEXT = /\.([cm]?[jt]sx?|json)$/

export interface SourceGraph {
  /** Path to text; a link by what it leads to, as Node.js has it. */
  readonly texts: ReadonlyMap<string, string>
  /** All that there is to watch: files that are not there yet, and links, too. */
  readonly paths: readonly string[]
}

/** A module and every file of its package that it imports, itself or through another. */
export async function sourceGraph(entry: string): Promise<SourceGraph> {
  const texts = new Map<string, string>()
  const paths = new Set<string>()
  const open = [entry]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    paths.add(path)
    const real = await realpath(path).catch(() => path)
    if (texts.has(real)) continue
    const text = await readFile(real, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    paths.add(real)
    texts.set(real, text)
    for (const [, , specifier = ''] of text.matchAll(NAMED)) {
      const named = await fileNamed(specifier, real)
      if (named !== undefined && TEXT.test(named) && !paths.has(named)) open.push(named)
    }
  }
  return { texts, paths: [...paths] }
}

/** The file that is meant, or where it would be; `undefined`: one of another package. */
async function fileNamed(specifier: string, from: string): Promise<string | undefined> {
  const named = specifier.startsWith('#') ? specifier : (specifier.split(/[?#]/)[0] ?? '')
  const path = resolve(dirname(from), named)
  if (!named.startsWith('#') && (await isFile(path))) return path
  try {
    // CommonJS leaves out endings, and package.json says what `#wire` is.
    const found = createRequire(from).resolve(named)
    return isOfOnePackage(found, from) ? found : undefined
  } catch {
    if (named.startsWith('#')) return undefined
    return TEXT.test(path) ? path : `${path}.js`
  }
}

function isOfOnePackage(found: string, from: string): boolean {
  const packages = `${sep}node_modules${sep}`
  const [here, there] = [from, found].map((path) => path.split(packages))
  return (
    there!.length === here!.length &&
    (there!.length === 1 || there!.at(-1)!.split(sep)[0] === here!.at(-1)!.split(sep)[0])
  )
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
