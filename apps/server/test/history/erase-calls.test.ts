import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProviderError } from '@kav/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openS3Double, type S3Double } from '../../../../packages/recordings-s3/test/s3-double.ts'
import { callFileBase } from '../../src/calls/call-files.ts'
import { recordOfStored, storedCall } from '../../src/calls/stored-call.ts'
import { askedErasures, type AskedErasure } from '../../src/history/asked-erasures.ts'
import { createDueErasures } from '../../src/history/due-erasures.ts'
import { eraseCalls, type ToErase } from '../../src/history/erase-calls.ts'
import { findByNumber } from '../../src/history/find-by-number.ts'
import { runRetention } from '../../src/history/retention.ts'
import { storeOutbox } from '../../src/history/store-key.ts'
import { itemName } from '../../src/outbox/item-name.ts'
import { ownFolderName } from '../../src/outbox/owner-name.ts'
import {
  callWithFiles,
  doubleAsYaml,
  DAY_MS,
  eventually,
  type HistoryRig,
  NOW_MS,
  openHistoryRig,
  storedCallOf,
} from './history-rig.ts'

const PARTY = '+15550101'
const HOOKED = { name: 'desk', hooks: true }

describe('every call of a number', () => {
  let rig: HistoryRig
  beforeEach(async () => (rig = await openHistoryRig([HOOKED, { name: 'night', records: 'night' }])))
  afterEach(() => rig.remove())

  const places = () => ({
    store: rig.history.store!,
    pipelines: rig.loaded,
    removals: rig.history.removals,
  })
  const erase = (wanted: ToErase = { party: PARTY }) => eraseCalls(places(), wanted)
  const round = () => createDueErasures({ ...rig.parts, metrics: rig.parts.metrics.metrics, places }).round()
  const item = (dir: string, serial: number, value: object): string => {
    mkdirSync(dir, { recursive: true })
    const file = join(dir, itemName(NOW_MS, serial))
    writeFileSync(file, JSON.stringify(value))
    return file
  }
  /** As an item of `after_call`. */
  const told = (callId: string, from: string) => ({
    id: `${callId}@x`,
    createdAt: 'x',
    record: { callId, from, to: '+15550999', transcript: [] },
  })

  it('is gone from the store and the folders, whoever of the two it was; others stay', async () => {
    const records = join(rig.dir, 'records')
    await rig
      .store('desk')
      .put([
        callWithFiles(records, storedCallOf('desk', 1, DAY_MS), new Uint8Array(9)),
        callWithFiles(records, storedCallOf('desk', 2, DAY_MS), new Uint8Array(9)),
        callWithFiles(
          join(rig.dir, 'night'),
          storedCallOf('night', 3, DAY_MS, { to: PARTY }),
          new Uint8Array(9),
        ),
        storedCallOf('desk', 4, 1000, { from: PARTY, recording: 's3://calls/CA4.wav' }),
      ])
    // Never in the store.
    callWithFiles(records, storedCallOf('desk', 5, 1000, { from: PARTY }), new Uint8Array(9))
    const unread = `${callFileBase(records, NOW_MS - 2000, 'CA6')}.journal.unread`
    writeFileSync(unread, JSON.stringify({ private: { from: PARTY } }))
    const erased = await erase()
    expect(erased.calls.map(({ id }) => id)).toEqual(['CA1', 'CA3', 'CA4'])
    expect(erased.files).toHaveLength(10)
    expect(erased.elsewhere).toEqual(['s3://calls/CA4.wav'])
    expect(existsSync(unread)).toBe(false)
    const left = readdirSync(records).filter((name) => name.includes('_CA'))
    expect(left.map((name) => name.slice(-7))).toEqual(['A2.json', 'CA2.txt', 'CA2.wav'])
    expect((await rig.store('desk').find({}, { limit: 9 })).calls.map(({ id }) => id)).toEqual(['CA2'])
    expect(await erase()).toEqual({
      ...{ calls: [], files: [], outbox: [] },
      ...{ recordings: [], later: [], elsewhere: [] },
      ...{ running: [], unreached: [], unerased: [], settled: true },
    })
  })

  it('that a full disk keeps from being erased is told as there, and gone with a later round', async () => {
    const call = callWithFiles(join(rig.dir, 'records'), storedCallOf('desk', 1, DAY_MS), new Uint8Array(9))
    await rig.store('desk').put([call])
    let isFull = true
    const store = rig.store('desk')
    const { erase: eraseNow } = store
    store.erase = (part, query) =>
      isFull ? Promise.reject(new ProviderError('quota', 'there is no room for it')) : eraseNow(part, query)
    const { calls, unerased, settled } = await erase()
    expect([calls, settled]).toEqual([[], true])
    expect(unerased).toEqual([{ id: 'CA1', why: 'there is no room for it', again: true }])
    await round()
    expect(await rig.figure('kav_retention_failed_total')).toBe(1)
    expect(await store.get('CA1')).toBeDefined()
    isFull = false
    await round()
    expect(await store.get('CA1')).toBeUndefined()
    expect(readdirSync(join(rig.dir, 'records')).filter((name) => name.includes('CA1'))).toEqual([])
  })

  it('is not forgotten by a store that goes away in the middle', async () => {
    const records = join(rig.dir, 'records')
    const store = rig.store('desk')
    const { find, erase: eraseRows } = store
    const away = async (): Promise<never> => {
      store.find = away
      throw new ProviderError('network', 'the store is away')
    }
    let failed = 0
    for (const first of ['find', 'erase'] as const)
      for (const wanted of [{ party: PARTY }, { id: 'CA1', startedAtMs: NOW_MS - DAY_MS }]) {
        await store.put([callWithFiles(records, storedCallOf('desk', 1, DAY_MS), new Uint8Array(9))])
        store[first] = away
        const { calls, unerased, files } = await erase(wanted)
        expect(calls).toEqual([])
        const isNamed = first === 'erase' || 'id' in wanted
        expect(unerased).toEqual([{ ...(isNamed && { id: 'CA1' }), why: 'the store is away', again: true }])
        expect(files).toHaveLength(first === 'find' && 'id' in wanted ? 0 : 3)
        await round()
        expect(await rig.figure('kav_retention_failed_total')).toBe(++failed)
        Object.assign(store, { find, erase: eraseRows })
        expect(await store.get('CA1')).toBeDefined()
        await round()
        expect(await store.get('CA1')).toBeUndefined()
        expect(readdirSync(records).filter((name) => name !== 'outbox')).toEqual([])
      }
    expect(await rig.figure('kav_retention_failed_total')).toBe(failed)
  })

  it('is noted down before anything of it is gone, for whoever comes after a process that was killed', async () => {
    const records = join(rig.dir, 'records')
    const store = rig.store('desk')
    await store.put([callWithFiles(records, storedCallOf('desk', 1, DAY_MS), new Uint8Array(9))])
    const { find } = store
    let noted: readonly AskedErasure[] = []
    store.find = async (query, page) => {
      if (noted.length === 0) noted = await askedErasures(records)
      return await find(query, page)
    }
    expect((await erase()).calls).toHaveLength(1)
    expect(noted).toEqual([{ what: { party: PARTY }, of: ['desk', 'night'] }])
    expect(await askedErasures(records)).toEqual([])
  })

  it('is found and gone by the number as it is written, whichever way that is', async () => {
    const records = join(rig.dir, 'records')
    const store = rig.store('desk')
    for (const [from, plain] of [
      ['+1 555 777 0009', '+15557770009'],
      ['00155577700', '+155577700'],
      ['4111 1111 1111 1111', '4111111111111111'],
      ['sip:desk@10.0.0.1', 'sip:desk@10.0.0.1'],
      ['client:desk', 'client:desk'],
    ] as const) {
      const written = callWithFiles(records, storedCallOf('desk', 1, DAY_MS, { from }), new Uint8Array(9))
      const as = { state: 'ended', words: true, owner: '' } as const
      const kept = storedCall({ ...recordOfStored(written), from }, as)
      expect(kept.from).toBe(plain)
      expect((await erase({ party: plain })).files).toHaveLength(3)
      // The second as an earlier version kept it.
      for (const call of [kept, written]) {
        await store.put([call])
        expect((await findByNumber(store, { from }, { limit: 9 })).calls).toHaveLength(1)
        expect((await erase({ party: from })).calls.map(({ id }) => id)).toEqual(['CA1'])
      }
    }
  })

  it('is gone from what waits for the store and for hooks, and from what was given up', async () => {
    const [desk] = rig.loaded
    const [stores, hooks] = [
      storeOutbox(desk!, desk!.stages.store!),
      join(rig.dir, 'hooks', 'after-call', 'desk'),
    ]
    // Nobody takes them over.
    const running = ownFolderName()
    const gone = [
      item(join(stores, running), 1, storedCallOf('desk', 1, 1000)),
      item(join(hooks, 'free-1'), 2, told('CA7', PARTY)),
      item(join(hooks, 'dead'), 3, told('CA8', PARTY)),
    ]
    const left = [
      item(join(stores, running), 4, storedCallOf('desk', 2, 1000)),
      item(join(hooks, 'free-1'), 5, told('CA9', '+15550102')),
    ]
    const waited = [...(await erase()).outbox].sort((a, b) => a.id.localeCompare(b.id))
    expect(waited).toEqual([
      { id: 'CA1', waitedFor: 'the store' },
      { id: 'CA7', waitedFor: 'a hook' },
      { id: 'CA8', waitedFor: 'a hook' },
    ])
    expect([...gone, ...left].map((file) => existsSync(file))).toEqual([false, false, false, true, true])
  })
})

describe('recordings that were brought elsewhere', () => {
  let double: S3Double
  let rig: HistoryRig
  beforeEach(async () => {
    double = await openS3Double()
    rig = await openHistoryRig([{ name: 'desk', s3: doubleAsYaml(double), keep: '{ audio: 7d }' }])
  })
  afterEach(async () => {
    await rig.remove()
    await double.close()
  })

  const erase = (party = PARTY) =>
    eraseCalls(
      { store: rig.history.store!, pipelines: rig.loaded, removals: rig.history.removals },
      { party },
    )
  /** A call whose recording is in the bucket; `isStored`: the store says so, otherwise its files alone. */
  async function brought(n: number, isStored: boolean, ageMs = 1000): Promise<string> {
    const dir = join(rig.dir, 'records')
    const call = storedCallOf('desk', n, ageMs, { from: PARTY })
    const base = callFileBase(dir, call.startedAtMs, call.id)
    const key = `calls/${base.slice(dir.length + 1)}.wav`
    callWithFiles(dir, call, new Uint8Array(9))
    rmSync(`${base}.wav`)
    double.objects.set(key, Buffer.from('sound'))
    if (isStored) await rig.store('desk').put([{ ...call, recording: `s3://${key}` }])
    else writeFileSync(`${base}.uploaded`, `s3://${key}\n`)
    return `s3://${key}`
  }
  const round = () =>
    runRetention({
      ...rig.parts,
      metrics: rig.parts.metrics.metrics,
      pipelines: () => rig.history.pipelines,
      stores: () => rig.history.stores,
      removals: rig.history.removals,
    })

  it('go with their calls, whether the store or a file says where they are', async () => {
    const places = [await brought(1, true), await brought(2, false)]
    double.objects.set('calls/other.wav', Buffer.from('sound'))
    const { recordings, later, elsewhere } = await erase()
    expect([[...recordings].sort(), later, elsewhere]).toEqual([places, [], []])
    expect([...double.objects.keys()]).toEqual(['calls/other.wav'])
    expect(readdirSync(join(rig.dir, 'records')).filter((name) => name.includes('CA'))).toEqual([])
    expect(await rig.figure('kav_recordings_removed_total')).toBe(2)
  })

  it('go later when the bucket is away, by whatever process', async () => {
    const place = await brought(1, true)
    // Once at once, and once when it is tried again the first time.
    double.fail(2, 503, 'SlowDown')
    expect((await erase()).later).toEqual([place])
    expect(double.objects.size).toBe(1)
    await eventually(async () => {
      await rig.time.advance(1000)
      return double.objects.size
    }).toBe(0)
  })

  it('are no others than the call’s own, whatever a store says', async () => {
    double.objects.set('calls/other.wav', Buffer.from('sound'))
    const call = storedCallOf('desk', 1, 1000, { from: PARTY })
    await rig.store('desk').put([{ ...call, recording: 's3://calls/other.wav' }])
    expect((await erase()).elsewhere).toEqual(['s3://calls/other.wav'])
    expect(double.objects.size).toBe(1)
    expect(await rig.figure('kav_recordings_out_of_reach_total')).toBe(1)
  })

  it('go in their time, and are tried again', async () => {
    await brought(1, true, 8 * DAY_MS)
    await brought(2, false, 8 * DAY_MS)
    await brought(3, true, 6 * DAY_MS)
    double.fail(2, 503, 'SlowDown')
    await round()
    await eventually(async () => {
      await rig.time.advance(1000)
      return [...double.objects.keys()].map((key) => key.slice(-7))
    }).toEqual(['CA3.wav'])
    expect(readdirSync(join(rig.dir, 'records')).filter((name) => name.endsWith('.uploaded'))).toEqual([])
    expect(await rig.figure('kav_recordings_removed_total')).toBe(2)
  })
})
