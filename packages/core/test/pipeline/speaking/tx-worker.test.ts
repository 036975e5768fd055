import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nowUs, toUs } from '../../../src/kit/index.ts'
import { frameIndexes } from '../call-rig.ts'
import { createTxRig } from './tx-rig.ts'

const leads = fc.integer({ min: 20, max: 400 })

describe('a transport that gives away what it was lent', () => {
  it('costs the caller nothing', () => {
    const rig = createTxRig()
    const { send } = rig.far.call
    rig.far.call.send = (frame) => {
      send.call(rig.far.call, frame)
      structuredClone(frame, { transfer: [frame.buffer as ArrayBuffer] })
    }
    rig.write(50)
    rig.clock.step(1200)
    expect(frameIndexes(Buffer.concat(rig.frames().map(({ bytes }) => bytes)))).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    )
  })
})

describe('pacing to the caller', () => {
  it('never gives the far end more than the lead and a frame, for any lead', () => {
    fc.assert(
      fc.property(leads, fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 }), (leadMs, stalls) => {
        const rig = createTxRig({ leadMs })
        for (const stallMs of stalls) {
          rig.write(30)
          rig.clock.stall(stallMs)
          expect(rig.far.heldMs()).toBeLessThan(leadMs + 20)
          rig.clock.step(25)
          expect(rig.far.heldMs()).toBeLessThan(leadMs + 20)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('sends 50 frames a second on average over minutes, for any lead and late wakes', () => {
    fc.assert(
      fc.property(leads, fc.integer({ min: 0, max: 12 }), (leadMs, lateMs) => {
        const rig = createTxRig({ leadMs })
        const minutes = 2
        for (let at = 0; at < minutes * 60_000; at += 100) {
          rig.write(20)
          rig.clock.stall(Math.min(lateMs, leadMs - 20))
          rig.clock.step(100 - Math.min(lateMs, leadMs - 20))
        }
        const expected = minutes * 3000 + leadMs / 20 + 1
        expect(Math.abs(rig.frames().length - expected)).toBeLessThanOrEqual(2)
        expect(rig.gaps()).toEqual([])
      }),
      { numRuns: 12 },
    )
  })

  it('hides every stall of the event loop that is a tick shorter than the lead, and the next one 100 ms later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 300 }),
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 100, max: 700, noNaN: true }),
          ),
          {
            maxLength: 20,
          },
        ),
        (leadMs, stalls) => {
          const rig = createTxRig({ leadMs })
          rig.write(144)
          rig.clock.step(500)
          for (const [share, pauseMs] of stalls) {
            rig.write(144)
            rig.clock.stall(share * (leadMs - 5))
            rig.write(144)
            rig.clock.step(pauseMs)
          }
          expect(rig.gaps()).toEqual([])
          expect(rig.worker.counters.underruns).toBe(0)
          expect(rig.sentNumbers()).toEqual(Array.from({ length: rig.frames().length }, (_, i) => i))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('starts a silent line at once, without waiting for its slot', () => {
    const rig = createTxRig()
    rig.clock.step(1001)
    rig.write(10)
    rig.clock.step(5)
    expect(rig.frames()).toHaveLength(6)
  })

  it('counts what the far end hears as gaps inside utterances, with their length, and nothing else', () => {
    const burst = fc.record({
      frames: fc.integer({ min: 1, max: 20 }),
      waitMs: fc.integer({ min: 5, max: 700 }),
      mark: fc.boolean(),
    })
    fc.assert(
      fc.property(leads, fc.array(burst, { maxLength: 20 }), (leadMs, bursts) => {
        const rig = createTxRig({ leadMs })
        for (const { frames, waitMs, mark } of bursts) {
          rig.write(frames)
          if (mark) void rig.line().mark('clause')
          rig.clock.step(waitMs)
        }
        rig.clock.step(10_000)
        const inside = rig.gaps().filter((gap) => gap.inside)
        expect(rig.worker.counters.underruns).toBe(inside.length)
        expect(rig.worker.counters.underrunUs).toBe(inside.reduce((sum, gap) => sum + toUs(gap.ms), 0))
        expect(rig.frames()).toHaveLength(rig.written)
      }),
      { numRuns: 80 },
    )
  })

  it('waits for a slow network, counts the waits, and loses neither frame nor mark', async () => {
    const rig = createTxRig()
    const outcomes: string[] = []
    rig.write(5)
    void rig
      .line()
      .mark('early')
      .then((outcome) => outcomes.push(outcome))
    rig.far.setBufferedBytes(1_000_000)
    rig.write(40)
    rig.clock.step(400)
    expect(rig.frames()).toHaveLength(0)
    expect(rig.worker.counters.heldBySocket).toBeGreaterThan(10)
    rig.far.setBufferedBytes(0)
    rig.clock.step(2000)
    await Promise.resolve()
    expect(rig.sentNumbers()).toEqual(Array.from({ length: 45 }, (_, i) => i))
    expect(outcomes).toEqual(['played'])
    expect(rig.far.sent.findIndex((sent) => sent.kind === 'mark')).toBe(5)
  })
})

describe('marks and cues', () => {
  it('settle when the caller has heard all before them, in order', async () => {
    const rig = createTxRig()
    const events: string[] = []
    rig.write(10)
    void rig
      .line()
      .cue()
      .then(() => events.push(`cue, ${rig.frames().length} sent`))
    void rig
      .line()
      .mark('a')
      .then(() => events.push(`a, ${rig.far.heardMs()} heard`))
    rig.write(5)
    void rig
      .line()
      .mark('b')
      .then(() => events.push(`b, ${rig.far.heardMs()} heard`))
    for (let at = 0; at < 500; at += 5) {
      rig.clock.step(5)
      await Promise.resolve()
      await Promise.resolve()
    }
    expect(events).toEqual(['cue, 10 sent', 'a, 200 heard', 'b, 300 heard'])
    expect(rig.worker.counters.marksSent).toBe(2)
    expect(rig.worker.counters.staleMarks).toBe(0)
  })

  it('take a mark that overtook others as proof of those too', async () => {
    const rig = createTxRig({ returnMs: 10_000 })
    const settled: string[] = []
    for (const name of ['a', 'b', 'c']) {
      rig.write(2)
      void rig
        .line()
        .mark(name)
        .then(() => settled.push(name))
    }
    rig.clock.step(300)
    rig.worker.markReturned('b#0', nowUs(rig.clock))
    await Promise.resolve()
    expect(settled).toEqual(['a', 'b'])
    rig.worker.markReturned('a#0', nowUs(rig.clock))
    rig.worker.markReturned('nobody sent this', nowUs(rig.clock))
    expect(rig.worker.counters.staleMarks).toBe(2)
  })
})

describe('an interruption', () => {
  it('sends nothing of what was cancelled after it, and clear first', async () => {
    const rig = createTxRig()
    const outcomes: string[] = []
    rig.write(100)
    void rig
      .line()
      .mark('end')
      .then((outcome) => outcomes.push(outcome))
    void rig
      .line()
      .cue()
      .then((outcome) => outcomes.push(outcome))
    rig.clock.step(403)
    const before = rig.frames().length
    rig.floor.interrupt('caller')
    const next = rig.written
    rig.write(3)
    rig.clock.step(1000)
    await Promise.resolve()
    const after = rig.far.sent.slice(before)
    expect(after.map((sent) => sent.kind)).toEqual(['clear', 'frame', 'frame', 'frame'])
    expect(rig.sentNumbers().slice(before)).toEqual([next, next + 1, next + 2])
    expect(outcomes).toEqual(['cleared', 'cleared'])
    expect(rig.queue.stats.discarded).toBe(100 - before)
  })

  it.each([
    ['in silence', undefined],
    ['over a background', { loop: () => new Int16Array(16_000) }],
  ])('is heard: what is said next begins 240 ms later, %s', (_how, background) => {
    const rig = createTxRig({ ...(background && { background }) })
    rig.write(50)
    rig.clock.step(500)
    rig.floor.interrupt('caller')
    const gaveWayMs = rig.clock.nowMs()
    const before = rig.frames().length
    rig.write(20)
    rig.clock.step(2000)
    // Voice is known by its bytes.
    const next = rig
      .frames()
      .slice(before)
      .find(({ bytes }) => bytes[6] === 0x10)!
    expect(next.playsAtMs - gaveWayMs).toBeGreaterThanOrEqual(240)
    // A wake of the frame clock later, behind two frames of background.
    expect(next.playsAtMs - gaveWayMs).toBeLessThan(290)
    expect(rig.worker.counters.underruns).toBe(0)
  })

  it('of a silence delays nothing: there was no voice that could give way', () => {
    const rig = createTxRig()
    rig.write(10)
    rig.clock.step(1000)
    rig.floor.interrupt('caller')
    const nowMs = rig.clock.nowMs()
    rig.write(10)
    rig.clock.step(40)
    expect(rig.frames().at(10)!.playsAtMs - nowMs).toBeLessThan(10)
  })

  it('sends clear although everything had gone out already: the far end may still be playing', () => {
    const rig = createTxRig()
    rig.write(5)
    rig.clock.step(20)
    expect(rig.queue.stats.depth).toBe(0)
    rig.floor.interrupt('caller')
    rig.clock.step(5)
    expect(rig.far.sent.at(-1)).toMatchObject({ kind: 'clear' })
    expect(rig.far.heldMs()).toBe(0)
    expect(rig.worker.counters.clears).toBe(1)
  })

  it('counts marks that clear returned as stale, and takes none of them for heard', async () => {
    const rig = createTxRig({ returnMs: 80 })
    const outcomes: string[] = []
    rig.write(6)
    void rig
      .line()
      .mark('end')
      .then((outcome) => outcomes.push(outcome))
    rig.clock.step(40)
    const heardMs = rig.floor.interrupt('caller')
    rig.write(6)
    void rig
      .line()
      .mark('end')
      .then((outcome) => outcomes.push(outcome))
    rig.clock.step(60)
    await Promise.resolve()
    expect(outcomes).toEqual(['cleared'])
    rig.clock.step(1000)
    await Promise.resolve()
    expect(outcomes).toEqual(['cleared', 'played'])
    expect(rig.worker.counters.staleMarks).toBe(1)
    expect(heardMs).toBeLessThanOrEqual(40)
    expect(rig.floor.heardMs()).toBe(rig.line().nextPositionMs())
  })

  it('knows what the caller has heard, for any lead, after underruns, and however late marks return', () => {
    const burst = fc.record({
      frames: fc.integer({ min: 1, max: 60 }),
      waitMs: fc.integer({ min: 1, max: 900 }),
      mark: fc.boolean(),
      stallMs: fc.integer({ min: 0, max: 300 }),
    })
    fc.assert(
      fc.property(
        leads,
        fc.integer({ min: 0, max: 250 }),
        fc.array(burst, { minLength: 1, maxLength: 12 }),
        (leadMs, returnMs, bursts) => {
          const rig = createTxRig({ leadMs, returnMs })
          // A mark cannot be read during a stall, so it may look late by as much.
          let lateMs = 0
          let marked = false
          for (const { frames, waitMs, mark, stallMs } of bursts) {
            rig.write(frames)
            if (mark) void rig.line().mark('clause')
            marked ||= mark
            if (marked) lateMs = Math.max(lateMs, returnMs + stallMs)
            rig.clock.step(waitMs)
            rig.clock.stall(stallMs)
            const difference = rig.far.heardMs() - rig.floor.heardMs()
            expect(difference).toBeGreaterThanOrEqual(-20)
            expect(difference).toBeLessThanOrEqual(lateMs + 20)
          }
          const truly = rig.far.heardMs()
          expect(Math.abs(rig.floor.interrupt('caller') - truly)).toBeLessThanOrEqual(lateMs + 20)
        },
      ),
      { numRuns: 80 },
    )
  })
})
