import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AudioRing } from '../../../src/pipeline/hearing/audio-ring.ts'

/** A call appends so many bytes, and releases all but the last so many. */
const steps = fc.array(
  fc.record({ call: fc.nat(2), bytes: fc.integer({ min: 1, max: 5000 }), kept: fc.nat(6000) }),
  { maxLength: 40 },
)

it('gives every call its own bytes, though calls take over what others have released', () => {
  fc.assert(
    fc.property(steps, (said) => {
      const calls = Array.from({ length: 3 }, () => ({ ring: new AudioRing(), all: [] as number[] }))
      said.forEach(({ call, bytes, kept }, step) => {
        const { ring, all } = calls[call]!
        const audio = Uint8Array.from({ length: bytes }, (_, at) => (7 * step + 11 * call + at) & 0xff)
        ring.append(audio)
        all.push(...audio)
        ring.release(Math.max(ring.start, ring.end - kept))
        for (const { ring: held, all: wanted } of calls) {
          const got = new Uint8Array(held.end - held.start)
          held.copy(held.start, got, got.length)
          expect(Buffer.compare(got, Uint8Array.from(wanted.slice(held.start)))).toBe(0)
        }
      })
    }),
  )
})
