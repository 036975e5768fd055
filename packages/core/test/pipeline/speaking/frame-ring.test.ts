import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FrameRing } from '../../../src/pipeline/speaking/frame-ring.ts'

const FRAME_BYTES = 4
const FIRST = 16
const MAX_FRAMES = 100

type Entry = { readonly media: number } | { readonly control: number }

/** The ring beside an array; `target` is longer than a frame, so that one byte too many is seen. */
function createPair() {
  const ring = new FrameRing<number>(MAX_FRAMES, FRAME_BYTES)
  const entries: Entry[] = []
  const target = new Uint8Array(FRAME_BYTES + 1)
  let next = 0
  return {
    ring,
    entries,
    media(): void {
      const number = next++ & 0xff
      ring.appendMedia(Uint8Array.of(0, number, number, number, 9), 1, 4)
      entries.push({ media: number })
    },
    control(): void {
      ring.appendControl(next)
      entries.push({ control: next++ })
    },
    take(): void {
      const first = entries.shift()
      if (first === undefined) return expect(ring.head).toBeUndefined()
      if ('control' in first) {
        expect(ring.head).toBe('control')
        return expect(ring.takeControl()).toBe(first.control)
      }
      target.fill(0xaa)
      expect(ring.takeMedia(target)).toBe(3)
      expect([...target]).toEqual([first.media, first.media, first.media, 0xaa, 0xaa])
    },
    clear(): void {
      expect(ring.clear()).toEqual(
        entries.splice(0).flatMap((one) => ('control' in one ? [one.control] : [])),
      )
    },
  }
}

it('keeps all in order while it grows, wraps and shrinks', () => {
  const step = fc.record({
    act: fc.constantFrom('media', 'media', 'control', 'take', 'take', 'empty', 'clear'),
    times: fc.integer({ min: 1, max: 60 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const pair = createPair()
      for (const { act, times } of steps) {
        if (act === 'empty') while (pair.entries.length > 0) pair.take()
        else if (act === 'clear') pair.clear()
        else for (let i = 0; i < times; i++) pair[act]()
        expect(pair.ring.depth).toBe(pair.entries.length)
        expect(pair.ring.slots).toBeGreaterThanOrEqual(pair.entries.length)
        if (pair.entries.length === 0) expect(pair.ring.slots).toBeLessThanOrEqual(FIRST)
      }
    }),
    { numRuns: 200 },
  )
})

it('holds no memory before its first entry, little whenever it is empty, and its bound without control entries', () => {
  const { ring, media, take, clear, entries } = createPair()
  expect(ring.slots).toBe(0)
  media()
  expect(ring.slots).toBe(FIRST)
  for (const empty of [clear, () => entries.slice().forEach(take)]) {
    while (entries.length < MAX_FRAMES) media()
    expect(ring.slots).toBe(MAX_FRAMES)
    empty()
    expect(ring.slots).toBe(FIRST)
  }
})
