import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDeferred } from '@kav/core/kit'
import { createFakeClock } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCallJournal } from '../../src/calls/call-journal.ts'
import { type JournalHead, readJournal } from '../../src/calls/journal-lines.ts'
import { createStorage, type Storage } from '../../src/process/storage.ts'
import { openIn, tellsOpenFiles } from '../open-in.ts'
import { callEnded, callStarted } from './call-events.ts'

const HEAD: JournalHead = {
  version: 1,
  callId: 'CA1',
  pipeline: 'desk',
  startedAtWallMs: 0,
  kept: { transcript: true, callRecord: true },
  owner: { pid: 1, startedTicks: '2', space: 'here' },
}

describe('the journal of a running call', () => {
  let dir: string
  let storage: Storage
  let writes: number
  const time = createFakeClock()
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-journal-'))
    writes = 0
    const disk = createStorage({ clock: time.clock })
    storage = {
      ...disk,
      run(action) {
        writes++
        return disk.run(action)
      },
    }
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const open = (maxBytes?: number) => {
    const errors: string[] = []
    const journal = openCallJournal({
      base: join(dir, 'call'),
      head: HEAD,
      storage,
      clock: time.clock,
      onError: () => errors.push('told'),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    })
    return { journal, errors }
  }
  const content = () =>
    readJournal(existsSync(join(dir, 'call.journal')) ? readFileSync(join(dir, 'call.journal'), 'utf8') : '')

  it('is written at once, then once a second at most, and is gone with the record', async () => {
    const { journal } = open()
    journal.onEvent(callStarted('+15550101'))
    await expect.poll(() => content().events).toMatchObject([{ private: { from: '+15550101' } }])
    for (let i = 0; i < 100; i++) journal.alive(i)
    expect(writes).toBe(1)
    await journal.leave()
    // The head with the first event, and what waited.
    expect(writes).toBe(2)
    expect(content()).toMatchObject({ head: HEAD, lastAtMs: 99, damaged: false })
    rmSync(join(dir, 'call.journal'))
    const next = open().journal
    await next.remove()
    expect(readdirSync(dir)).toEqual([])
  })

  it.each(['remove', 'leave'] as const)('is not made anew by what comes behind its end: %s', async (end) => {
    const { journal, errors } = open()
    journal.onEvent(callStarted('+15550101'))
    await journal[end]()
    const left = readdirSync(dir)
    const before = writes
    journal.onEvent(callEnded(7))
    journal.alive(8)
    await time.advance(5000)
    await storage.settled(5000)
    expect(readdirSync(dir)).toEqual(left)
    expect({ writes, errors }).toEqual({ writes: before, errors: [] })
  })

  it('that is over while the disk hangs for long is gone, and closed, once it works again', async () => {
    storage = createStorage({ clock: time.clock, atATime: 1 })
    const { journal } = open()
    await expect.poll(() => existsSync(join(dir, 'call.journal'))).toBe(true)
    const back = createDeferred<void>()
    storage.run(() => back.promise).catch(() => undefined)
    const removed = journal.remove()
    await time.advance(60_000)
    await removed
    expect(existsSync(join(dir, 'call.journal'))).toBe(true)
    back.resolve()
    expect(await storage.settled(1000)).toBe(true)
    expect(readdirSync(dir)).toEqual([])
    if (tellsOpenFiles) expect(openIn(dir)).toEqual([])
  })

  it('is bounded: what is left out is told of', async () => {
    const { journal } = open(2000)
    for (let i = 0; i < 1000; i++) journal.onEvent(callEnded(i))
    await journal.leave()
    expect(readFileSync(join(dir, 'call.journal')).length).toBeLessThan(2500)
    expect(content()).toMatchObject({ head: HEAD, damaged: true })
  })

  it('never goes into a file that is there, and tells of it once', async () => {
    writeFileSync(join(dir, 'call.journal'), 'not mine')
    const { journal, errors } = open()
    journal.alive(1)
    await journal.leave()
    await journal.remove()
    expect(errors).toEqual(['told'])
    expect(journal.error()).toContain('EEXIST')
    expect(readFileSync(join(dir, 'call.journal'), 'utf8')).toBe('not mine')
  })
})
