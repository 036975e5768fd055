import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ApiFault } from '../../src/admin/api/api-fault.ts'
import { checkOrigin } from '../../src/admin/api/origin-gate.ts'
import { type Balancer, hasNginx, openAdminNginx } from '../balancer.ts'

const RULES = { loopback: true, names: ['admin.voice.example.com'] }

let server: Server
let nginx: Balancer | undefined
let goOn: () => void
beforeEach(async () => {
  if (!hasNginx) return
  // The gate of the operator's port, and what it does with events and streams.
  server = createServer((incoming, response) => answer(incoming, response))
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  nginx = await openAdminNginx((server.address() as AddressInfo).port)
})
afterEach(async () => {
  await nginx?.close()
  server?.closeAllConnections()
  server?.close()
})

function answer(incoming: IncomingMessage, response: ServerResponse): void {
  try {
    checkOrigin(incoming.headers, RULES)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
    goOn = () => response.end('data: 2\n\n')
  } catch (thrown) {
    response.writeHead(403).end(thrown instanceof ApiFault ? `${thrown.message} ${thrown.fix}` : 'odd')
  }
}

function ask(path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${nginx!.origin}${path}`, { headers, agent: false }, resolve).on('error', reject).end()
  })
}

it.skipIf(!hasNginx)(
  'nginx with deploy/nginx/kav-admin.conf lets the console in, events as they come, and keeps figures inside',
  async () => {
    const { port } = new URL(nginx!.origin)
    const host = `admin.voice.example.com:${port}`
    const events = await ask('/api/events', { host, origin: `https://${host}` })
    expect(events.statusCode).toBe(200)
    // The second is sent once the first was read.
    const read: string[] = []
    for await (const data of events) {
      read.push(String(data))
      goOn()
    }
    expect(read.join('')).toBe('data: 1\n\ndata: 2\n\n')

    const foreign = await ask('/api/events', { host, origin: 'https://evil.example' })
    expect(foreign.statusCode).toBe(403)
    for (const path of ['/metrics', '/readyz', '/reload', '/calls'])
      expect((await ask(path, { host })).statusCode).toBe(404)

    const echoed = await new Promise<string>((resolve, reject) => {
      const headers = { host, upgrade: 'websocket', connection: 'upgrade' }
      const asked = request(`${nginx!.origin}/api/calls/CA1/listen`, { headers, agent: false })
      asked.on('error', reject).end()
      asked.on('upgrade', (_response, socket) => {
        socket.on('data', (data) => {
          resolve(String(data))
          socket.destroy()
        })
        socket.write('still there')
      })
    })
    expect(echoed).toBe('still there')
  },
)

it('says which Host and Origin came, and what to set', () => {
  const said = (headers: { host: string; origin?: string }, rules = RULES): string => {
    try {
      checkOrigin(headers, rules)
    } catch (thrown) {
      if (thrown instanceof ApiFault) return `${thrown.message}; ${thrown.fix}`
    }
    return ''
  }
  expect(said({ host: '127.0.0.1:9080', origin: 'https://admin.voice.example.com' })).toMatch(
    /Origin is "https:\/\/admin\.voice\.example\.com", Host is "127\.0\.0\.1:9080"; .*\$http_host.*KAV_ADMIN_HOSTS/,
  )
  expect(said({ host: 'other.example' })).toMatch(/Host, "other\.example"; .*list it in KAV_ADMIN_HOSTS/)
  expect(said({ host: 'x'.repeat(5000) }).length).toBeLessThan(500)
})
