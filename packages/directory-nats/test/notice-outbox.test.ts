import { createFakeClock, createTestMetrics } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { fleetNames } from '../src/names.ts'
import { NoticeOutbox } from '../src/notice-outbox.ts'

/** Nothing of a link but that there is none. */
const CUT_OFF = { session: undefined } as never

it('takes ten thousand notices while cut off, counts each beyond, and what is left at the end', async () => {
  const fake = createFakeClock()
  const metrics = createTestMetrics()
  const outbox = new NoticeOutbox({ link: CUT_OFF, names: fleetNames('test'), clock: fake.clock, metrics })
  const taken = Array.from({ length: 10_000 }, (_value, index) =>
    outbox.tell({ kind: 'call-record', id: String(index), body: {} }),
  )
  expect(taken).not.toContain(false)
  expect(outbox.tell({ kind: 'call-record', id: 'more', body: {} })).toBe(false)
  expect(metrics.value('directory_notices_total', { outcome: 'dropped' })).toBe(1)
  const closed = outbox.close(1000)
  await fake.advance(1000)
  await closed
  expect(metrics.value('directory_notices_total', { outcome: 'dropped' })).toBe(10_001)
  expect(outbox.tell({ kind: 'call-record', id: 'late', body: {} })).toBe(false)
  expect(fake.pending()).toBe(0)
})

it('takes sixteen megabytes while cut off', () => {
  const metrics = createTestMetrics()
  const names = fleetNames('test')
  const outbox = new NoticeOutbox({ link: CUT_OFF, names, clock: createFakeClock().clock, metrics })
  const body = 'x'.repeat(7 << 20)
  const taken = ['1', '2', '3'].map((id) => outbox.tell({ kind: 'call-record', id, body }))
  expect(taken).toEqual([true, true, false])
})
