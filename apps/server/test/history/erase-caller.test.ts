import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callFileBase } from '../../src/calls/call-files.ts'
import { eraseParty } from '../../src/history/erase-caller.ts'
import { storeOutbox } from '../../src/history/store-key.ts'
import { itemName } from '../../src/outbox/item-name.ts'
import { ownFolderName } from '../../src/outbox/owner-name.ts'
import {
  callWithFiles,
  DAY_MS,
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

  const erase = () => eraseParty({ store: rig.store('desk'), pipelines: rig.loaded }, PARTY)
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
    expect(await erase()).toEqual({ calls: [], files: [], outbox: [], elsewhere: [] })
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
