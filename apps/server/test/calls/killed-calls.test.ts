import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallEventName, CallRecord } from '@kav/core/host'
import { type Clock, readWav, writeWav } from '@kav/core'
import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventLine, gapLine, headLine, type JournalHead } from '../../src/calls/journal-lines.ts'
import { completeKilledCalls, type KilledCallsOptions, WATCH_MS } from '../../src/calls/killed-calls.ts'
import { ownMark } from '../../src/process/process-mark.ts'
import { createStorage } from '../../src/process/storage.ts'
import { callEnded, redacted } from './call-events.ts'

const BASE = '2026-11-28T00-00-00-000Z_CA1'
/** A number that came again: this very process, started at another time. */
const DEAD = { ...ownMark(), startedTicks: '0' }
/** A container or machine of its own. */
const UNSEEN = { pid: 1, startedTicks: '1', space: 'elsewhere' }

const head = (more: Partial<JournalHead> = {}): string =>
  headLine({
    version: 1,
    callId: 'CA1',
    pipeline: 'desk',
    startedAtWallMs: Date.UTC(2026, 10, 28),
    kept: { transcript: true, callRecord: true },
    owner: DEAD,
    ...more,
  })
const said = redacted({
  event: 'turn_ended',
  atMs: 900,
  fields: { turn: 1 },
  private: { text: 'hello' },
})

describe('calls whose process died', () => {
  let dir: string
  let time: ReturnType<typeof createFakeClock>
  let log: ReturnType<typeof createTestLogger>
  let metrics: ReturnType<typeof createTestMetrics>
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-killed-'))
    time = createFakeClock()
    log = createTestLogger()
    metrics = createTestMetrics()
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const path = (ending: string): string => join(dir, `${BASE}${ending}`)
  const journal = (text: string): void => writeFileSync(path('.journal'), text)
  const record = (): CallRecord & { incomplete?: string[] } =>
    JSON.parse(readFileSync(path('.json'), 'utf8')) as CallRecord
  /** Resolves once whoever is not seen is being watched. */
  let watched: Promise<void>
  const start = (more: Partial<Pick<KilledCallsOptions, 'redacted' | 'onCompleted'>> = {}): Promise<void> => {
    let isWatched: () => void
    watched = new Promise((resolve) => (isWatched = resolve))
    const after: Clock['after'] = (ms, act) => {
      const cancel = time.clock.after(ms, act)
      if (ms === WATCH_MS) isWatched()
      return cancel
    }
    return completeKilledCalls({
      dir,
      kept: { transcript: true, callRecord: true },
      redacted: false,
      ...more,
      storage: createStorage({ clock: time.clock }),
      clock: { ...time.clock, after },
      log,
      metrics,
      signal: new AbortController().signal,
    })
  }

  it('are completed once, with what they said so far', async () => {
    journal(head() + eventLine(said, true))
    await start()
    expect(record()).toMatchObject({ callId: 'CA1', pipeline: 'desk', endedBy: 'killed', durationMs: 900 })
    expect(record().transcript).toEqual([{ atMs: 900, who: 'caller', text: 'hello' }])
    expect(readFileSync(path('.txt'), 'utf8')).toContain('ended by killed')
    expect(readdirSync(dir).sort()).toEqual([`${BASE}.json`, `${BASE}.txt`])
    await start()
    expect(readdirSync(dir)).toHaveLength(2)
    expect(metrics.value('killed_calls_completed_total')).toBe(1)
  })

  it('are told as their own process has written them, where it had', async () => {
    journal(head() + eventLine(said, true))
    const own = {
      callId: 'CA1',
      pipeline: 'desk',
      startedAt: new Date(Date.UTC(2026, 10, 28)).toISOString(),
      durationMs: 4321,
      endedBy: 'caller',
      counters: { rx_frames: 9 },
      transcript: [{ atMs: 900, who: 'caller', text: 'hello, and goodbye' }],
    }
    writeFileSync(path('.json'), JSON.stringify(own))
    const told: CallRecord[] = []
    await start({ onCompleted: async (one) => Boolean(told.push(one)) })
    expect(told).toMatchObject([own])
    expect(readdirSync(dir).sort()).toEqual([`${BASE}.json`, `${BASE}.txt`])
    expect(JSON.parse(readFileSync(path('.json'), 'utf8'))).toEqual(own)
  })

  it.each(['{"callId":"CA1"', '{"callId":"CA2","endedBy":"caller"}', '[]', 'null'])(
    'are told by their journal where a file of that name is no record of theirs: %s',
    async (text) => {
      journal(head() + eventLine(said, true))
      writeFileSync(path('.json'), text)
      const told: CallRecord[] = []
      await start({ onCompleted: async (one) => Boolean(told.push(one)) })
      expect(told).toMatchObject([{ callId: 'CA1', endedBy: 'killed' }])
    },
  )

  it('have a recording that plays to its last whole moment', async () => {
    journal(head({ audio: { encoding: 'linear16', sampleRateHz: 8000 } }))
    writeFileSync(path('.wav'), Buffer.concat([Buffer.alloc(44), Buffer.alloc(32_003, 7)]))
    await start()
    expect(readWav(readFileSync(path('.wav')))).toMatchObject({ channels: 2, audio: { length: 32_000 } })
    expect(record()).toMatchObject({ counters: { recording_ms: 1000 }, durationMs: 1000 })
    expect(record().incomplete).toContain('recording')
  })

  it('have a tone over what was private, and over what nobody had judged yet', async () => {
    const audio = { encoding: 'linear16', sampleRateHz: 8000 } as const
    const event = (name: CallEventName, atMs: number, fields: object): string =>
      eventLine(redacted({ event: name, atMs, fields: { ...fields }, private: {} }), true)!
    journal(
      head({ audio, redacted: true }) +
        event('redacted', 900, { who: 'caller', kind: 'card', from_ms: 400, to_ms: 500 }) +
        event('final', 1500, {}) +
        event('reply_started', 1700, { turn: 1 }),
    )
    writeFileSync(path('.wav'), Buffer.concat([Buffer.alloc(44), Buffer.alloc(64_000, 7)]))
    await start()
    const sound = Buffer.from(readWav(readFileSync(path('.wav'))).audio)
    const isSpeech = (side: 0 | 1, ms: number): boolean => sound.readUInt16LE(ms * 32 + side * 2) === 0x0707
    expect([50, 450, 1300, 1501, 1999].map((ms) => isSpeech(0, ms))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ])
    expect([450, 1600, 1701, 1999].map((ms) => isSpeech(1, ms))).toEqual([true, true, false, false])
    expect(record().counters).toEqual({ recording_ms: 2000 })
  })

  it('have no recording when nobody knows what is private in it', async () => {
    const audio = { encoding: 'linear16', sampleRateHz: 8000 } as const
    journal(
      head({ audio, redacted: true, facts: { recording: 'x.wav' } }) + gapLine() + eventLine(said, true),
    )
    writeFileSync(path('.wav'), Buffer.concat([Buffer.alloc(44), Buffer.alloc(64_000, 7)]))
    await start()
    expect(readdirSync(dir).sort()).toEqual([`${BASE}.json`, `${BASE}.txt`])
    expect(record().recording).toBeUndefined()
    expect(record().incomplete).toContain('recording')
    expect(metrics.value('recordings_withheld_total')).toBe(1)
  })

  describe('that left a recording and nothing else', () => {
    /** A file that nobody has closed. */
    const grow = (): void => {
      const wav = writeWav({ encoding: 'linear16', sampleRateHz: 8000 }, 2, Buffer.alloc(32_000, 0x11))
      writeFileSync(path('.wav'), wav)
      appendFileSync(path('.wav'), Buffer.alloc(402, 0x11))
    }
    async function complete(redacted: boolean, meanwhile = (): void => undefined): Promise<void> {
      const done = start({ redacted })
      await watched
      meanwhile()
      await time.advance(WATCH_MS)
      await done
    }

    it('have a record, and the recording to its last whole moment', async () => {
      grow()
      await complete(false)
      expect(readWav(readFileSync(path('.wav'))).audio).toHaveLength(32_400)
      expect(record()).toMatchObject({ callId: 'CA1', endedBy: 'killed', counters: { recording_ms: 1013 } })
      expect(record().incomplete).toContain('recording')
    })

    it('have no recording where what is private must not be heard', async () => {
      grow()
      await complete(true)
      expect(existsSync(path('.wav'))).toBe(false)
      expect(record()).not.toHaveProperty('recording')
      expect(metrics.value('recordings_withheld_total')).toBe(1)
      expect(log.find('RECORD: a recording that may hold something private is not kept')).toHaveLength(1)
    })

    it('are left alone while it grows, and when it was closed', async () => {
      grow()
      await complete(true, () => appendFileSync(path('.wav'), Buffer.alloc(400)))
      expect(existsSync(path('.json'))).toBe(false)
      writeFileSync(path('.wav'), writeWav({ encoding: 'mulaw', sampleRateHz: 8000 }, 2, Buffer.alloc(800)))
      await start({ redacted: true })
      expect(readdirSync(dir)).toEqual([`${BASE}.wav`])
    })
  })

  it('are told as they ended when only their record was missing', async () => {
    journal(head() + eventLine(callEnded(1000), true))
    await start()
    expect(record()).toMatchObject({ endedBy: 'caller', counters: { rx_frames: 50 } })
    expect(record().incomplete).toBeUndefined()
  })

  it('keep the record that their own process wrote', async () => {
    journal(head())
    writeFileSync(path('.json'), 'its own')
    writeFileSync(path('.txt.0123.part'), 'half')
    await start()
    expect(readFileSync(path('.json'), 'utf8')).toBe('its own')
    expect(readdirSync(dir).sort()).toEqual([`${BASE}.json`, `${BASE}.txt`])
  })

  it('keep as little as they were to keep', async () => {
    journal(head({ kept: { transcript: false, callRecord: true } }) + eventLine(said, false))
    await start()
    expect(readdirSync(dir)).toEqual([`${BASE}.json`])
    expect(record().transcript).toBeUndefined()
  })

  it('are not those of a neighbour that lives', async () => {
    journal(head({ owner: ownMark() }))
    await start()
    await time.advance(WATCH_MS)
    expect(readdirSync(dir)).toEqual([`${BASE}.journal`])
  })

  it.each([true, false])(
    'of a machine that cannot be seen are left alone while it gives signs: %s',
    async (gives) => {
      journal(head({ owner: UNSEEN }))
      const done = start()
      await watched
      expect(existsSync(path('.json'))).toBe(false)
      if (gives) appendFileSync(path('.journal'), '{"atMs":10000}\n')
      await time.advance(WATCH_MS)
      await done
      expect(existsSync(path('.json'))).toBe(!gives)
    },
  )

  it.each([
    ['empty', ''],
    ['of zeros', '\0'.repeat(3000)],
    ['of an older version', '{"version":0}\n'],
    ['of something else', 'half a li'],
  ])('are told by their name when the journal is %s', async (_what, text) => {
    journal(text)
    const done = start()
    await watched
    await time.advance(WATCH_MS)
    await done
    expect(record()).toMatchObject({
      callId: 'CA1',
      endedBy: 'killed',
      startedAt: '2026-11-28T00:00:00.000Z',
    })
    expect(record().incomplete).toEqual(['counters', 'events', 'transcript', 'recording'])
    expect(existsSync(path('.journal.unread'))).toBe(text.includes('version'))
  })

  it('are not made up by a name, a folder or a pipe', async () => {
    writeFileSync(join(dir, 'x.journal'), head())
    writeFileSync(join(dir, '.journal'), head())
    mkdirSync(join(dir, '2026-11-28T00-00-00-000Z_CA2.journal'))
    execFileSync('mkfifo', [path('.journal')])
    await start()
    expect(readdirSync(dir)).toHaveLength(4)
    expect(log.entries).toHaveLength(1)
    expect(log.entries[0]!.fields).toMatchObject({ count: 2 })
  })

  it('never write through a link, nor into a file that has another name', async () => {
    const victim = join(dir, 'victim')
    const before = Buffer.alloc(500, 7)
    writeFileSync(victim, before)
    journal(head({ audio: { encoding: 'linear16', sampleRateHz: 8000 } }))
    // `.part` is where every version up to 0.1 began its files.
    for (const ending of ['.json', '.txt', '.json.part', '.txt.part']) symlinkSync(victim, path(ending))
    linkSync(victim, path('.wav'))
    await start()
    expect(readFileSync(victim).equals(before)).toBe(true)
    expect(record()).toMatchObject({ endedBy: 'killed' })
    expect(readdirSync(dir).sort()).toEqual([`${BASE}.json`, `${BASE}.txt`, `${BASE}.wav`, 'victim'])
    symlinkSync(victim, path('.journal'))
    await start()
    expect(readFileSync(victim).equals(before)).toBe(true)
  })

  it('are completed by two neighbours at once, and told as failed by neither', async () => {
    journal(head() + eventLine(said, true))
    await Promise.all([start(), start(), start()])
    expect(record()).toMatchObject({ endedBy: 'killed', durationMs: 900 })
    expect(readdirSync(dir).sort()).toEqual([`${BASE}.json`, `${BASE}.txt`])
    expect(metrics.value('killed_calls_failed_total')).toBe(0)
  })

  it('wait for the next start when there is no room for their record', async () => {
    journal(head())
    // Where the record is to be written lies a folder.
    mkdirSync(path('.json'))
    await start()
    expect(existsSync(path('.journal'))).toBe(true)
    expect(metrics.value('killed_calls_failed_total')).toBe(1)
    rmSync(path('.json'), { recursive: true })
    await start()
    expect(readdirSync(dir).sort()).toEqual([`${BASE}.json`, `${BASE}.txt`])
  })
})
