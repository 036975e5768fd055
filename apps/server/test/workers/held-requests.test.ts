import { createDeferred } from '@kav/core/kit'
import { expect, it } from 'vitest'
import { HeldRequests } from '../../src/workers/held-requests.ts'

const form = (bytes: number) => ({ body: Buffer.alloc(bytes) })

it('a worker that does not answer is given so many bytes of bodies, and no more', async () => {
  const held = new HeldRequests()
  const longest = form(65_536)
  const answers = []
  while (held.hasRoom(longest) && answers.length < 1000) {
    const answer = createDeferred<string>()
    answers.push({ answer, told: held.hold(longest, answer.promise) })
  }
  expect(answers.length).toBeGreaterThan(200)
  expect(answers.length * 65_536).toBeLessThanOrEqual(16 * 1024 * 1024)
  answers[0]!.answer.resolve('late')
  expect(await answers[0]!.told).toBe('late')
  expect(held.hasRoom(longest)).toBe(true)
})

it('one without a body counts, too, and what failed leaves its room', async () => {
  const held = new HeldRequests()
  const gone = createDeferred<string>()
  const all: Promise<unknown>[] = []
  while (held.hasRoom(form(0)) && all.length < 10_000) all.push(held.hold(form(0), gone.promise))
  expect(all).toHaveLength(4096)
  gone.reject(new Error('the other process is gone'))
  const told = await Promise.allSettled(all)
  expect(told.every(({ status }) => status === 'rejected')).toBe(true)
  expect(held.hasRoom(form(65_536))).toBe(true)
})
