import { createRequire } from 'node:module'
import { messageOf } from '@kav/core'
import { withDeadline } from '@kav/core/kit'
import { runConformance, type SuiteResult } from '@kav/core/testing'
import { systemClock } from '../system-clock.ts'
import { writeConformance } from '../plugin-check/conformance-file.ts'
import { loadContracts } from '../plugin-check/load-contracts.ts'
import { reportLines, RESULT } from '../plugin-check/report-lines.ts'

/** A double of a service ends at once; one that waits for its connections takes a little. */
const CLOSE_LIMIT_MS = 3_000

/**
 * `kav plugin check <folder>`: runs the contract suite of a plugin without a test runner, tells what it promises and
 * keeps, with figures, and writes `conformance.json` into the package. Exit code 1 when a promise is broken.
 */
export async function pluginCheck(
  path: string,
  options: { readonly write: boolean },
  print: (line: string) => void,
): Promise<number> {
  const { dir, name, version, contracts, stale } = await loadContracts(path)
  const { dependencies } = createRequire(import.meta.url)('../../package.json') as {
    dependencies: { '@kav/core': string }
  }
  const core = dependencies['@kav/core'].replace('^', '')
  if (stale !== undefined) print(stale)
  print(`${name} ${version}, with @kav/core ${core} on Node.js ${process.version}`)
  const suites: SuiteResult[] = []
  for (const contract of contracts) {
    const result = await runConformance(contract)
    suites.push(result)
    for (const line of reportLines(result)) print(line)
    await withDeadline(systemClock, CLOSE_LIMIT_MS, 'close', Promise.resolve(contract.close?.())).catch(
      (thrown) => print(`${contract.kind}: close of the contract module: ${messageOf(thrown)}`),
    )
  }
  if (options.write) {
    const found = { version: 1, plugin: { name, version }, core, node: process.version, suites } as const
    print(`wrote ${await writeConformance(dir, found)}`)
  }
  const broken = suites.flatMap(({ promises }) => promises.filter(({ state }) => state === 'broken')).length
  print(`${RESULT}${broken === 0 ? 'nothing is broken' : `${broken} broken`}`)
  return broken === 0 ? 0 : 1
}
