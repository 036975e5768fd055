import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callFileBase } from '../../src/calls/call-files.ts'
import { headLine } from '../../src/calls/journal-lines.ts'
import { eraseCalls, type ToErase } from '../../src/history/erase-calls.ts'
import { ownMark, type ProcessMark } from '../../src/process/process-mark.ts'
import {
  callWithFiles,
  eventually,
  type HistoryRig,
  NOW_MS,
  openHistoryRig,
  storedCallOf,
} from './history-rig.ts'

const PARTY = '+15550101'
const DEAD: ProcessMark = { ...ownMark(), startedTicks: '0' }
const UNSEEN: ProcessMark = { pid: 1, startedTicks: '1', space: 'elsewhere' }

describe('a call that runs and is to be erased', () => {
  let rig: HistoryRig
  beforeEach(async () => (rig = await openHistoryRig([{ name: 'desk' }])))
  afterEach(() => rig.remove())

  const records = (): string => join(rig.dir, 'records')
  const base = (): string => callFileBase(records(), NOW_MS - 1000, 'CA1')
  const erase = (wanted: ToErase) =>
    eraseCalls({ store: rig.history.store!, pipelines: rig.loaded, removals: rig.history.removals }, wanted)
  async function begin(owner: ProcessMark, hasJournal = true): Promise<void> {
    const call = storedCallOf('desk', 1, 1000, { state: 'begun', owner: JSON.stringify(owner) })
    await rig.store('desk').put([call])
    callWithFiles(records(), storedCallOf('desk', 2, 1000), new Uint8Array(9))
    const head = headLine({
      version: 1,
      callId: 'CA1',
      pipeline: 'desk',
      startedAtWallMs: NOW_MS - 1000,
      kept: { transcript: true, callRecord: true },
      owner,
    })
    const started = { event: 'call_started', atMs: 0, fields: {}, private: { from: PARTY } }
    if (hasJournal) writeFileSync(`${base()}.journal`, `${head}${JSON.stringify(started)}\n`)
  }
  async function end(): Promise<void> {
    const safe = rig.history.put(
      'desk',
      callWithFiles(records(), storedCallOf('desk', 1, 1000), new Uint8Array(9)),
    )
    await rig.time.advance(250)
    expect(await safe).toBe(true)
  }
  const files = (): string[] => readdirSync(records()).filter((name) => name.includes('_CA1'))

  it.each<[string, ToErase, boolean]>([
    ['by its number', { party: PARTY }, true],
    ['by its id', { id: 'CA1', startedAtMs: NOW_MS - 1000 }, true],
    ['without a journal', { party: PARTY }, false],
  ])('stays whole until it ends, and is gone then: %s', async (_how, wanted, hasJournal) => {
    await begin(ownMark(), hasJournal)
    const { running, calls, unreached } = await erase(wanted)
    expect([running, calls, unreached]).toEqual([['CA1'], [], []])
    expect(existsSync(`${base()}.journal`)).toBe(hasJournal)
    expect((await rig.store('desk').get('CA1'))?.state).toBe('begun')
    await end()
    await eventually(files).toEqual([])
    expect(await rig.store('desk').get('CA1')).toBeUndefined()
    expect(readdirSync(records()).filter((name) => name.includes('_CA2'))).toHaveLength(3)
    expect(await rig.figure('kav_history_erased_at_end_total')).toBe(1)
  })

  it('is gone with the next round where its end was told to nobody who could erase', async () => {
    await begin(ownMark())
    await erase({ party: PARTY })
    await rig.store('desk').put([callWithFiles(records(), storedCallOf('desk', 1, 1000), new Uint8Array(9))])
    writeFileSync(`${base()}.journal`, 'whoever had it is gone')
    await eventually(async () => {
      await rig.time.advance(60_000)
      return files()
    }).toEqual([])
    expect(await rig.store('desk').get('CA1')).toBeUndefined()
  })

  it('is gone at once where its process is', async () => {
    await begin(DEAD)
    expect(await erase({ party: PARTY })).toMatchObject({ running: [], calls: [{ id: 'CA1' }] })
    expect(files()).toEqual([])
  })

  it('is told of where it runs on another machine', async () => {
    await begin(UNSEEN, false)
    expect(await erase({ party: PARTY })).toMatchObject({
      running: [],
      unreached: [{ id: 'CA1', node: 'node-1' }],
      calls: [],
    })
    expect((await rig.store('desk').get('CA1'))?.state).toBe('begun')
  })
})
