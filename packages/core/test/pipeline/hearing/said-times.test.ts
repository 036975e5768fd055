import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MULAW_8K } from '../../../src/index.ts'
import { createArrivalTimes } from '../../../src/pipeline/arrival-times.ts'
import { createCallerAudio } from '../../../src/pipeline/hearing/caller-audio.ts'
import { saidTimes } from '../../../src/pipeline/hearing/said-times.ts'
import { createSttRig } from './stt-rig.ts'

const BYTES_PER_MS = 8

describe('when words were said', () => {
  it('counts from where their session began, over a session that was lost and one whose line stood still', async () => {
    const rig = createSttRig()
    const startMs = rig.clock.nowMs()
    const word = (text: string, fromMs: number) => ({
      ...{ word: text, startMs: startMs + fromMs, endMs: startMs + fromMs + 400 },
    })
    rig.link.open()
    await rig.speak(1000)
    const first = rig.live()
    first.emit({ type: 'final', text: 'one', endMs: 600, words: [{ word: 'one', startMs: 200, endMs: 600 }] })
    await rig.time.settle()
    first.fail(new Error('gone'))
    await rig.speak(1000)
    // Nothing arrives for two seconds; what is said behind it lies so much later in the call.
    await rig.time.advance(2000)
    await rig.speak(1000)
    const words = [
      { word: 'two', startMs: 100, endMs: 500 },
      { word: 'three', startMs: 1600, endMs: 2000 },
    ]
    rig.live().emit({ type: 'final', text: 'two three', endMs: 2000, words })
    await rig.time.settle()
    const times = rig.heard.flatMap((event) => (event.type === 'final' ? [event.times()] : []))
    const [one, more] = times
    expect(one!.words).toEqual([word('one', 180)])
    expect(one!.endedMs).toBe(startMs + 580)
    expect(more!.words).toEqual([word('two', 680), word('three', 4180)])
    await rig.close()
  })

  it('is not known of a session that was not given all that was said', () => {
    const arrivals = createArrivalTimes(8)
    const { writer, memory } = createCallerAudio({ format: MULAW_8K, maxWaitingFrames: 100 })
    const words = [{ word: 'late', startMs: 0, endMs: 40 }]
    const known = (base: number) =>
      saidTimes({ base, end: base + 1600, words, bytesPerMs: BYTES_PER_MS }, arrivals, memory).words?.length
    for (let frame = 1; frame <= 300; frame++) {
      writer.append(new Uint8Array(160))
      arrivals.arrived(frame * 160, frame * 20)
      if (frame === 100) expect(known(0)).toBe(1)
    }
    expect(known(0)).toBeUndefined()
    expect(known(memory.readPosition)).toBe(1)
  })

  it('is never later than its audio came, nor earlier than the line let it', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 3000 })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(gaps, fc.nat(100), fc.nat(100), (runs, from, length) => {
        const arrivals = createArrivalTimes(8)
        const came: number[] = []
        let nowMs = 0
        for (const [frames, gapMs] of runs) {
          for (let frame = 0; frame < frames; frame++) {
            nowMs += 20
            came.push(nowMs)
            arrivals.arrived(came.length * 160, nowMs)
          }
          nowMs += gapMs
        }
        const first = Math.min(from, came.length - 1)
        const last = Math.min(first + length, came.length - 1)
        const between = arrivals.between(first * 20 * BYTES_PER_MS, (last + 1) * 20 * BYTES_PER_MS)
        expect(between!.fromMs).toBeLessThanOrEqual(came[first]! - 20)
        expect(between!.toMs).toBeGreaterThanOrEqual(came[last]!)
      }),
    )
  })

  it('is forgotten after a minute, and not made up', () => {
    const arrivals = createArrivalTimes(8)
    for (let frame = 1; frame <= 10_000; frame++) arrivals.arrived(frame * 160, frame * 20)
    expect(arrivals.between(0, 800)).toBeUndefined()
    expect(arrivals.between(199_000 * 8, 199_500 * 8)).toEqual({ fromMs: 199_000, toMs: 199_500 })
    expect(arrivals.between(NaN, 800)).toBeUndefined()
    expect(arrivals.between(300_000 * 8, 300_100 * 8)).toBeUndefined()
  })
})
