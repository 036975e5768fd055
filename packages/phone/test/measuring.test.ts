import { createFakeClock } from '@kav/core/testing'
import { writeWav } from '@kav/core'
import { describe, expect, it } from 'vitest'
import { createArrivalTiming } from '../src/arrival-timing.ts'
import { createClip, loadClip } from '../src/clip.ts'
import { createPacer } from '../src/pacer.ts'
import { distribution } from '../src/percentiles.ts'
import { recording, recordingNames } from '../src/recordings.ts'

describe('arrival timing', () => {
  it('measures lateness against the steadiest line, so that catching up shows and the lead does not', () => {
    const timing = createArrivalTiming()
    // Six frames at once (the lead), then one each 20 ms, one of them 30 ms late.
    for (let k = 0; k < 6; k++) timing.add(1000, 20, k === 0)
    for (let k = 6; k < 100; k++) timing.add(1000 + (k - 5) * 20 + (k === 50 ? 30 : 0), 20, false)
    const summary = timing.summary()
    expect(summary.frames).toBe(100)
    expect(summary.latenessMs).toEqual({ count: 95, p50: 0, p95: 0, p99: 30, max: 30 })
    expect(summary.interArrivalMs.p50).toBe(20)
    expect(summary.fps).toBeCloseTo(50, 6)
    expect(summary.driftMs).toBe(0)
  })

  it('sees a rate that is off by a thousandth', () => {
    const timing = createArrivalTiming()
    for (let k = 0; k < 500; k++) timing.add(k * 20.02, 20, k === 0)
    const { fps, driftMs, framesPerSecond } = timing.summary()
    expect(fps).toBeCloseTo(49.95, 2)
    expect(driftMs).toBeCloseTo(7.5, 1)
    expect(framesPerSecond.slice(0, 3)).toEqual([50, 50, 50])
  })

  it('is not misled by late frames at the edges of a window', () => {
    const timing = createArrivalTiming()
    for (let k = 0; k < 250; k++) timing.add(k * 20 + (k < 5 ? (5 - k) * 20 : k > 245 ? 30 : 0), 20, k === 0)
    expect(timing.summary().fps).toBe(50)
  })

  it('measures each utterance by itself', () => {
    const timing = createArrivalTiming()
    for (let k = 0; k < 10; k++) timing.add(k * 20, 20, k === 0)
    for (let k = 0; k < 10; k++) timing.add(5000 + k * 20, 20, k === 0)
    expect(timing.summary()).toMatchObject({
      latenessMs: { max: 0 },
      interArrivalMs: { count: 18, max: 20 },
      fps: 0,
    })
    timing.reset()
    expect(timing.summary()).toMatchObject({ frames: 0, latenessMs: { count: 0, max: 0 } })
  })
})

describe('percentiles', () => {
  it('are nearest-rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect(distribution(values)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 })
    expect(distribution([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, max: 0 })
  })
})

describe('the pacer', () => {
  it('spreads calls over its four slots and sleeps when nobody is there', async () => {
    const fake = createFakeClock()
    const pacer = createPacer(fake.clock)
    expect(fake.pending()).toBe(0)
    const slots = Array.from({ length: 8 }, () => pacer.claimSlot())
    expect(slots.map((ms) => ((ms - slots[0]!) / 5) % 4).sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
    const calls: number[] = []
    const paced = {
      dueMs: fake.clock.nowMs() + 20,
      onDue(nowMs: number) {
        calls.push(nowMs)
        paced.dueMs += 20
      },
    }
    pacer.join(paced)
    await fake.advance(100)
    expect(calls).toHaveLength(5)
    pacer.leave(paced)
    expect(fake.pending()).toBe(0)
    expect(pacer.lagMs().max).toBe(0)
  })

  it('knows how late it is itself, before and after its tick', () => {
    let nowMs = 1000
    const timers: (() => void)[] = []
    const pacer = createPacer({
      nowMs: () => nowMs,
      wallMs: () => 0,
      after(_, callback) {
        timers.push(callback)
        return () => undefined
      },
    })
    expect(pacer.overdueMs()).toBe(0)
    pacer.join({ dueMs: Infinity, onDue: () => undefined })
    nowMs = 1004
    expect(pacer.overdueMs()).toBe(0)
    nowMs = 1055
    expect(pacer.overdueMs()).toBe(50)
    timers.shift()?.()
    nowMs = 1056
    expect(pacer.overdueMs()).toBe(50)
    nowMs = 1058
    expect(pacer.overdueMs()).toBe(0)
    expect(pacer.lagMs().max).toBe(50)
  })
})

describe('clips', () => {
  it('makes whole frames of any recording, padded with silence', () => {
    const clip = createClip('x', new Uint8Array(200).fill(0x90))
    expect(clip).toMatchObject({ durationMs: 40, voicedStartMs: 0, voicedEndMs: 40 })
    expect(clip.payloads).toHaveLength(2)
    expect(Buffer.from(clip.payloads[1]!, 'base64').subarray(40)).toEqual(Buffer.alloc(120, 0xff))
    expect(() => createClip('x', new Uint8Array(0))).toThrow('x: holds no audio')
  })

  it('takes the first of several channels and any rate', () => {
    const stereo = new Int16Array(24_000 * 2)
    for (let i = 0; i < 24_000; i++)
      stereo[2 * i] = Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / 24_000))
    const wav = writeWav({ encoding: 'linear16', sampleRateHz: 24_000 }, 2, new Uint8Array(stereo.buffer))
    expect(wav.length).toBe(44 + 96_000)
    const clip = createClip('tone', new Uint8Array(stereo.filter((_, i) => i % 2 === 0).buffer), {
      encoding: 'linear16',
      sampleRateHz: 24_000,
    })
    expect(clip.durationMs).toBe(1000)
  })

  it('carries ten recordings of a person, with the voice in them found', () => {
    expect(recordingNames()).toHaveLength(10)
    for (const name of recordingNames()) {
      const clip = loadClip(recording(name))
      expect(clip.voicedEndMs).toBeGreaterThan(clip.voicedStartMs + 200)
      expect(clip.voicedEndMs).toBeLessThanOrEqual(clip.durationMs)
    }
    expect(() => recording('../package.json')).toThrow(
      /no recording "\.\.\/package\.json"; there are: auth-thankyou/,
    )
    expect(() => loadClip('/none.wav')).toThrow('cannot read the recording /none.wav')
  })
})
