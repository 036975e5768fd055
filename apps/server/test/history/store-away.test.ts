import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually, type HistoryRig, openHistoryRig, storedCallOf } from './history-rig.ts'

const DESK = { name: 'desk', db: 'db/calls.db' }

describe('a store that is away', () => {
  const rigs: HistoryRig[] = []
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.remove()
  })

  /** A store whose puts are listened to. */
  type Listened = HistoryRig & { readonly taken: string[]; isPutting(): boolean }
  async function open(dir?: string): Promise<Listened> {
    const rig = await openHistoryRig([DESK], dir)
    rigs.push(rig)
    const taken: string[] = []
    let underWay = 0
    const store = rig.store('desk')
    const { put } = store
    store.put = async (calls) => {
      underWay++
      await put(calls).finally(() => underWay--)
      taken.push(...calls.map(({ id, state }) => `${id} ${state}`))
    }
    return { ...rig, taken, isPutting: () => underWay > 0 }
  }
  /** A file stands where the store wants its folder: it cannot be opened. */
  function awayFolder(): { readonly dir: string; back(): void } {
    const dir = mkdtempSync(join(tmpdir(), 'kav-history-'))
    const inTheWay = join(dir, 'db')
    writeFileSync(inTheWay, '')
    return { dir, back: () => rmSync(inTheWay) }
  }
  const waiting = ({ dir }: HistoryRig): number =>
    existsSync(join(dir, 'records', 'outbox'))
      ? readdirSync(join(dir, 'records', 'outbox'), { recursive: true, encoding: 'utf8' }).filter((name) =>
          name.endsWith('.json'),
        ).length
      : 0
  const putAll = async (rig: HistoryRig, from: number, to: number): Promise<void> => {
    for (let n = from; n <= to; n++) {
      void rig.history.put('desk', storedCallOf('desk', n, 1000, { state: 'begun' }))
      void rig.history.put('desk', storedCallOf('desk', n, 1000))
    }
    await rig.time.advance(250)
  }
  /** The disk is a real one: on a busy machine it is waited for, or hours would pass until it has done its part. */
  const pass = async (rig: Listened, ms: number, until: () => unknown, wanted: unknown): Promise<void> =>
    eventually(async () => {
      if (!rig.isPutting()) await rig.time.advance(ms)
      return until()
    }).toEqual(wanted)
  const each = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, at) => [`CA${from + at} begun`, `CA${from + at} ended`]).flat()

  it('has its calls on the disk meanwhile, and gets each once and in order when it is back', async () => {
    const { dir, back } = awayFolder()
    const rig = await open(dir)
    await putAll(rig, 1, 3)
    await eventually(() => waiting(rig)).toBe(6)
    await putAll(rig, 4, 4)
    await eventually(() => waiting(rig)).toBe(8)
    expect(await rig.figure('kav_store_batches_failed_total')).toBe(2)
    expect(await rig.figure('kav_store_calls_written_total')).toBe(0)
    expect(await rig.figure('kav_outbox_waiting{outbox="store"}')).toBe(8)
    expect(rig.log.find('HISTORY: the store takes no calls, they wait in the outbox')).toHaveLength(1)
    expect(rig.history.states()).toMatchObject([
      { taking: false, why: expect.stringContaining('cannot be used (E') as string },
    ])
    back()
    await pass(rig, 1000, () => rig.taken.length, 8)
    await pass(rig, 1000, () => waiting(rig), 0)
    expect(rig.taken).toEqual(each(1, 4))
    expect(await rig.figure('kav_outbox_ended_total{outbox="store",outcome="delivered"}')).toBe(8)
    await putAll(rig, 5, 5)
    await eventually(() => rig.figure('kav_store_calls_written_total')).toBe(2)
    expect(rig.log.find('HISTORY: the store takes calls again')).toHaveLength(1)
    expect(rig.taken).toEqual(each(1, 5))
    expect(rig.history.states()).toEqual([
      { store: 'sql-store', pipelines: ['desk'], taking: true, waiting: 0 },
    ])
    const { calls } = await rig.store('desk').find({ state: 'ended' }, { limit: 9 })
    expect(calls).toHaveLength(5)
    expect(await rig.figure('kav_store_calls_lost_total')).toBe(0)
  })

  it('gets them from the next process, what was not tried yet included', async () => {
    const { dir, back } = awayFolder()
    const first = await open(dir)
    await putAll(first, 1, 2)
    await eventually(() => waiting(first)).toBe(4)
    void first.history.put('desk', storedCallOf('desk', 3, 1000, { state: 'begun' }))
    void first.history.put('desk', storedCallOf('desk', 3, 1000))
    await first.history.close()
    expect(waiting(first)).toBe(6)
    back()
    const next = await open(dir)
    await pass(next, 1000, () => next.taken.length, 6)
    await pass(next, 1000, () => waiting(next), 0)
    expect(next.taken).toEqual(each(1, 3))
    expect(await next.figure('kav_outbox_adopted_total{outbox="store"}')).toBe(6)
    expect((await next.store('desk').find({ text: 'table3' }, { limit: 9 })).calls).toHaveLength(1)
  })

  it('that hangs as the process ends has what was on its way in the outbox, too', async () => {
    const rig = await open()
    const answers: (() => void)[] = []
    rig.store('desk').put = () => new Promise((resolve) => void answers.push(resolve))
    const safe = [1, 2].map((n) => rig.history.put('desk', storedCallOf('desk', n, 1000)))
    await rig.time.advance(250)
    safe.push(rig.history.put('desk', storedCallOf('desk', 3, 1000)))
    const closed = rig.history.close()
    let isClosed = false
    void closed.then(() => (isClosed = true))
    await pass(rig, 100, () => isClosed, true)
    expect(await Promise.all(safe)).toEqual([true, true, true])
    expect(waiting(rig)).toBe(3)
    expect(await rig.figure('kav_store_calls_lost_total')).toBe(0)
    for (const answer of answers) answer()
    const next = await open(rig.dir)
    await pass(next, 1000, () => next.taken.length, 3)
  })

  it('that hangs while the process drains is waited for two seconds', async () => {
    const rig = await open()
    const { put } = rig.store('desk')
    rig.store('desk').put = () => new Promise(() => undefined)
    const safe = rig.history.put('desk', storedCallOf('desk', 1, 1000))
    await rig.time.advance(250)
    rig.history.hasten()
    await rig.time.advance(1999)
    expect(waiting(rig)).toBe(0)
    await rig.time.advance(1)
    expect(await safe).toBe(true)
    expect(waiting(rig)).toBe(1)
    rig.store('desk').put = put
  })

  it('whose outbox has no disk either says that a call is not safe', async () => {
    const rig = await open(awayFolder().dir)
    writeFileSync(join(rig.dir, 'records'), 'in the way')
    const safe = rig.history.put('desk', storedCallOf('desk', 1, 1000))
    await rig.time.advance(250)
    expect(await safe).toBe(false)
  })

  it('refuses for good what no store would take: the rest of its batch is kept', async () => {
    const rig = await open()
    const odd = { ...storedCallOf('desk', 2, 1000), facts: { figure: 1n } }
    void rig.history.put('desk', storedCallOf('desk', 1, 1000))
    void rig.history.put('desk', odd)
    void rig.history.put('desk', storedCallOf('desk', 3, 1000))
    await rig.time.advance(250)
    await eventually(() => rig.figure('kav_store_calls_written_total')).toBe(2)
    expect(rig.taken).toEqual(['CA1 ended', 'CA3 ended'])
    expect(await rig.figure('kav_store_calls_refused_total')).toBe(1)
    expect(await rig.figure('kav_store_batches_failed_total')).toBe(0)
  })
})
