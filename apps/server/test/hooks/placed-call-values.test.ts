import { createTestLogger, createTestMetrics } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { createLineCalls } from '../../src/service/line-calls.ts'
import type { RunningPipeline } from '../../src/service/running-pipeline.ts'

/** A pipeline of which only the hook and the place matter. */
const DESK = {
  loaded: { config: { name: 'desk', default: true, numbers: [] } },
  hooks: {
    beforeCall: { ask: async () => ({ faults: [], values: { name: 'of the CRM', plan: 'gold' } }) },
  },
  admission: { refusing: undefined, admit: async () => ({}) },
} as unknown as RunningPipeline

it('before_call adds to the values of a call that was placed, and takes none of them away', async () => {
  const calls = createLineCalls({
    transport: 'phone',
    log: createTestLogger(),
    metrics: createTestMetrics(),
    refused: { tell: () => undefined },
  })
  calls.lead([DESK])
  const offered = { id: 'CA1', from: '+15550100', to: '+15550123', values: { name: 'of the order' } }
  expect(await calls.admit({ ...offered, pipeline: 'desk' }, 1000)).toMatchObject({
    values: { plan: 'gold' },
  })
  expect(await calls.admit({ ...offered, pipeline: 'desk' }, 1000)).not.toHaveProperty('values.name')
  // One that comes in is the hook's to name.
  expect(await calls.admit(offered, 1000)).toMatchObject({ values: { name: 'of the CRM', plan: 'gold' } })
})
