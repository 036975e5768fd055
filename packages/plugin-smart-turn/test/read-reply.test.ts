import { oddVersionsOf } from '@kav/core/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readWorkerReply } from '../src/worker/read-reply.ts'

const VALID: readonly unknown[] = [
  { type: 'ready' },
  { type: 'unloadable', why: 'it is a picture' },
  { type: 'done', job: 3, probabilities: Float32Array.of(0.5, 1) },
]
const ODD_ANSWERS = [
  [0.5, 1],
  Float32Array.of(0.5),
  Float32Array.of(0.5, -0.1),
  Float32Array.of(0.5, NaN),
  null,
]

it('a message of the worker is an answer to a job that waits, or odd', () => {
  const message = fc.oneof(
    fc.constantFrom(...VALID),
    fc.constantFrom(...VALID.flatMap(oddVersionsOf)),
    fc.constantFrom(...ODD_ANSWERS).map((probabilities) => ({ type: 'done', job: 3, probabilities })),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(message, fc.constantFrom(3, 4), (value, waiting) => {
      const read = readWorkerReply(value, (job) => (job === waiting ? 2 : undefined))
      if (!read.ok) expect(read.why).not.toMatch(/Cannot read|\[object Object\]/)
      else if (read.value.type === 'done') {
        expect(read.value.job).toBe(waiting)
        expect([...read.value.probabilities].every((one) => one >= 0 && one <= 1)).toBe(true)
        expect(read.value.probabilities).toHaveLength(2)
      }
    }),
    { numRuns: 500 },
  )
})
