import { expect, it } from 'vitest'
import type { HttpResponse } from '@kav/core'
import { createFakeClock, createTestMetrics } from '@kav/core/testing'
import { createReplayGuard } from '../src/signing/replay-guard.ts'

function rig() {
  const time = createFakeClock()
  const metrics = createTestMetrics()
  const guard = createReplayGuard({ clock: time.clock, metrics })
  let asked = 0
  const answer = async (): Promise<HttpResponse> => ({ status: 200, body: `${++asked}` })
  return { time, metrics, guard, answer, asked: () => asked }
}

it('one that comes again while the first is being answered is not a second', async () => {
  const { guard, answer, asked } = rig()
  const [first, second] = await Promise.all([
    guard.once('webhook', 'p', answer),
    guard.once('webhook', 'p', answer),
  ])
  expect(second).toBe(first)
  expect(asked()).toBe(1)
})

it('what failed is no answer', async () => {
  const { guard, answer } = rig()
  await expect(guard.once('webhook', 'p', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect((await guard.once('webhook', 'p', answer)).body).toBe('1')
})

it('without proof nothing is a repetition', async () => {
  const { guard, answer, asked } = rig()
  await guard.once('webhook', undefined, answer)
  await guard.once('webhook', undefined, answer)
  expect(asked()).toBe(2)
})

it('remembers ten thousand, the latest, and counts those forgotten before their time', async () => {
  const { guard, answer, metrics } = rig()
  for (let number = 0; number < 10_005; number++) await guard.once('status', `p${number}`, answer)
  expect(metrics.value('twilio_requests_forgotten_early_total')).toBe(5)
  expect((await guard.once('status', 'p10004', answer)).body).toBe('10005')
  expect((await guard.once('status', 'p0', answer)).body).toBe('10006')
})
