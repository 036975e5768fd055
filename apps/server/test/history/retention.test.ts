import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { callFileBase } from '../../src/calls/call-files.ts'
import { runRetention } from '../../src/history/retention.ts'
import { storeOutbox } from '../../src/history/store-key.ts'
import { itemName } from '../../src/outbox/item-name.ts'
import {
  eventually,
  callWithFiles,
  DAY_MS,
  type Desk,
  type HistoryRig,
  NOW_MS,
  openHistoryRig,
  storedCallOf,
} from './history-rig.ts'

const KEEP = '{ audio: 7d, transcript: 30d, record: 1y }'
const WAV = new Uint8Array(100)

describe('what is kept no longer', () => {
  let rig: HistoryRig | undefined
  afterEach(() => rig?.remove())

  async function open(...desks: readonly Desk[]): Promise<HistoryRig> {
    rig = await openHistoryRig(desks)
    return rig
  }
  const put = async (
    { dir, store }: HistoryRig,
    desk: string,
    n: number,
    days: number,
    folder = 'records',
  ) => {
    const call = callWithFiles(join(dir, folder), storedCallOf(desk, n, days * DAY_MS), WAV)
    await store(desk).put([call])
    return call
  }
  /** Endings of a call's files that are there. */
  const files = ({ dir }: HistoryRig, n: number, days: number, folder = 'records'): string => {
    const base = callFileBase(join(dir, folder), NOW_MS - days * DAY_MS, `CA${n}`)
    return ['wav', 'txt', 'json'].filter((ending) => existsSync(`${base}.${ending}`)).join(' ')
  }
  /** What a store has of a call. */
  const kept = async ({ store }: HistoryRig, desk: string, n: number): Promise<string> => {
    const call = await store(desk).get(`CA${n}`)
    if (call === undefined) return ''
    return ['facts', call.words && 'words', call.recording && 'recording'].filter(Boolean).join(' ')
  }
  const round = ({ history, parts }: HistoryRig) =>
    runRetention({
      ...parts,
      metrics: parts.metrics.metrics,
      pipelines: () => history.pipelines,
      stores: () => history.stores,
      removals: history.removals,
    })

  it('goes in its time, from the store and from the folder: recordings, then words, then all of a call', async () => {
    const one = await open({ name: 'desk', keep: KEEP })
    const ages = [6.9, 7.1, 30.1, 365.1]
    for (const [n, days] of ages.entries()) await put(one, 'desk', n, days)
    await round(one)
    const state = async () =>
      Promise.all(ages.map(async (days, n) => [await kept(one, 'desk', n), files(one, n, days)]))
    expect(await state()).toEqual([
      ['facts words recording', 'wav txt json'],
      ['facts words', 'txt json'],
      ['facts', 'json'],
      ['', ''],
    ])
    const record = readFileSync(
      `${callFileBase(join(one.dir, 'records'), NOW_MS - 30.1 * DAY_MS, 'CA2')}.json`,
      'utf8',
    )
    expect(record).toContain('"callId": "CA2"')
    expect(record).not.toContain('table2')
    expect((await one.store('desk').find({ text: 'table2' }, { limit: 9 })).calls).toEqual([])
    expect((await one.store('desk').find({ text: 'table1' }, { limit: 9 })).calls).toHaveLength(1)
    expect(await one.figure('kav_retention_calls_erased_total{part="call"}')).toBe(1)
    expect(await one.figure('kav_retention_files_erased_total{part="recording"}')).toBe(2)
    const before = await state()
    await round(one)
    expect(await state()).toEqual(before)
    expect(await one.figure('kav_retention_failed_total')).toBe(0)
  })

  it('goes by itself, a minute behind a start and every ten minutes', async () => {
    const one = await open({ name: 'desk', keep: '{ record: 1d }' })
    await put(one, 'desk', 1, 2)
    await one.time.advance(59_000)
    expect(files(one, 1, 2)).toBe('wav txt json')
    await one.time.advance(1000)
    await eventually(() => files(one, 1, 2)).toBe('')
    await put(one, 'desk', 2, 2)
    await eventually(async () => {
      await one.time.advance(600_000)
      return files(one, 2, 2)
    }).toBe('')
    await eventually(() => kept(one, 'desk', 2)).toBe('')
  })

  it('stays in a folder as long as one of its pipelines keeps it; in the store each has its own time', async () => {
    const one = await open(
      { name: 'desk', keep: '{ record: 1d }' },
      { name: 'night', keep: '{ record: 4d }' },
    )
    for (const [n, days] of [2, 5].entries()) {
      await put(one, 'desk', n, days)
      await put(one, 'night', 10 + n, days)
    }
    await round(one)
    expect([await kept(one, 'desk', 0), await kept(one, 'night', 10)]).toEqual(['', 'facts words recording'])
    expect([await kept(one, 'desk', 1), await kept(one, 'night', 11)]).toEqual(['', ''])
    expect([files(one, 0, 2), files(one, 10, 2)]).toEqual(['wav txt json', 'wav txt json'])
    expect([files(one, 1, 5), files(one, 11, 5)]).toEqual(['', ''])
  })

  it('goes also where its pipeline has another name by now, unless that still has calls', async () => {
    const one = await open({ name: 'desk', keep: KEEP })
    const old = (n: number, pipeline: string, days: number) => storedCallOf(pipeline, n, days * DAY_MS)
    await one
      .store('desk')
      .put([
        old(1, 'desk-before', 400),
        old(2, 'desk-before', 40),
        old(3, 'elsewhere', 400),
        old(4, 'elsewhere', 3),
      ])
    await round(one)
    expect(await Promise.all([1, 2, 3, 4].map((n) => kept(one, 'desk', n)))).toEqual([
      '',
      'facts',
      'facts words',
      'facts words',
    ])
  })

  it('goes from what outboxes gave up, by the words’ time', async () => {
    const one = await open(
      { name: 'desk', keep: KEEP, hooks: true },
      { name: 'night', keep: '{ transcript: 60d }' },
    )
    const [desk] = one.loaded
    const dead = (dir: string, days: number): string => {
      mkdirSync(join(dir, 'dead'), { recursive: true })
      const file = join(dir, 'dead', itemName(NOW_MS - days * DAY_MS, 1))
      writeFileSync(file, '{}')
      return file
    }
    const hooks = join(one.dir, 'hooks', 'after-call')
    const stores = storeOutbox(desk!, desk!.stages.store!)
    const found = [dead(join(hooks, 'desk'), 31), dead(join(hooks, 'gone'), 31), dead(stores, 61)]
    const left = [dead(join(hooks, 'desk'), 29), dead(stores, 59)]
    await round(one)
    expect([...found, ...left].map((file) => existsSync(file))).toEqual([false, false, false, true, true])
  })

  it('stays where nobody said a time, and in a folder that a pipeline without one shares', async () => {
    const one = await open({ name: 'desk', keep: '{ record: 1d }' }, { name: 'night' })
    await put(one, 'desk', 1, 9000)
    await put(one, 'night', 2, 9000)
    await round(one)
    expect([await kept(one, 'desk', 1), await kept(one, 'night', 2)]).toEqual(['', 'facts words recording'])
    expect([files(one, 1, 9000), files(one, 2, 9000)]).toEqual(['wav txt json', 'wav txt json'])
  })

  it('stays while the call runs, or waits to be completed', async () => {
    const one = await open({ name: 'desk', keep: '{ audio: 1h }' })
    await put(one, 'desk', 1, 1)
    const journal = `${callFileBase(join(one.dir, 'records'), NOW_MS - DAY_MS, 'CA1')}.journal`
    writeFileSync(journal, '')
    await round(one)
    expect(files(one, 1, 1)).toBe('wav txt json')
    rmSync(journal)
    await round(one)
    expect(files(one, 1, 1)).toBe('txt json')
  })

  it('is counted and tried again where it cannot go, and holds up nothing else', async () => {
    const one = await open({ name: 'desk', keep: '{ transcript: 1d }' })
    await put(one, 'desk', 1, 3)
    await put(one, 'desk', 2, 2)
    const base = callFileBase(join(one.dir, 'records'), NOW_MS - 3 * DAY_MS, 'CA1')
    // Nobody unlinks a folder, and a record that is none has no words to be found.
    rmSync(`${base}.txt`)
    mkdirSync(`${base}.txt`)
    const [record] = [readFileSync(`${base}.json`, 'utf8')]
    writeFileSync(`${base}.json`, record.slice(0, 40))
    await round(one)
    expect(files(one, 2, 2)).toBe('wav json')
    expect([await kept(one, 'desk', 1), await kept(one, 'desk', 2)]).toEqual([
      'facts recording',
      'facts recording',
    ])
    expect(await one.figure('kav_retention_failed_total')).toBe(1)
    expect(one.log.entries.map(({ message }) => message)).toContain(
      'RETENTION: files cannot be erased, it is tried again',
    )
    rmSync(`${base}.txt`, { recursive: true })
    writeFileSync(`${base}.txt`, '')
    writeFileSync(`${base}.json`, record)
    await round(one)
    expect(files(one, 1, 3)).toBe('wav json')
    expect(readFileSync(`${base}.json`, 'utf8')).not.toContain('table1')
    expect(await one.figure('kav_retention_failed_total')).toBe(1)
  })

  it('goes from the folder also while the store is away, and from the store when it is back', async () => {
    const one = await open({ name: 'desk', keep: '{ record: 1d }' })
    await put(one, 'desk', 1, 2)
    const store = one.store('desk')
    const away = {
      ...store,
      find: async () => Promise.reject(new Error('away')),
      erase: async () => Promise.reject(new Error('away')),
    }
    const parts = {
      ...one.parts,
      metrics: one.parts.metrics.metrics,
      pipelines: () => one.history.pipelines,
      removals: one.history.removals,
    }
    await runRetention({ ...parts, stores: () => new Map([['desk', away]]) })
    expect([await kept(one, 'desk', 1), files(one, 1, 2)]).toEqual(['facts words recording', ''])
    expect(await one.figure('kav_retention_failed_total')).toBe(3)
    await round(one)
    expect(await kept(one, 'desk', 1)).toBe('')
  })
})
