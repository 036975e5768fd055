import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProviderError, type StoredCall } from '@kav/core'
import type { CallRecord } from '@kav/core/host'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callFileBase } from '../../src/calls/call-files.ts'
import { createCallKeeper } from '../../src/calls/call-keeper.ts'
import { type CallHistory, openCallHistory } from '../../src/history/call-history.ts'
import { freeFolderName } from '../../src/outbox/owner-name.ts'
import { createStorage, type Storage } from '../../src/process/storage.ts'
import { CompletedFolders } from '../../src/service/complete-folders.ts'
import { callStarted, redacted } from '../calls/call-events.ts'
import { eventually, type HistoryRig, openHistoryRig } from './history-rig.ts'

const SAID = redacted({
  event: 'turn_ended',
  atMs: 500,
  fields: { turn: 1 },
  private: { text: 'my secret ailment' },
})
const ENDED = redacted({
  event: 'call_ended',
  atMs: 2000,
  fields: { duration_ms: 2000, ended_by: 'caller' },
  private: {},
})
/** More than a call's end has. */
const MAX_STEPS = 60

/** A process that dies at its `last` step: whatever it does is a step as it begins, and one as it is done. */
function createLife(last: number) {
  let steps = 0
  let dead = false
  let onDeath = (): void => undefined
  const death = new Promise<void>((resolve) => (onDeath = resolve))
  const never = new Promise<never>(() => undefined)
  const begun = new Set<Promise<unknown>>()
  const step = (): boolean => {
    if (!dead && ++steps === last) {
      dead = true
      onDeath()
    }
    return dead
  }
  return {
    death,
    get isOver() {
      return dead
    },
    async act<T>(action: () => Promise<T>): Promise<T> {
      if (step()) return never
      const doing = action()
      begun.add(doing)
      const done = await doing.finally(() => begun.delete(doing))
      return step() ? never : done
    },
    /** What it had begun beside the step it died at is in the disk's hands: done, before anybody finds the dead. */
    settled: () => Promise.allSettled(begun),
  }
}

describe('a process that is killed as a call ends', () => {
  let rig: HistoryRig
  beforeEach(async () => (rig = await openHistoryRig([{ name: 'desk' }])))
  afterEach(() => rig.remove())

  const folder = (): string => join(rig.dir, 'records')
  const named = (ending: string): string[] =>
    readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending))
  const stored = (history: CallHistory, id: string): Promise<StoredCall | undefined> =>
    history.stores.get('desk')!.get(id)

  /** To the end of the call, or of the process. */
  async function liveOn(id: string, last: number, away: boolean): Promise<boolean> {
    const life = createLife(last)
    const disk = createStorage()
    let counts = false
    const storage: Storage = {
      ...disk,
      run: (action) => disk.run(() => (counts ? life.act(action) : action())),
    }
    const history = openCallHistory(rig.loaded, { ...rig.parts, storage })
    const store = history.stores.get('desk')!
    const { put } = store
    store.put = (calls) =>
      counts
        ? life.act(() => (away ? Promise.reject(new ProviderError('network', 'away')) : put(calls)))
        : put(calls)
    const keeper = createCallKeeper({
      dir: folder(),
      pipelineName: 'desk',
      facts: {},
      kept: { transcript: true, callRecord: true },
      redacted: false,
      openRecording: undefined,
      storage,
      clock: rig.time.clock,
      metrics: rig.parts.metrics.metrics,
      onStored: (call) => history.put('desk', call),
    })
    const keeping = keeper.openUnheard(id, rig.log)
    keeping.onEvent(callStarted('+15550101'))
    keeping.onEvent(SAID)
    await eventually(async () => {
      await rig.time.advance(1000)
      return (await stored(history, id))?.state
    }).toBe('begun')
    await eventually(() => journalText()).toContain('secret')
    counts = true
    keeping.onEvent(ENDED)
    let isFinished = false
    void keeping.finish({ durationMs: 2000, endedBy: 'caller', counters: {} }).then(() => (isFinished = true))
    await eventually(async () => {
      await rig.time.advance(50)
      return isFinished || life.isOver
    }).toBe(true)
    await life.settled()
    await store.close()
    return life.isOver
  }
  const journalText = (): string =>
    named('.journal')
      .map((name) => readFileSync(join(folder(), name), 'utf8'))
      .join('')

  /** What is seen of a process that is gone, by one that has its own number. */
  function bury(): void {
    for (const name of named('.journal')) {
      const text = readFileSync(join(folder(), name), 'utf8')
      writeFileSync(join(folder(), name), text.replace(/"startedTicks":"\d*"/, '"startedTicks":"0"'))
    }
    for (const name of readdirSync(folder(), { recursive: true, encoding: 'utf8' }))
      if (/outbox\/store-[^/]+\/\d+-[^/]*$/.test(name))
        renameSync(join(folder(), name), join(folder(), name, '..', freeFolderName()))
  }

  /** The next process: what becomes of the call. */
  async function startAgain(id: string): Promise<StoredCall> {
    const storage = createStorage()
    const history = openCallHistory(rig.loaded, { ...rig.parts, storage })
    const parts = { ...rig.parts, storage, metrics: rig.parts.metrics.metrics }
    const life = new AbortController()
    const folders = new CompletedFolders({
      ...parts,
      onStored: (pipeline, call) => history.put(pipeline, call),
      signal: life.signal,
    })
    folders.complete(rig.loaded[0]!)
    await eventually(async () => {
      await rig.time.advance(1000)
      const state = (await stored(history, id))?.state ?? 'none'
      return `${state === 'begun' ? state : 'over'} ${named('.journal').length} ${named('.json').filter((name) => name.includes('outbox')).length}`
    }).toBe('over 0 0')
    const call = (await stored(history, id))!
    // It would take what the next one is to find.
    life.abort()
    await history.close()
    return call
  }

  it.each([
    ['takes its calls', false],
    ['is away', true],
  ])(
    'loses nothing of it at any step, where the store %s',
    async (_how, away) => {
      let steps = 0
      let ends = 0
      for (let last = 1; last <= MAX_STEPS; last++) {
        const id = `CA${last}`
        const startedAtMs = rig.time.clock.wallMs()
        const died = await liveOn(id, last, away)
        const file = named('.json').find((name) => name.includes(id))
        const isWritten = file !== undefined && !file.includes('outbox')
        bury()
        const call = await startAgain(id)
        expect(call.words?.lines, `step ${last}`).toMatchObject([{ text: 'my secret ailment' }])
        expect(call.from).toBe('+15550101')
        if (isWritten) {
          const record = JSON.parse(
            readFileSync(`${callFileBase(folder(), startedAtMs, id)}.json`, 'utf8'),
          ) as CallRecord
          expect(record).toMatchObject({ endedBy: 'caller', durationMs: 2000 })
          expect(call, `step ${last}`).toMatchObject({ state: 'ended', outcome: 'caller', durationMs: 2000 })
          ends++
        }
        steps = last
        if (!died) break
      }
      // It has lived on, after many deaths behind the record.
      expect(steps).toBeLessThan(MAX_STEPS)
      expect(ends).toBeGreaterThan(4)
    },
    60_000,
  )
})
