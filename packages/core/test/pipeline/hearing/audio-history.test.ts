import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAudioHistory } from '../../../src/pipeline/hearing/audio-history.ts'

/** All audio there ever was, and what of it is still held. */
interface Model {
  readonly all: number[]
  start: number
  read: number
  overflowed: number
}
type Step = (real: ReturnType<typeof createAudioHistory>, model: Model, maxBytes: number) => void

let nextByte = 0
const append: fc.Arbitrary<Step> = fc
  .integer({ min: 0, max: 40 })
  .map((length) => (real, model, maxBytes) => {
    const source = Buffer.from(Array.from({ length: length + 3 }, () => nextByte++ & 0xff))
    real.append(source, length)
    model.all.push(...source.subarray(0, length))
    source.fill(0x2a)
    const kept = Math.max(model.start, model.all.length - maxBytes)
    model.overflowed += kept - model.start
    model.start = kept
    model.read = Math.max(model.read, kept)
  })
const read: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 50 }).map((length) => (real, model) => {
  const target = Buffer.alloc(length)
  const got = real.read(target)
  const expected = model.all.slice(model.read, model.read + length)
  expect([...target.subarray(0, got)]).toEqual(expected)
  model.read += expected.length
})
const position = fc.double({ min: -0.2, max: 1.2, noNaN: true })
const at = (model: Model, share: number): number => Math.round(share * model.all.length)
const rewind: fc.Arbitrary<Step> = position.map((share) => (real, model) => {
  model.read = Math.min(Math.max(at(model, share), model.start), model.all.length)
  expect(real.rewind(at(model, share))).toBe(model.read)
})
const trim: fc.Arbitrary<Step> = position.map((share) => (real, model) => {
  real.trim(at(model, share))
  model.start = Math.max(model.start, Math.min(at(model, share), model.read))
})
const slice: fc.Arbitrary<Step> = fc.tuple(position, position).map(([from, to]) => (real, model) => {
  const [first, last] = [Math.max(at(model, from), model.start), at(model, to)]
  expect([...real.slice(at(model, from), last)]).toEqual(last > first ? model.all.slice(first, last) : [])
})

describe('the history of the caller’s audio', () => {
  it('gives back exactly what was appended, through reads, rewinds, trims and slices', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: append },
      { weight: 4, arbitrary: read },
      { weight: 1, arbitrary: rewind },
      { weight: 2, arbitrary: trim },
      { weight: 1, arbitrary: slice },
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32 }),
        fc.integer({ min: 40, max: 200 }),
        fc.array(step, { maxLength: 100 }),
        (pieceBytes, maxBytes, steps) => {
          const real = createAudioHistory({ pieceBytes, maxBytes })
          const model: Model = { all: [], start: 0, read: 0, overflowed: 0 }
          for (const act of steps) {
            act(real, model, maxBytes)
            expect([real.start, real.readPosition, real.end, real.overflowed]).toEqual([
              model.start,
              model.read,
              model.all.length,
              model.overflowed,
            ])
          }
          expect([...real.slice(0, real.end)]).toEqual(model.all.slice(model.start))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('counts what it had to give up because no final came', () => {
    const history = createAudioHistory({ pieceBytes: 8, maxBytes: 100 })
    for (let i = 0; i < 30; i++) history.append(Buffer.alloc(10, i), 10)
    expect(history.overflowed).toBe(200)
    expect(history.start).toBe(200)
    expect(history.rewind(0)).toBe(200)
  })

  it('never trims what has not been read', () => {
    const history = createAudioHistory({ pieceBytes: 8, maxBytes: 100 })
    history.append(Buffer.from('abcdef'), 6)
    history.read(Buffer.alloc(2))
    history.trim(6)
    const rest = Buffer.alloc(10)
    expect(rest.subarray(0, history.read(rest)).toString()).toBe('cdef')
  })
})
