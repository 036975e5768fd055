import { expect, it } from 'vitest'
import type { ContractCase } from '../../src/testing/index.ts'

/** Deadlines for faults, which have to run into them. */
export const QUICK = { stepTimeoutMs: 300, promptMs: 250, settleMs: 150 }

/** Deadlines for what is right: a busy machine must not fail it. */
export const PATIENT = { stepTimeoutMs: 15_000, promptMs: 3000, settleMs: 5000 }

/** Every case of a suite as a test that must pass. */
export function passesAll(cases: readonly ContractCase[]): void {
  for (const one of cases) it(`passes: ${one.name}`, one.run, one.timeoutMs)
}

/** The promise that the provider breaks which is tried now. */
let claimed: string | undefined

/** Runs a test in which the case that notices must be a proof of this promise. */
export async function claiming(promise: string, run: () => Promise<void>): Promise<void> {
  claimed = promise
  try {
    await run()
  } finally {
    claimed = undefined
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
