import type { CallStore } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { createStoreWriter } from '../../src/history/store-writer.ts'

it('a store that is closed while it opens is not said to be away: the process ends, and loses nothing', async () => {
  const { clock, log, metrics } = testContext()
  let changes = 0
  const writer = createStoreWriter({
    ...{ clock, log, metrics, store: {} as CallStore },
    outbox: { put: () => true, written: async () => undefined, isWritten: true },
    onTaking: () => changes++,
  })
  await writer.close(100)
  writer.away(new Error('its thread ended'))
  expect([changes, log.entries]).toEqual([0, []])
})
