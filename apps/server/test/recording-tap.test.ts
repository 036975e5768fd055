import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MULAW_SILENCE, readWav } from '@kav/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRecordingTap } from '../src/recording-tap.ts'

const frame = (code: number): Uint8Array => new Uint8Array(160).fill(code)

describe('the recording of a call', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-tap-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  /** Plays a call of `ms` into a tap and reads both channels back. */
  async function recorded(
    ms: number,
    play: (tap: ReturnType<typeof createRecordingTap>, nowMs: number) => void,
  ) {
    const file = join(dir, 'call.wav')
    const errors: unknown[] = []
    const tap = createRecordingTap(file, (error) => errors.push(error))
    for (let nowMs = 1000; nowMs < 1000 + ms; nowMs += 20) play(tap, nowMs)
    tap.close()
    await tap.written
    expect(errors).toEqual([])
    const { channels, audio } = readWav(readFileSync(file))
    expect(channels).toBe(2)
    return { left: audio.filter((_, i) => i % 2 === 0), right: audio.filter((_, i) => i % 2 === 1) }
  }

  it('has the caller left and the agent right, each where it was heard, over any length', async () => {
    const { left, right } = await recorded(15_000, (tap, nowMs) => {
      tap.onCallerAudio(frame(0x10), nowMs)
      if (nowMs === 3000) for (let i = 0; i < 5; i++) tap.onAgentFrame(frame(0x20), nowMs + 100 + 20 * i)
    })
    expect(Math.abs(left.length - 15_000 * 8)).toBeLessThan(400)
    const first = right.indexOf(0x20)
    expect(Math.abs(first / 8 - 2100)).toBeLessThanOrEqual(20)
    expect(right.filter((code) => code === 0x20).length).toBe(5 * 160)
    expect(left.filter((code) => code === 0x10).length).toBe(750 * 160)
  })

  it('holds nothing of what a clear took away', async () => {
    const { right } = await recorded(6000, (tap, nowMs) => {
      tap.onCallerAudio(frame(0x10), nowMs)
      if (nowMs === 2000) for (let i = 0; i < 10; i++) tap.onAgentFrame(frame(0x20), nowMs + 20 * i)
      if (nowMs === 2100) tap.onCleared(nowMs)
    })
    expect(right.filter((code) => code === 0x20).length).toBe(100 * 8)
    expect(right.filter((code) => code !== 0x20 && code !== MULAW_SILENCE)).toHaveLength(0)
  })

  it('tells of a folder that cannot be made, once, and keeps nothing in memory for it', async () => {
    const blocked = join(dir, 'blocked')
    writeFileSync(blocked, '')
    const errors: unknown[] = []
    const tap = createRecordingTap(join(blocked, 'call.wav'), (error) => errors.push(error))
    for (let nowMs = 1000; nowMs < 20_000; nowMs += 20) tap.onCallerAudio(frame(0x10), nowMs)
    tap.close()
    await tap.written
    expect(errors).toHaveLength(1)
  })
})
