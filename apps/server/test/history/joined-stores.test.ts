import type { CallSummary, StoredCall } from '@kav/core'
import { createFakeStore } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinStores } from '../../src/history/joined-stores.ts'
import { storedCallOf } from './history-rig.ts'

/** Few moments, so that many calls share one. */
const CALLS = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 6 })), {
  maxLength: 30,
})

describe('several stores, asked as one', () => {
  async function open(calls: readonly (readonly [store: number, ageMs: number])[]) {
    const stores = [createFakeStore(), createFakeStore(), createFakeStore()]
    const all: StoredCall[] = []
    for (const [n, [store, ageMs]] of calls.entries()) {
      const call = storedCallOf(`desk${store}`, n, ageMs)
      all.push(call)
      await stores[store]!.put([call])
    }
    return { stores, all, joined: joinStores(stores) }
  }
  type Joined = Awaited<ReturnType<typeof open>>['joined']
  async function read({ find }: Joined, limit: number, meanwhile?: () => Promise<void>) {
    const found: CallSummary[] = []
    for (let cursor: string | undefined, page = 0; page < 100; page++) {
      const { calls, next } = await find({}, { limit, ...(cursor !== undefined && { cursor }) })
      expect(calls.length).toBe(next === undefined ? calls.length : limit)
      found.push(...calls)
      if (next === undefined) break
      cursor = next
      await meanwhile?.()
    }
    return found
  }

  it('give each call once, the last first, on pages of any size, also while calls come in', async () => {
    await fc.assert(
      fc.asyncProperty(CALLS, fc.integer({ min: 1, max: 7 }), async (calls, limit) => {
        const { stores, all, joined } = await open(calls)
        let late = 100
        const found = await read(joined, limit, () =>
          stores[late % 3]!.put([storedCallOf('desk', late++, -1000)]),
        )
        const times = found.map(({ startedAtMs }) => startedAtMs)
        expect(times).toEqual([...times].sort((a, b) => b - a))
        expect(found.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort())
      }),
      { numRuns: 60, seed: 14 },
    )
  })

  it('have a call once that two of them have', async () => {
    const { stores, all } = await open([
      [0, 1],
      [0, 2],
      [0, 3],
    ])
    const joined = joinStores([stores[0]!, stores[0]!, stores[1]!])
    for (const limit of [1, 2, 5]) expect(await read(joined, limit)).toHaveLength(all.length)
  })

  it('find the last call of an id, and erase it wherever it is', async () => {
    const { stores, joined } = await open([
      [0, 5],
      [1, 3],
      [2, 1],
    ])
    await stores[0]!.put([storedCallOf('desk', 9, 50)])
    await stores[2]!.put([storedCallOf('desk', 9, 40)])
    expect((await joined.get('CA9'))?.startedAtMs).toBe(storedCallOf('desk', 9, 40).startedAtMs)
    expect(await joined.erase('call', { id: 'CA9' })).toHaveLength(2)
    expect(await joined.get('CA9')).toBeUndefined()
    expect(await joined.erase('call', { id: 'CA9' })).toEqual([])
  })

  it('refuse a cursor that no page gave, and are no whole when one of them is away', async () => {
    const { stores, joined } = await open([[0, 5]])
    await expect(joined.find({}, { limit: 1, cursor: 'here' })).rejects.toMatchObject({
      class: 'bad-request',
    })
    await stores[1]!.close()
    await expect(joined.find({}, { limit: 1 })).rejects.toThrow('closed')
  })
})
