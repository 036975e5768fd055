import type { CallQuery, CallStore } from '../../../contracts/index.ts'
import { type ContractCase, within } from '../common/contract-case.ts'
import { DAY_MS, exampleCall, expectSame, type StoreBench } from './store-bench.ts'

const MANY_SPANS = 1000

/** Counts of a store; one that has none passes. */
export function storeCounts({ suite, put }: StoreBench): ContractCase[] {
  /** `0 agent 2, 1 - 1`: two that the agent ended in the first span, one in the second that has not ended. */
  const counted = async (
    store: CallStore,
    bordersMs: readonly number[],
    query: CallQuery = {},
  ): Promise<string> => {
    const counts = await within(store.count!(query, bordersMs), suite.stepMs, 'count')
    return counts
      .map(({ span, outcome = '-', calls }) => `${span} ${outcome} ${calls}`)
      .sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10) || (one < other ? -1 : 1))
      .join(', ')
  }
  return [
    suite.onFresh('counts', 'calls are counted by when they began and how they ended', async (store) => {
      if (store.count === undefined) return
      // Of 0 to 6, every third is the agent's.
      await put(store, ...Array.from({ length: 7 }, (_, n) => exampleCall(n)))
      await put(store, exampleCall(9, { state: 'begun', outcome: undefined }))
      const borders = [0, 1, 4, 6, 9, 10].map((seconds) => DAY_MS + seconds * 1000)
      expectSame(
        await counted(store, borders),
        '0 agent 1, 1 agent 1, 1 caller 2, 2 caller 2, 3 agent 1, 4 - 1',
        'the counts',
      )
      expectSame(
        await counted(store, borders, { pipeline: 'night-desk', sinceMs: DAY_MS + 2000 }),
        '1 agent 1, 2 caller 1, 4 - 1',
        'the counts of some',
      )
      expectSame(await counted(store, borders, { text: 'table4' }), '2 caller 1', 'the counts by words')
      expectSame(await counted(store, [0, DAY_MS]), '', 'the counts of a time without a call')
    }),
    suite.onFresh('counts', 'calls are counted over 1000 spans at once', async (store) => {
      if (store.count === undefined) return
      await put(store, exampleCall(0), exampleCall(MANY_SPANS - 1), exampleCall(MANY_SPANS))
      const borders = Array.from({ length: MANY_SPANS + 1 }, (_, n) => DAY_MS + n * 1000)
      expectSame(await counted(store, borders), `0 agent 1, ${MANY_SPANS - 1} agent 1`, 'the counts')
    }),
  ]
}
