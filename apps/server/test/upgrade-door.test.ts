import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { createTestLogger } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpHost, type HttpHost } from '../src/http-host.ts'
import { RouteTable } from '../src/http/route-table.ts'
import type { UpgradeHandler } from '../src/http/upgrade-door.ts'

const LIMIT_MS = 240_000

/** Asks for an upgrade, never ends its side, and goes on writing: resolves with what it was told when that fails. */
function stubbornClient(port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let said = ''
    socket.setEncoding('utf8').on('data', (text: string) => (said += text))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    const writing = setInterval(() => socket.write('x'), 20)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(writing)
      resolve(said)
    })
  })
}

describe('a socket that asks for an upgrade', () => {
  let log = createTestLogger()
  let http: HttpHost
  beforeEach(() => {
    log = createTestLogger()
    http = createHttpHost(log)
  })
  afterEach(() => http.close())

  const refusing: readonly [string, (request: IncomingMessage, socket: Duplex) => void, string][] = [
    [
      'whose handler answers and ends',
      (_request, socket) => void socket.end('HTTP/1.1 503 Busy\r\n\r\n'),
      '503',
    ],
    [
      'whose handler throws',
      () => {
        throw Object.create(null) as Error
      },
      '500',
    ],
    ['whose handler rejects', () => Promise.reject(new Error('not today')) as unknown as void, '500'],
  ]

  function serveUpgrade(handler: UpgradeHandler): void {
    const table = new RouteTable()
    table.upgrade('/media', handler)
    http.serve([table])
  }

  it.each(refusing)(
    '%s hears why and is not kept open',
    async (_what, handler, status) => {
      serveUpgrade(handler)
      const port = await http.listen(0, '127.0.0.1')
      expect(await stubbornClient(port, '/media?x=1')).toContain(`HTTP/1.1 ${status} `)
    },
    LIMIT_MS,
  )

  it(
    'for a path that nobody serves hears 404 and is not kept open',
    async () => {
      const port = await http.listen(0, '127.0.0.1')
      expect(await stubbornClient(port, '/nowhere')).toContain('HTTP/1.1 404 ')
      expect(log.entries).toEqual([
        {
          level: 'warn',
          fields: { path: '/nowhere' },
          message: 'HTTP: nobody takes an upgrade on this path',
        },
      ])
    },
    LIMIT_MS,
  )

  it(
    'and is open still does not keep the port from closing',
    async () => {
      let taken: Duplex | undefined
      serveUpgrade((_request, socket) => void (taken = socket).write('HTTP/1.1 101 Fine\r\n\r\n'))
      const port = await http.listen(0, '127.0.0.1')
      const client = stubbornClient(port, '/media')
      await expect.poll(() => taken !== undefined).toBe(true)
      await http.close()
      expect(await client).toContain('101')
      expect(taken!.destroyed).toBe(true)
    },
    LIMIT_MS,
  )
})
