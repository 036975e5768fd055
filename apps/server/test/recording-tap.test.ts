import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MULAW_TO_LINEAR } from '@kav/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRecordingTap, type RecordingOptions } from '../src/recording-tap.ts'
import { recordInto, type Tap } from './recording/read-recording.ts'

const frame = (code: number): Uint8Array => new Uint8Array(160).fill(code)
const CALLER = MULAW_TO_LINEAR[0x10]!
const AGENT = MULAW_TO_LINEAR[0x20]!

describe('the recording of a call', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-tap-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  /** Plays a call of `ms` into a tap and reads both channels back. */
  const recorded = (
    ms: number,
    play: (tap: Tap, nowMs: number) => void,
    options: RecordingOptions = { startedAtMs: 1000 },
  ) =>
    recordInto(join(dir, 'call.wav'), options, (tap) => {
      for (let nowMs = 1000; nowMs < 1000 + ms; nowMs += 20) play(tap, nowMs)
    })

  it('has the caller left and the agent right, each where it was heard, over any length', async () => {
    const { format, left, right } = await recorded(15_000, (tap, nowMs) => {
      tap.onCallerAudio(frame(0x10), nowMs + 20)
      if (nowMs === 3000) for (let i = 0; i < 5; i++) tap.onAgentFrame(frame(0x20), nowMs + 100 + 20 * i)
    })
    expect(format).toEqual({ encoding: 'linear16', sampleRateHz: 8000 })
    expect(left.length).toBe(15_000 * 8)
    expect(left.every((sample) => sample === CALLER)).toBe(true)
    expect(right.indexOf(AGENT)).toBe(2100 * 8)
    expect(right.filter((sample) => sample === AGENT).length).toBe(5 * 160)
  })

  it('holds nothing of what a clear took away', async () => {
    const { right } = await recorded(6000, (tap, nowMs) => {
      tap.onCallerAudio(frame(0x10), nowMs)
      if (nowMs === 2000) for (let i = 0; i < 10; i++) tap.onAgentFrame(frame(0x20), nowMs + 20 * i)
      if (nowMs === 2100) tap.onCleared(nowMs)
    })
    expect(right.filter((sample) => sample === AGENT).length).toBe(100 * 8)
    expect(right.filter((sample) => sample !== AGENT && sample !== 0)).toHaveLength(0)
  })

  it('holds nothing of what the far end had not played when the call ended', async () => {
    const options = { startedAtMs: 1000, nowMs: () => 1100 }
    const { right } = await recorded(
      20,
      (tap) => {
        for (let i = 0; i < 10; i++) tap.onAgentFrame(frame(0x20), 1000 + 20 * i)
      },
      options,
    )
    expect(right.length).toBe(100 * 8)
  })

  it('is of the length of the call when a line is silent for long, and holds no memory for it', async () => {
    const minutes = 3
    const { left, facts } = await recorded(
      40,
      (tap, nowMs) => tap.onCallerAudio(frame(0x10), nowMs === 1000 ? 1020 : 1000 + minutes * 60_000),
      // Ten seconds of it.
      { startedAtMs: 1000, maxWaitingBytes: 320 * 1024 },
    )
    expect(facts).toMatchObject({ ms: minutes * 60_000, droppedMs: { slow_disk: 0 } })
    expect([left.indexOf(0), left.indexOf(CALLER, 160)]).toEqual([160, left.length - 160])
  })

  it('is a file of a call in which nothing was heard', async () => {
    const { left, facts } = await recorded(0, () => undefined)
    expect(left).toHaveLength(0)
    expect(facts).toMatchObject({ ms: 0, failed: false })
  })

  it('keeps what arrives before the call is said to have begun', async () => {
    const { left, facts } = await recorded(1000, (tap, nowMs) => {
      // Twenty frames at once: what was said while the stream was opened.
      if (nowMs === 1000) for (let i = 0; i < 20; i++) tap.onCallerAudio(frame(0x10), nowMs)
      else tap.onCallerAudio(frame(0x10), nowMs)
    })
    expect(facts.droppedMs['out_of_time']).toBe(0)
    expect(left.filter((sample) => sample === CALLER)).toHaveLength(69 * 160)
  })

  it('tells of a folder that cannot be made, once, and keeps nothing in memory for it', async () => {
    const blocked = join(dir, 'blocked')
    writeFileSync(blocked, '')
    const errors: unknown[] = []
    const tap = createRecordingTap(join(blocked, 'call.wav'), (error) => errors.push(error))
    for (let nowMs = 1000; nowMs < 20_000; nowMs += 20) {
      tap.onCallerAudio(frame(0x10), nowMs)
      await Promise.resolve()
    }
    tap.close()
    const facts = await tap.written
    expect(errors).toHaveLength(1)
    expect(facts).toMatchObject({ ms: 0, failed: true, droppedMs: { failed: 19_000, slow_disk: 0 } })
  })
})
