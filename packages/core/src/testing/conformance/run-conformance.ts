import { setTimeout as sleep } from 'node:timers/promises'
import { PROMISES, type Promises } from '../promises/index.ts'
import { messageOf } from '../../contracts/index.ts'
import { fail } from '../contracts/common/contract-case.ts'
import { noteLateErrors } from '../contracts/common/stray-errors.ts'
import { measure, type Figure } from './figures.ts'
import { casesOf, type PluginContract } from './plugin-contract.ts'

export interface CaseResult {
  readonly name: string
  /** What was expected and what happened; absent where it passed. */
  readonly fault?: string
}

/** What became of one promise: kept by all its cases, broken by one, or not shown, as an option of the suite is missing. */
export interface PromiseResult {
  readonly id: string
  readonly says: string
  readonly at: string
  /** Where it holds, if not everywhere. */
  readonly where?: string
  readonly state: 'kept' | 'broken' | 'not-shown'
  readonly cases: readonly CaseResult[]
}

export interface SuiteResult {
  readonly kind: PluginContract['kind']
  readonly promises: readonly PromiseResult[]
  /** Measured, never judged: they are of this machine and this double. */
  readonly figures: readonly Figure[]
}

/** Runs the suite of a plugin without a test runner, one case after the other. */
export async function runConformance(
  contract: PluginContract,
  onCase: (result: CaseResult) => void = () => undefined,
): Promise<SuiteResult> {
  const cases = casesOf(contract)
  const results = new Map<string, CaseResult>()
  const end = noteLateErrors()
  try {
    for (const { name, run, timeoutMs } of cases) {
      const fault = await inTime(run, timeoutMs).then(
        () => undefined,
        (thrown: unknown) => messageOf(thrown),
      )
      const result = { name, ...(fault !== undefined && { fault }) }
      results.set(name, result)
      onCase(result)
    }
  } finally {
    end()
  }
  const promises: Promises = PROMISES[contract.kind]
  return {
    kind: contract.kind,
    promises: Object.entries(promises).map(([id, { says, at, where }]) => {
      const proofs = cases.filter(({ proves }) => proves.includes(`${contract.kind}.${id}`))
      return resultOf(
        { id, says, at, ...(where !== undefined && { where }) },
        proofs.map(({ name }) => results.get(name)!),
      )
    }),
    figures: await measure(contract),
  }
}

/** The timer is there before the case begins, which may look for timers that it leaves. */
async function inTime(run: () => Promise<void>, limitMs: number): Promise<void> {
  const stop = new AbortController()
  const late = sleep(limitMs, undefined, { signal: stop.signal }).then(() =>
    fail(`expected the case to end within ${limitMs} ms; it did not`),
  )
  late.catch(() => undefined)
  try {
    await Promise.race([late, run()])
  } finally {
    stop.abort()
  }
}

function resultOf(
  promise: Pick<PromiseResult, 'id' | 'says' | 'at' | 'where'>,
  cases: readonly CaseResult[],
): PromiseResult {
  const isBroken = cases.some(({ fault }) => fault !== undefined)
  const state = cases.length === 0 ? 'not-shown' : isBroken ? 'broken' : 'kept'
  return { ...promise, state, cases }
}
