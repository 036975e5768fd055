import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFrameQueue } from '../../../src/pipeline/speaking/frame-queue.ts'
import { createFakeClock } from '../../../src/testing/index.ts'
import { createFrameQueueModel } from './frame-queue-model.ts'
import { createManualClock } from '../manual-clock.ts'

const FRAME_BYTES = 8

function createPair(maxFrames: number) {
  const clock = createManualClock()
  const work = { count: 0 }
  const queue = createFrameQueue<{ id: number }>({
    maxFrames,
    frameBytes: FRAME_BYTES,
    clock,
    onWork: () => work.count++,
  })
  return { clock, work, real: queue, ideal: createFrameQueueModel(maxFrames) }
}
type Pair = ReturnType<typeof createPair>

/** Both must agree on everything that can be seen from outside. */
function check({ real, ideal, work }: Pair): void {
  const { entries, waiting, ended, counts } = ideal.model
  const mediaDepth = entries.filter((entry) => entry.kind === 'media').length
  const { written, read, discarded, controlsAboveBound } = real.stats
  expect({ written, read, discarded, controlsAboveBound }).toEqual(counts)
  expect(real.stats.depth).toBe(entries.length)
  expect(real.stats.mediaDepth).toBe(mediaDepth)
  expect(written).toBe(read + discarded + real.stats.mediaDepth)
  expect(real.stats.maxDepth).toBeGreaterThanOrEqual(entries.length)
  expect(real.reader.peek()).toBe(entries[0]?.kind ?? (ended ? 'ended' : 'empty'))
  expect(work.count).toBe(ideal.model.cameIntoEmpty)
  expect(waiting.length === 0 || entries.length > 0).toBe(true)
}

function readBoth({ real, ideal }: Pair): void {
  const next = real.reader.peek()
  if (next === 'empty' || next === 'ended') return
  const expected = ideal.read()
  if (next === 'control') {
    expect({ kind: 'control', id: real.reader.readControl().id }).toEqual(expected)
    return
  }
  const target = Buffer.alloc(FRAME_BYTES + 3, 0xaa)
  const length = real.reader.readMedia(target)
  expect({ kind: 'media', bytes: [...target.subarray(0, length)] }).toEqual(expected)
  expect(target[length]).toBe(0xaa)
}

type Step = (pair: Pair) => void

const media: fc.Arbitrary<Step> = fc
  .uint8Array({ minLength: 1, maxLength: FRAME_BYTES })
  .map((bytes) => (pair) => {
    const lent = new Uint8Array(bytes)
    expect(pair.real.writer.writeMedia(lent)).toBe(pair.ideal.writeMedia([...bytes]))
    lent.fill(0x2a)
  })
const control: fc.Arbitrary<Step> = fc.nat().map((id) => (pair) => {
  void pair.real.writer.writeControl({ id })
  pair.ideal.writeControl(id, pair.clock.nowMs())
})
const read: fc.Arbitrary<Step> = fc.constant(readBoth)
const wait: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 1200 }).map((ms) => (pair) => {
  pair.clock.step(ms)
  pair.ideal.time(pair.clock.nowMs())
})
const discard: fc.Arbitrary<Step> = fc.constant((pair) => {
  const handedBack: number[] = []
  pair.real.writer.discard(({ id }) => handedBack.push(id))
  expect(handedBack).toEqual(pair.ideal.discard())
})
const end: fc.Arbitrary<Step> = fc.constant((pair) => {
  pair.real.writer.end()
  pair.ideal.end()
})

const step = fc.oneof(
  { weight: 12, arbitrary: media },
  { weight: 6, arbitrary: control },
  { weight: 9, arbitrary: read },
  { weight: 3, arbitrary: wait },
  { weight: 1, arbitrary: discard },
)

describe('a frame queue', () => {
  it('does what its table says, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { maxLength: 120 }),
        end,
        fc.array(step, { maxLength: 20 }),
        (maxFrames, before, theEnd, after) => {
          const pair = createPair(maxFrames)
          for (const act of [...before, theEnd, ...after]) {
            act(pair)
            check(pair)
          }
          while (pair.real.stats.depth > 0) readBoth(pair)
          check(pair)
          expect(pair.real.reader.peek()).toBe('ended')
          expect(pair.clock.pending).toBe(0)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('refuses media longer than a frame instead of cutting it', () => {
    const { real } = createPair(2)
    expect(() => real.writer.writeMedia(new Uint8Array(FRAME_BYTES + 1))).toThrow(RangeError)
  })
})

describe('back-pressure', () => {
  function fill(maxFrames = 2) {
    const time = createFakeClock()
    const queue = createFrameQueue<string>({
      maxFrames,
      frameBytes: FRAME_BYTES,
      clock: time.clock,
    })
    while (queue.writer.writeMedia(Uint8Array.of(1)));
    const settled: string[] = []
    const target = Buffer.alloc(FRAME_BYTES)
    return {
      time,
      ...queue,
      settled,
      note: (name: string, promise: Promise<void>) => void promise.then(() => settled.push(name)),
      read: () => queue.reader.readMedia(target),
    }
  }

  it('holds the producer until a frame left, and lets waiting control in first', async () => {
    const queue = fill()
    queue.note('room', queue.writer.room())
    queue.note('mark', queue.writer.writeControl('mark'))
    await queue.time.settle()
    expect(queue.settled).toEqual([])
    queue.read()
    await queue.time.settle()
    expect(queue.settled).toEqual(['mark'])
    expect(queue.writer.writeMedia(Uint8Array.of(2))).toBe(false)
    queue.read()
    await queue.time.settle()
    expect(queue.settled).toEqual(['mark', 'room'])
    expect(queue.reader.peek()).toBe('control')
    expect(queue.time.pending()).toBe(0)
  })

  it('lets a control entry in above the bound after one second, and not before', async () => {
    const queue = fill()
    queue.note('mark', queue.writer.writeControl('mark'))
    await queue.time.advance(999)
    expect(queue.settled).toEqual([])
    await queue.time.advance(1)
    expect(queue.settled).toEqual(['mark'])
    expect(queue.stats.controlsAboveBound).toBe(1)
    expect(queue.stats.depth).toBe(3)
    expect(queue.writer.writeMedia(Uint8Array.of(2))).toBe(false)
  })

  it('wakes whoever waits when the queue is discarded, and when it ends', async () => {
    const discarded = fill()
    discarded.note('room', discarded.writer.room())
    discarded.note('mark', discarded.writer.writeControl('mark'))
    discarded.writer.discard(() => undefined)
    await discarded.time.settle()
    expect(discarded.settled.sort()).toEqual(['mark', 'room'])
    expect(discarded.time.pending()).toBe(0)

    const ended = fill()
    ended.note('room', ended.writer.room())
    ended.note('mark', ended.writer.writeControl('mark'))
    ended.writer.end()
    await ended.time.settle()
    expect(ended.settled.sort()).toEqual(['mark', 'room'])
    expect(ended.time.pending()).toBe(0)
    await ended.writer.room()
    expect(ended.writer.writeMedia(Uint8Array.of(3))).toBe(false)
  })

  it('takes new entries while it hands back what was discarded', () => {
    const queue = fill()
    queue.read()
    void queue.writer.writeControl('old')
    queue.writer.discard((control) => void queue.writer.writeControl(`after ${control}`))
    expect(queue.reader.readControl()).toBe('after old')
    expect(queue.reader.peek()).toBe('empty')
  })
})
