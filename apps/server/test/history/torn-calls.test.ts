import type { StoredState } from '@kav/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { markTorn } from '../../src/history/torn-calls.ts'
import { type ProcessMark, ownMark } from '../../src/process/process-mark.ts'
import { DAY_MS, type HistoryRig, openHistoryRig, storedCallOf } from './history-rig.ts'

/** This very number, at another time. */
const DEAD: ProcessMark = { ...ownMark(), startedTicks: '0' }
const UNSEEN: ProcessMark = { pid: 1, startedTicks: '1', space: 'elsewhere' }

describe('calls that have begun, and whose process is gone', () => {
  let rig: HistoryRig
  beforeEach(async () => (rig = await openHistoryRig([{ name: 'desk' }])))
  afterEach(() => rig.remove())

  const mark = () => markTorn(rig.store('desk'), { ...rig.parts, metrics: rig.parts.metrics.metrics })
  const begin = (n: number, ageMs: number, owner: ProcessMark | string | undefined, node = 'node-1') => {
    const {
      outcome: _outcome,
      words: _words,
      ...call
    } = storedCallOf('desk', n, ageMs, { state: 'begun', node })
    const text = typeof owner === 'object' ? JSON.stringify(owner) : owner
    return rig.store('desk').put([{ ...call, durationMs: 0, ...(text !== undefined && { owner: text }) }])
  }
  const state = async (n: number): Promise<StoredState | undefined> =>
    (await rig.store('desk').get(`CA${n}`))?.state

  it('are torn, with all that was told of them', async () => {
    await begin(1, 1000, DEAD)
    await mark()
    expect(await rig.store('desk').get('CA1')).toMatchObject({
      state: 'torn',
      outcome: 'killed',
      from: '+15550101',
      to: '+15550999',
      facts: { counters: {} },
    })
    expect(await rig.figure('kav_store_calls_torn_total')).toBe(1)
    await mark()
    expect(await rig.figure('kav_store_calls_torn_total')).toBe(1)
  })

  it('are those of this node at once, and of others after a day', async () => {
    const [young, old] = [DAY_MS - 1, DAY_MS + 1]
    await begin(1, old, ownMark())
    await begin(2, young, UNSEEN)
    await begin(3, old, UNSEEN)
    // Another machine may have a process of this very number.
    await begin(4, young, DEAD, 'node-2')
    await begin(5, old, DEAD, 'node-2')
    await begin(6, young, undefined)
    await begin(7, old, undefined)
    await begin(8, old, 'no mark')
    await mark()
    const states = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(state))
    expect(states).toEqual(['begun', 'begun', 'torn', 'begun', 'torn', 'begun', 'torn', 'torn'])
  })

  it('are left to whoever told their end', async () => {
    await begin(1, 1000, DEAD)
    await rig.store('desk').put([storedCallOf('desk', 1, 1000)])
    await mark()
    expect(await state(1)).toBe('ended')
  })

  it('are all found, on however many pages', async () => {
    const calls = Array.from({ length: 1100 }, (_, n) =>
      storedCallOf('desk', n, n, { state: 'begun', owner: JSON.stringify(n % 2 === 0 ? DEAD : ownMark()) }),
    )
    await rig.store('desk').put(calls)
    await mark()
    expect(await rig.figure('kav_store_calls_torn_total')).toBe(550)
  })
})
