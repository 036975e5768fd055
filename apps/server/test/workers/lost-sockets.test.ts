import { createTestLogger, createTestMetrics } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { countLostSockets } from '../../src/workers/lost-sockets.ts'

it('a socket that no process has taken is counted, and other warnings are not', () => {
  const [log, metrics] = [createTestLogger(), createTestMetrics()]
  const before = process.listeners('warning')
  process.removeAllListeners('warning')
  const end = countLostSockets(log, metrics)
  const warn = (name: string) => process.emit('warning', Object.assign(new Error('told'), { name }))
  try {
    warn('SentHandleNotReceivedWarning')
    warn('DeprecationWarning')
    warn('SentHandleNotReceivedWarning')
  } finally {
    end()
    for (const listener of before) process.on('warning', listener)
  }
  expect(metrics.value('worker_sockets_lost_total')).toBe(2)
  expect(process.listeners('warning')).toEqual(before)
})
