import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KavError } from '@kav/core'
import { readRegularFile } from '@kav/core/kit'
import type { PromiseResult, SuiteResult } from '@kav/core/testing'

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

/** Nobody's report is longer. */
const MAX_BYTES = 4_194_304

/**
 * What a package says of itself; nothing where it has not been checked. `unreadable` where the file is not what `kav
 * plugin check` writes: anybody may have written it.
 */
export async function readConformance(packageDir: string): Promise<Conformance | 'unreadable' | undefined> {
  const file = join(packageDir, FILE)
  try {
    const read: unknown = JSON.parse((await readRegularFile(file, MAX_BYTES)).toString('utf8'))
    return isConformance(read) ? read : 'unreadable'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable'
  }
}

function isConformance(read: unknown): read is Conformance {
  const { version, plugin, suites } = fieldsOf(read)
  return (
    version === 1 &&
    typeof fieldsOf(plugin)['version'] === 'string' &&
    Array.isArray(suites) &&
    suites.every((suite) => {
      const { kind, promises } = fieldsOf(suite)
      const isKnown = (promise: unknown) => STATES.has(fieldsOf(promise)['state'])
      return typeof kind === 'string' && KIND.test(kind) && Array.isArray(promises) && promises.every(isKnown)
    })
  )
}

/** As those of `PluginKind`; one that a later version knows is fine, too. */
const KIND = /^[a-z][a-z-]{0,30}$/

const STATES: ReadonlySet<unknown> = new Set<PromiseResult['state']>(['kept', 'broken', 'not-shown'])

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
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
