import { createConnection } from 'node:net'
import { createTestLogger } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../src/environment.ts'
import { createHttpHost } from '../src/http-host.ts'
import { createMetrics } from '../src/metrics.ts'

describe('the process environment', () => {
  it('has defaults', () => {
    expect(readEnvironment({})).toMatchObject({ port: 8080, logLevel: 'info', logPrivate: true })
  })

  it('keeps what callers say out of the log only by a word it knows', () => {
    expect(readEnvironment({ KAV_LOG_PRIVATE: 'off' }).logPrivate).toBe(false)
    expect(() => readEnvironment({ KAV_LOG_PRIVATE: 'false' })).toThrow(
      'KAV_LOG_PRIVATE is "false"; one of on, off is expected',
    )
  })

  it('names a log level that is none', () => {
    expect(() => readEnvironment({ LOG_LEVEL: 'loud' })).toThrow(/^LOG_LEVEL is "loud"; one of trace, debug/)
  })
})

describe('the metrics of the process', () => {
  it('leave out a figure that cannot be kept, and tell of it once', async () => {
    const log = createTestLogger()
    const { metrics, render } = createMetrics(log)
    metrics.count('answers_total')
    metrics.count('answers_total', 1, { from: 'a' })
    metrics.count('answers_total', 1, { from: 'a' })
    metrics.observe('no name', 1)
    metrics.gauge('answers_total', 1)
    expect(await render()).toContain('kav_answers_total 1')
    const told = log.entries.map((entry) => entry.fields['metric'])
    expect(told).toEqual(['answers_total', 'no name'])
  })
})

describe('the port of the process', () => {
  it('survives an upgrade handler that throws', async () => {
    const log = createTestLogger()
    const http = createHttpHost(log)
    http.upgrade('/media', () => {
      throw new Error('not today')
    })
    const port = await http.listen(0, '127.0.0.1')
    const socket = createConnection(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('GET /media HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await new Promise((resolve) => socket.on('close', resolve))
    expect(log.entries.map((entry) => entry.message)).toEqual(['HTTP: an upgrade failed'])
    await http.close()
  })
})
