import { expect, it } from 'vitest'
import type { ContractCase } from '../../src/testing/index.ts'

/**
 * A machine that has no time for a test keeps what is right from its deadlines, too: then the fault is tried again with
 * so many times as much, and once more without, for faults that have a time of their own.
 */
const PATIENCE = [1, 8, 1, 32]
export const RETRIES = PATIENCE.length - 1
let patience = 1

/** Deadlines for faults, which have to run into them. To be asked for by each test. */
export const QUICK = {
  get stepTimeoutMs() {
    return 300 * patience
  },
  get promptMs() {
    return 250 * patience
  },
  get settleMs() {
    return 150 * patience
  },
}

/** Deadlines for what is right: a busy machine must not fail it. */
export const PATIENT = { stepTimeoutMs: 15_000, promptMs: 3000, settleMs: 5000 }

/** Every case of a suite as a test that must pass. */
export function passesAll(cases: readonly ContractCase[]): void {
  for (const one of cases) it(`passes: ${one.name}`, one.run, one.timeoutMs)
}

/** The promise that the provider breaks which is tried now. */
let claimed: string | undefined

/** Runs a test, for the first time or again, in which the case that notices must be a proof of this promise. */
export async function claiming(promise: string, run: () => Promise<void>, retried: number): Promise<void> {
  claimed = promise
  patience = PATIENCE[retried]!
  try {
    await run()
  } finally {
    claimed = undefined
    patience = 1
  }
}

/** Runs the one case that must notice a fault. `caseName` may be the start of the name; `message` is what it must say. */
export async function expectFailure(
  cases: readonly ContractCase[],
  caseName: string,
  message: RegExp,
): Promise<void> {
  const found = cases.filter((one) => one.name.startsWith(caseName))
  expect(found.map((one) => one.name)).toHaveLength(1)
  if (claimed !== undefined) expect(found[0]!.proves).toContain(claimed)
  let thrown: unknown
  try {
    await found[0]!.run()
  } catch (error) {
    thrown = error
  }
  expect(thrown, `"${caseName}" did not notice`).toMatchObject({ name: 'AssertionError' })
  expect((thrown as Error).message).toMatch(message)
}
