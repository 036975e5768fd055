import type { TransportCall } from '@kav/core'
import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { createFrameClock } from '@kav/core/host'
import { expect, it } from 'vitest'
import { type CallDeskOptions, createCallDesk } from '../../src/calls/call-desk.ts'
import type { CallKeeping } from '../../src/calls/call-keeper.ts'

const bang = (): never => {
  throw new Error('bang')
}

it.each<[string, { keeper?: CallDeskOptions['keeper']; trace?: CallDeskOptions['trace'] }]>([
  ['its trace', { trace: bang }],
  ['its files', { keeper: { open: bang, openUnheard: bang } }],
  ['its line', {}],
])('a call that cannot begin for %s gives its place back, and leaves a record', async (_why, broken) => {
  const { clock } = createFakeClock()
  const finished: unknown[] = []
  const keeping: CallKeeping = {
    taps: [],
    onEvent: () => undefined,
    soFar: bang,
    finish: async (...ending) => void finished.push(ending),
    hurry: () => undefined,
  }
  const frameClock = createFrameClock(clock)
  const desk = createCallDesk({
    keeper: { open: () => keeping, openUnheard: bang },
    ...broken,
    ...{ pipelineName: 'desk', transportName: 'line', version: '1', clock, frameClock },
    ...{ log: createTestLogger(), metrics: createTestMetrics(), tracedMetrics: createTestMetrics },
    // Nothing of these is reached.
    ...({ settings: { conversation: {} }, stages: {}, speechCache: {} } as unknown as Pick<
      CallDeskOptions,
      'settings' | 'stages' | 'speechCache'
    >),
  })
  const call = Object.defineProperty({ id: 'CA1' }, 'params', { get: bang }) as TransportCall
  let over = 0
  expect(() => desk.take(call, () => over++)).toThrow('bang')
  expect(over).toBe(1)
  expect(desk.active()).toBe(0)
  expect(frameClock.members).toBe(0)
  await desk.kept()
  const isKept = broken.trace === undefined && broken.keeper === undefined
  const record = [{ durationMs: 0, endedBy: 'failure', counters: {} }, ['counters']]
  expect(finished).toEqual(isKept ? [record] : [])
})
