import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Desk, type HistoryRig, loadDesk, openHistoryRig, storedCallOf } from './history-rig.ts'

describe('files that are read anew with another store', () => {
  let rig: HistoryRig
  beforeEach(async () => (rig = await openHistoryRig([{ name: 'desk', db: 'old.db' }])))
  afterEach(() => rig.remove())

  const put = async (n: number, state: 'begun' | 'ended'): Promise<void> => {
    const safe = rig.history.put('desk', storedCallOf('desk', n, 1000, { state }))
    await rig.time.advance(250)
    expect(await safe).toBe(true)
  }
  const use = async (desk: Desk): Promise<void> => rig.history.use([await loadDesk(rig.dir, desk)])
  const states = async (store: ReturnType<HistoryRig['store']>): Promise<string> => {
    const { calls } = await store.find({}, { limit: 9 })
    return calls
      .map(({ id, state }) => `${id} ${state}`)
      .sort()
      .join(', ')
  }

  it('leave a call that runs in the store where it began, to its end', async () => {
    const old = rig.store('desk')
    await put(1, 'begun')
    await use({ name: 'desk', db: 'new.db' })
    await put(2, 'begun')
    await put(1, 'ended')
    await put(2, 'ended')
    expect(await states(old)).toBe('CA1 ended')
    expect(await states(rig.store('desk'))).toBe('CA2 ended')
  })

  it('tell the end of a call also where there is no store any more', async () => {
    const old = rig.store('desk')
    await put(1, 'begun')
    await use({ name: 'desk', storeless: true })
    await put(1, 'ended')
    await put(2, 'ended')
    expect(await states(old)).toBe('CA1 ended')
  })

  it('open no store when they come after the end', async () => {
    const [old, { pipelines }] = [rig.store('desk'), rig.history]
    await rig.history.close()
    await use({ name: 'desk', db: 'new.db' })
    expect(rig.store('desk')).toBe(old)
    expect(rig.history.pipelines).toBe(pipelines)
  })
})
