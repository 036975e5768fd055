import { expect, it } from 'vitest'
import {
  PROMISES,
  type PromiseKind,
  type PromiseOf,
  type Promises,
} from '../../src/testing/promises/index.ts'
import type { ContractCase } from '../../src/testing/index.ts'
import { claiming, RETRIES } from './suite-failures.ts'

/** Of one try: the patient ones wait for a fault as long as for what is right. */
const LIMIT_MS = 240_000

/** A test of the suite of one kind: a provider that breaks this promise, and a case that notices. */
export type Breaks<Kind extends PromiseKind> = (
  promise: PromiseOf<Kind>,
  name: string,
  run: () => Promise<void>,
) => void

/** The promises of one kind, each with the cases that prove it and the broken providers that they catch. */
export function createPromiseTable<Kind extends PromiseKind>(kind: Kind) {
  const broken: { readonly promise: string; readonly name: string }[] = []
  const breaks: Breaks<Kind> = (promise, name, run) => {
    broken.push({ promise, name })
    it(name, { retry: RETRIES, timeout: LIMIT_MS }, ({ task }) =>
      claiming(`${kind}.${promise}`, run, task.result?.retryCount ?? 0),
    )
  }

  /** To be called behind all `breaks`: `cases` are those of the suite with every option. */
  function hasNoHole(cases: readonly ContractCase[]): void {
    const rows = Object.entries(PROMISES[kind] as Promises).map(([id, { says, at, where }]) => ({
      id,
      says,
      at,
      ...(where !== undefined && { where }),
      cases: cases.filter(({ proves }) => proves.includes(`${kind}.${id}`)).map(({ name }) => name),
      broken: broken.filter(({ promise }) => promise === id).map(({ name }) => name),
    }))
    it('has a case for every promise', () => {
      expect(rows.filter((row) => row.cases.length === 0).map(({ id }) => id)).toEqual([])
    })
    it('catches a broken provider for every promise', () => {
      expect(rows.filter((row) => row.broken.length === 0).map(({ id }) => id)).toEqual([])
    })
    it('has a promise for every case', () => {
      const known = new Set(rows.map(({ id }) => `${kind}.${id}`))
      const loose = cases.filter(({ proves }) => !proves.some((id) => known.has(id)))
      expect(loose.map(({ name }) => name)).toEqual([])
    })
    it('is written down as it is (`npx vitest run packages/core/test/testing -u`)', () =>
      expect(`${JSON.stringify(rows, null, 2)}\n`).toMatchFileSnapshot(`promises/${kind}.json`))
  }

  return { breaks, hasNoHole }
}
