import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AudioFormat } from '../../../src/index.ts'
import { createCallerAudio, RING_MS, type CallerAudio } from '../../../src/pipeline/hearing/caller-audio.ts'

/** 100 bytes a second: 2 bytes a frame, and the ring is full after 4000 bytes. */
const TINY: AudioFormat = { encoding: 'mulaw', sampleRateHz: 100 }
const RING_BYTES = RING_MS / 10

/** All audio there ever was, and where the cursors must stand. */
class Model {
  readonly all: number[] = []
  acknowledged = 0
  read = 0
  /** First position that was neither read nor dropped. */
  accounted = 0
  dropped = 0
  unanswered = 0
  kept = Infinity
  constructor(public maxUnread: number) {}

  append(bytes: readonly number[]): void {
    this.all.push(...bytes)
    if (this.all.length - this.read > this.maxUnread) this.giveUp(this.all.length - this.maxUnread)
    if (this.all.length - this.acknowledged > RING_BYTES) this.giveUp(this.all.length - RING_BYTES)
    else this.acknowledge(this.all.length - this.kept)
  }
  giveUp(position: number): void {
    for (let at = this.acknowledged; at < position; at++) {
      if (at < this.accounted) this.unanswered++
      else this.dropped++
    }
    this.accounted = Math.max(this.accounted, position)
    this.read = Math.max(this.read, position)
    this.acknowledged = Math.max(this.acknowledged, position)
  }
  acknowledge(position: number): void {
    this.acknowledged = Math.max(this.acknowledged, Math.min(position, this.read))
  }
}

type Step = (real: CallerAudio, model: Model) => void
let nextByte = 0

const append: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 900 }).map((length) => (real, model) => {
  const bytes = Uint8Array.from({ length }, () => nextByte++ & 0xff)
  model.append([...bytes])
  real.writer.append(bytes)
  // What is lent may be anything once the call returns.
  bytes.fill(0x2a)
})
const read: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 1200 }).map((length) => (real, model) => {
  const target = new Uint8Array(length)
  const got = real.reader.read(target)
  expect([...target.subarray(0, got)]).toEqual(model.all.slice(model.read, model.read + length))
  model.read += got
  model.accounted = Math.max(model.accounted, model.read)
})
const acknowledge: fc.Arbitrary<Step> = fc
  .double({ min: 0, max: 1.1, noNaN: true })
  .map((share) => (real, model) => {
    const position = Math.round(share * model.all.length)
    real.memory.acknowledge(position)
    model.acknowledge(position)
  })
const replay: fc.Arbitrary<Step> = fc.constant((real, model) => {
  model.read = model.acknowledged
  expect(real.memory.replay()).toBe(model.read)
})
const forget: fc.Arbitrary<Step> = fc
  .option(fc.integer({ min: 100, max: 20_000 }))
  .map((ms) => (real, model) => {
    real.memory.forgetSilenceBefore(ms ?? undefined)
    model.kept = ms === null ? Infinity : Math.round(ms * 0.1)
    if (ms !== null) model.acknowledge(model.all.length - model.kept)
  })
const open: fc.Arbitrary<Step> = fc.constant((real, model) => {
  real.memory.recogniserOpened()
  model.maxUnread = RING_BYTES
})
const slice: fc.Arbitrary<Step> = fc
  .tuple(fc.double({ min: -0.1, max: 1.1, noNaN: true }), fc.double({ min: 0, max: 1.2, noNaN: true }))
  .map((shares) => (real, model) => {
    const [from, to] = shares.map((share) => Math.round(share * model.all.length)) as [number, number]
    const first = Math.max(from, model.acknowledged)
    expect([...real.memory.slice(from, to)]).toEqual(to > first ? model.all.slice(first, to) : [])
  })

describe('the caller’s audio', () => {
  it('is read in order, again from where it was acknowledged, and what exceeds a bound is counted', () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: append },
      { weight: 5, arbitrary: read },
      { weight: 2, arbitrary: acknowledge },
      { weight: 2, arbitrary: replay },
      { weight: 1, arbitrary: forget },
      { weight: 1, arbitrary: open },
      { weight: 1, arbitrary: slice },
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.array(step, { maxLength: 60 }), (waiting, steps) => {
        const real = createCallerAudio({ format: TINY, maxWaitingFrames: waiting })
        const model = new Model(Math.min(RING_BYTES, waiting * 2))
        for (const act of steps) {
          act(real, model)
          const { memory, stats, reader } = real
          expect([memory.acknowledged, memory.readPosition, memory.end]).toEqual([
            model.acknowledged,
            model.read,
            model.all.length,
          ])
          expect(reader.unreadBytes).toBe(model.all.length - model.read)
          expect(stats.unansweredBytes).toBe(model.unanswered)
          expect(stats.droppedFrames).toBe(Math.round(model.dropped / 2))
          expect(memory.acknowledged <= memory.readPosition && memory.readPosition <= memory.end).toBe(true)
        }
      }),
    )
  })

  it('takes nothing after its end, and forgets nothing that was not read', () => {
    const { writer, reader, memory } = createCallerAudio({ format: TINY, maxWaitingFrames: 100 })
    writer.append(Buffer.from('abcdef'))
    reader.read(new Uint8Array(2))
    memory.acknowledge(6)
    memory.forgetSilenceBefore(10)
    writer.close()
    writer.append(Buffer.from('ghi'))
    const rest = new Uint8Array(10)
    expect(Buffer.from(rest.subarray(0, reader.read(rest))).toString()).toBe('cdef')
  })

  it('holds little memory for a call that is silent, and gives back what a monologue took', () => {
    const { writer, reader, memory } = createCallerAudio({
      format: { encoding: 'mulaw', sampleRateHz: 8000 },
      maxWaitingFrames: 200,
    })
    memory.recogniserOpened()
    memory.forgetSilenceBefore(2000)
    const frame = new Uint8Array(160)
    const target = new Uint8Array(320)
    for (let frames = 0; frames < 5000; frames++) {
      writer.append(frame)
      reader.read(target)
    }
    expect(memory.end - memory.acknowledged).toBe(16_000)
  })
})
