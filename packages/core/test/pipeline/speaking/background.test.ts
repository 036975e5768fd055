import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MULAW_TO_LINEAR } from '../../../src/audio/index.ts'
import type { Background } from '../../../src/pipeline/speaking/background.ts'
import { frameIndexes } from '../call-rig.ts'
import { createTxRig } from './tx-rig.ts'

/** Does not change what it is mixed with: a frame of voice is known by its bytes, one without is silent. */
const STILL: Background = { loop: () => new Int16Array(16_000) }

/** Quiet codes, each as long as a millisecond: where in the loop one is can be read off it. */
const CODES = 100
const code = (index: number): number => 0x80 + (index % CODES)
const COUNTED: Background = {
  loop: () => Int16Array.from({ length: CODES * 8 }, (_, at) => MULAW_TO_LINEAR[code(Math.floor(at / 8))]!),
}

type Rig = ReturnType<typeof createTxRig>

const isVoice = (bytes: Uint8Array): boolean => bytes[6] === 0x10

/** Voice that the far end has played; nothing was cleared. */
function voiceHeardMs(rig: Rig): number {
  const nowMs = rig.clock.nowMs()
  return rig
    .frames()
    .filter(({ bytes }) => isVoice(bytes))
    .reduce((sum, { playsAtMs }) => sum + Math.min(20, Math.max(0, nowMs - playsAtMs)), 0)
}

/** All that the far end has played or holds, by the millisecond: what `clear` discarded is not in it. */
function playedMs(rig: Rig): number[] {
  const played: number[] = []
  for (const sent of rig.far.sent) {
    if (sent.kind === 'frame') for (let at = 0; at < 160; at += 8) played.push(sent.bytes[at]!)
    if (sent.kind === 'clear') played.splice(played.length - Math.round(sent.discardedMs))
  }
  return played
}

describe('a background', () => {
  it('is heard from the beginning, 50 frames a second, two frames ahead', () => {
    const rig = createTxRig({ background: COUNTED })
    rig.clock.step(60_000)
    expect(Math.abs(rig.frames().length - 3000)).toBeLessThanOrEqual(3)
    expect(rig.gaps()).toEqual([])
    expect(rig.far.heldMs()).toBeGreaterThan(15)
    expect(rig.far.heldMs()).toBeLessThan(60)
    playedMs(rig).forEach((byte, ms) => expect(byte).toBe(code(ms)))
    expect(rig.worker.counters).toMatchObject({ backgroundFrames: rig.frames().length, underruns: 0 })
  })

  it('makes nobody wait for more than two frames of it', () => {
    const rig = createTxRig({ background: STILL })
    rig.clock.step(1003)
    const writtenMs = rig.clock.nowMs()
    rig.write(20)
    rig.clock.step(600)
    const first = rig.frames().find(({ bytes }) => isVoice(bytes))!
    expect(first.playsAtMs - writtenMs).toBeLessThanOrEqual(60)
    expect(rig.gaps()).toEqual([])
  })

  it('lies under the voice, which may be ducked, and is as loud then', () => {
    const rig = createTxRig({ background: COUNTED })
    rig.floor.duck(true)
    rig.clock.step(500)
    const silence = new Uint8Array(160).fill(0xff)
    for (let frame = 0; frame < 20; frame++) rig.line().write(silence)
    rig.clock.step(1000)
    expect(rig.worker.counters.framesSent - rig.worker.counters.backgroundFrames).toBe(20)
    playedMs(rig).forEach((byte, ms) => expect(byte).toBe(code(ms)))
  })

  it('goes on at once after an interruption, at the sample where the far end left off', () => {
    const rig = createTxRig({ background: COUNTED })
    const silence = new Uint8Array(160).fill(0xff)
    for (let turn = 0; turn < 5; turn++) {
      for (let frame = 0; frame < 40; frame++) rig.line().write(silence)
      rig.clock.step(205 + 35 * turn)
      rig.floor.interrupt('caller')
      rig.clock.step(300)
    }
    expect(rig.worker.counters.clears).toBe(5)
    // A jump is what was played while `clear` waited for its tick, at most.
    playedMs(rig).forEach((byte, ms) => expect(byte).toBe(code(ms)))
  })

  it('ends with the call', () => {
    const rig = createTxRig({ background: STILL })
    rig.clock.step(500)
    rig.floor.end()
    const sent = rig.frames().length
    rig.clock.step(1000)
    expect(rig.frames()).toHaveLength(sent)
    expect(rig.clock.pending).toBe(0)
  })

  it('is no voice: the floor is still, and nothing was said', () => {
    const rig = createTxRig({ background: STILL })
    rig.clock.step(500)
    expect(rig.floor.active()).toBe(false)
    expect([rig.floor.sentMs(), rig.floor.heardMs(), rig.line().nextPositionMs()]).toEqual([0, 0, 0])
    rig.write(10)
    rig.clock.step(100)
    expect(rig.floor.active()).toBe(true)
    rig.clock.step(400)
    expect(rig.floor.active()).toBe(false)
    expect([rig.floor.sentMs(), rig.floor.heardMs(), rig.line().nextPositionMs()]).toEqual([200, 200, 200])
  })
})

describe('with a background, whatever is said when', () => {
  const leads = fc.integer({ min: 20, max: 400 })
  const burst = fc.record({
    frames: fc.integer({ min: 1, max: 60 }),
    waitMs: fc.integer({ min: 1, max: 900 }),
    mark: fc.boolean(),
    stallMs: fc.integer({ min: 0, max: 300 }),
  })
  const bursts = fc.array(burst, { minLength: 1, maxLength: 12 })

  it('it is known what of the voice was heard, and marks return when the voice before them was', () => {
    fc.assert(
      fc.property(leads, fc.integer({ min: 0, max: 250 }), bursts, (leadMs, returnMs, all) => {
        const rig = createTxRig({ leadMs, returnMs, background: STILL })
        let lateMs = 0
        let marked = false
        for (const { frames, waitMs, mark, stallMs } of all) {
          rig.write(frames)
          if (mark) void rig.line().mark('clause')
          marked ||= mark
          if (marked) lateMs = Math.max(lateMs, returnMs + stallMs)
          rig.clock.step(waitMs)
          rig.clock.stall(stallMs)
          const difference = voiceHeardMs(rig) - rig.floor.heardMs()
          expect(difference).toBeGreaterThanOrEqual(-20)
          // Of several holes within the lead the last is known.
          expect(difference).toBeLessThanOrEqual(lateMs + 60)
        }
        rig.clock.step(10_000)
        expect(rig.floor.heardMs()).toBe(rig.written * 20)
      }),
      { numRuns: 80 },
    )
  })

  it('the pace and the lead are the same, and all of the voice goes out in order', () => {
    fc.assert(
      fc.property(leads, bursts, (leadMs, all) => {
        const rig = createTxRig({ leadMs, background: STILL })
        for (const { frames, waitMs, stallMs } of all) {
          rig.write(frames)
          rig.clock.stall(Math.min(stallMs, leadMs))
          expect(rig.far.heldMs()).toBeLessThan(leadMs + 20)
          rig.clock.step(waitMs)
          expect(rig.far.heldMs()).toBeLessThan(leadMs + 20)
        }
        rig.clock.step(10_000)
        const voice = rig.frames().filter(({ bytes }) => isVoice(bytes))
        expect(frameIndexes(Buffer.concat(voice.map(({ bytes }) => bytes)))).toEqual(
          Array.from({ length: rig.written }, (_, index) => index),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('underruns are holes in the voice: as long as without it, to its lead', () => {
    const gapsOf = (rig: Rig) => ({
      count: rig.worker.counters.underruns,
      us: rig.worker.counters.underrunUs,
    })
    fc.assert(
      fc.property(bursts, (all) => {
        const [bare, mixed] = [undefined, STILL].map((background) => {
          const rig = createTxRig(background ? { background } : {})
          for (const { frames, waitMs, mark } of all) {
            rig.write(frames)
            if (mark) void rig.line().mark('clause')
            rig.clock.step(waitMs)
          }
          rig.clock.step(5000)
          return gapsOf(rig)
        }) as [ReturnType<typeof gapsOf>, ReturnType<typeof gapsOf>]
        // Words wait behind the background that the far end holds, before a hole and behind it.
        expect(mixed.us - bare.us).toBeGreaterThanOrEqual(-bare.count * 60_000)
        expect(mixed.us - bare.us).toBeLessThanOrEqual(mixed.count * 60_000)
      }),
      { numRuns: 40 },
    )
  })
})
