import { encodeMulaw, decodeMulaw } from '@kav/core/audio'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createJitterBuffer } from '../../src/phone/engine/jitter-buffer.ts'

const NO_HANDLERS = {
  onMarkReturned: () => undefined,
  onUnderrun: () => undefined,
  onSpeechStarted: () => undefined,
  onSpeechStopped: () => undefined,
}

/** Frame number `index`: a constant that no other of a hundred has, and that mu-law keeps apart. */
function frameOf(index: number, samples = 160): Uint8Array {
  return encodeMulaw(new Int16Array(samples).fill(levelOf(index)))
}

const levelOf = (index: number): number => decodeMulaw(Uint8Array.of(0x80 | (10 + (index % 100))))[0]!

/** Runs of equal samples that are no silence. */
function heardRuns(samples: readonly number[]): { level: number; samples: number }[] {
  const runs: { level: number; samples: number }[] = []
  samples.forEach((sample, at) => {
    if (sample === 0) return
    const last = runs.at(-1)
    if (last && samples[at - 1] === sample) last.samples++
    else runs.push({ level: sample, samples: 1 })
  })
  return runs
}

const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('frame' as const), samples: fc.integer({ min: 1, max: 400 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('read' as const), samples: fc.integer({ min: 1, max: 600 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('mark' as const) }) },
)

describe('the jitter buffer', () => {
  it('plays each sample once, in order, or takes it back: none is lost, none is played twice', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 90 }), fc.integer({ min: 0, max: 100 }), (acts, holdMs) => {
        const buffer = createJitterBuffer(NO_HANDLERS, { holdMs })
        const heard: number[] = []
        const expected: { level: number; samples: number }[] = []
        let given = 0
        let takenBack = 0
        let index = 0
        const read = (count: number): void => {
          const samples = new Int16Array(count)
          buffer.read(samples)
          heard.push(...samples)
        }
        for (const one of acts) {
          if (one.do === 'read') read(one.samples)
          else if (one.do === 'mark') buffer.mark(`m${index}`)
          else if (one.do === 'frame') {
            buffer.receive(frameOf(index, one.samples))
            expected.push({ level: levelOf(index), samples: one.samples })
            given += one.samples
            index++
          } else {
            let back = buffer.clear()
            takenBack += back
            // What is taken back is the end of what was given.
            while (back > 0) {
              const last = expected.at(-1)!
              const cut = Math.min(back, last.samples)
              back -= cut
              if (cut === last.samples) expected.pop()
              else last.samples -= cut
            }
          }
        }
        read(holdMs * 8 + given)
        expect(heardRuns(heard)).toEqual(expected)
        expect(buffer.playout.receivedBytes).toBe(given)
        expect(buffer.playout.discardedBytes).toBe(takenBack)
        expect(heard.filter((sample) => sample !== 0).length).toBe(given - takenBack)
        expect(buffer.bufferedSamples).toBe(0)
        expect(buffer.overflowSamples).toBe(0)
      }),
    )
  })

  it('has no gap while nothing is later than it holds', () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 60 })
    fc.assert(
      fc.property(lateness, (latenessMs) => {
        let underruns = 0
        const buffer = createJitterBuffer(
          { ...NO_HANDLERS, onUnderrun: () => void underruns++ },
          { holdMs: 40 },
        )
        // A frame each 20 ms, each late by its own, in order as a stream has them; looked at each millisecond.
        let arrivedMs = 0
        const due = latenessMs.map(
          (lateMs, at) => (arrivedMs = Math.max(arrivedMs, at * 20 + (at === 0 ? 0 : lateMs))),
        )
        const samples = new Int16Array(8)
        let next = 0
        for (let nowMs = 0; nowMs < latenessMs.length * 20 + 100; nowMs++) {
          while (next < due.length && due[next]! <= nowMs) buffer.receive(frameOf(next++))
          buffer.read(samples)
        }
        expect(buffer.playout.gaps.filter(({ atMs }) => atMs > 0)).toEqual([])
        expect(underruns).toBe(0)
      }),
    )
  })

  it('counts a gap where something is later, with its length', () => {
    const gaps: number[] = []
    const buffer = createJitterBuffer(
      { ...NO_HANDLERS, onUnderrun: (_atMs, gapMs) => void gaps.push(gapMs) },
      { holdMs: 40 },
    )
    buffer.receive(frameOf(1))
    buffer.read(new Int16Array(8 * 100))
    buffer.receive(frameOf(2))
    // 40 ms held, 20 played: dry from 60; the second comes at 100 and is held, too.
    expect(gaps).toEqual([80])
  })

  it('gives a mark back when the last sample before it was read, and not one before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 200 }), (count, step) => {
        let returned: number | undefined
        const buffer = createJitterBuffer(
          { ...NO_HANDLERS, onMarkReturned: () => void (returned = buffer.readSamples) },
          { holdMs: 40 },
        )
        buffer.receive(frameOf(1, count))
        buffer.mark('end')
        const samples = new Int16Array(step)
        let heard = 0
        while (returned === undefined) {
          buffer.read(samples)
          heard += samples.filter((sample) => sample !== 0).length
          if (returned === undefined) expect(heard).toBeLessThan(count)
        }
        expect(heard).toBe(count)
      }),
    )
  })

  it('says what it had no room for', () => {
    const buffer = createJitterBuffer(NO_HANDLERS, { holdMs: 40 })
    buffer.receive(frameOf(1, 40 * 8000))
    expect(buffer.overflowSamples).toBe(10 * 8000 + 320)
    expect(buffer.playout.receivedBytes + buffer.overflowSamples).toBe(40 * 8000)
  })
})
