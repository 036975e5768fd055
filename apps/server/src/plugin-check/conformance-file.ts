import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KavError } from '@kav/core'
import type { SuiteResult } from '@kav/core/testing'

const FILE = 'conformance.json'

/** What `kav plugin check` found of one version of a package. */
export interface Conformance {
  readonly version: 1
  readonly plugin: { readonly name: string; readonly version: string }
  /** With which versions. */
  readonly core: string
  readonly node: string
  readonly suites: readonly SuiteResult[]
}

/** How a package stands, in a word for a list. */
export interface ConformanceBadge {
  /** `stt 38/41`: promises kept, of those there are. */
  readonly text: string
  /** Whether nothing is broken, of this very version of the package. */
  readonly isGood: boolean
}

/** What a package says of itself; nothing where it has not been checked, or the file cannot be read. */
export async function readConformance(packageDir: string): Promise<Conformance | undefined> {
  try {
    const read = JSON.parse(await readFile(join(packageDir, FILE), 'utf8')) as Partial<Conformance>
    const isOne = read.version === 1 && Array.isArray(read.suites) && typeof read.plugin?.version === 'string'
    return isOne ? (read as Conformance) : undefined
  } catch {
    return undefined
  }
}

/** The badge of a package whose version is `version` now. */
export function badgeOf({ plugin, suites }: Conformance, version: string): ConformanceBadge {
  const counts = suites.map(({ kind, promises }) => {
    const kept = promises.filter(({ state }) => state === 'kept').length
    return `${kind} ${kept}/${promises.length}`
  })
  const isOfNow = plugin.version === version
  const isKept = suites.every(({ promises }) => promises.every(({ state }) => state !== 'broken'))
  return { text: counts.join(', ') + (isOfNow ? '' : ` (of ${plugin.version})`), isGood: isOfNow && isKept }
}

/** Writes what was found into the package. */
export async function writeConformance(packageDir: string, found: Conformance): Promise<string> {
  const file = join(packageDir, FILE)
  try {
    await writeFile(file, `${JSON.stringify(found, null, 2)}\n`)
  } catch (cause) {
    throw new KavError(
      'KAV_PLUGIN_SUITE',
      `${file} cannot be written; make the folder writable, or use --no-write`,
      { cause },
    )
  }
  return file
}
