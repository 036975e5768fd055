import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createTestLogger } from '@kav/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { openAdminPort } from '../../src/admin/admin-port.ts'
import { adminPortOf, readEnvironment } from '../../src/environment.ts'
import { createMetrics } from '../../src/metrics.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const ECHO = fileURLToPath(new URL('../fixtures/echo-desk.yaml', import.meta.url))
const LIMIT_MS = 240_000

/** What is answered to bytes, when the far end has closed the connection. */
function say(url: string, bytes: string): Promise<string> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
    let said = ''
    socket.setEncoding('latin1').on('data', (text: string) => (said += text))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(said))
    socket.on('end', () => socket.end())
    socket.write(bytes)
  })
}

describe('the port of the operator', () => {
  let server: ServedProcess | undefined
  afterEach(() => server?.remove())
  const calls = () => `http://127.0.0.1:${server!.port}`
  const statuses = (base: string, paths: readonly string[], method = 'GET') =>
    Promise.all(paths.map(async (path) => (await fetch(base + path, { method })).status))

  it(
    'answers what the port of the calls keeps to itself',
    async () => {
      server = await serveProcess(ECHO)
      const all = ['/healthz', '/readyz', '/livez', '/startupz', '/metrics']
      expect(await statuses(server.adminUrl, all)).toEqual([200, 200, 200, 200, 200])
      expect(await statuses(server.adminUrl, all, 'HEAD')).toEqual([200, 200, 200, 200, 200])
      expect(await statuses(calls(), all)).toEqual([200, 200, 404, 404, 404])
      expect(await statuses(calls(), all, 'HEAD')).toEqual([200, 200, 404, 404, 404])
      expect(await (await fetch(`${calls()}/readyz`)).json()).toEqual({ ready: true })
      expect(await (await fetch(`${server.adminUrl}/readyz`)).json()).toMatchObject({
        ready: true,
        calls: 0,
        promised_calls: 0,
        leaving_calls: 0,
        pipelines: [
          { name: 'echo-desk', able: true, providers: [{ kind: 'stt' }, { kind: 'llm' }, { kind: 'tts' }] },
        ],
      })
      expect(await (await fetch(`${server.adminUrl}/metrics`)).text()).toMatch(
        /^kav_warm_up_seconds\{pipeline="echo-desk"\} \d/m,
      )
      // Takes no calls, and keeps no socket that asks for more than an answer.
      expect(await statuses(server.adminUrl, ['/twilio/voice'])).toEqual([404])
      const upgrade =
        'GET /twilio/media HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
      expect(await say(server.adminUrl, upgrade)).toMatch(/^HTTP\/1\.1 404 /)
      server.signal('SIGPIPE')
      expect(await statuses(server.adminUrl, ['/livez'])).toEqual([200])
      server.signal('SIGTERM')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'is that of the calls where it is asked for, and is there no more where it is not wanted',
    async () => {
      server = await serveProcess(ECHO, { ADMIN_PORT: 'off', KAV_ADMIN_ON_CALLS_PORT: 'on' })
      expect(server.adminUrl).toBe('')
      expect(await statuses(calls(), ['/readyz', '/livez', '/startupz', '/metrics'])).toEqual([
        200, 200, 200, 200,
      ])
      expect(await (await fetch(`${calls()}/readyz`)).json()).toHaveProperty('pipelines.0.providers')
    },
    LIMIT_MS,
  )
})

describe('an admin port', () => {
  let other: Server | undefined
  afterEach(() => other?.close())
  const open = (port: number, host: string) =>
    openAdminPort(
      { port, host },
      {
        state: { status: undefined, warm: false },
        log: createTestLogger(),
        metrics: createMetrics(),
        access: { token: undefined, names: [] },
        env: {},
      },
    )

  it('is, once open, out of reach of a page that gives this machine a name of its own', async () => {
    const port = await open(0, '127.0.0.1')
    const ask = (head: string) => say(`http://127.0.0.1:${port.port}`, `${head}\r\nConnection: close\r\n\r\n`)
    const evil = 'Host: evil.example\r\nOrigin: http://evil.example'
    for (const line of ['POST /reload', 'GET /metrics', 'GET /calls', 'GET /readyz'])
      expect(await ask(`${line} HTTP/1.1\r\n${evil}\r\nkav-command: reload`)).toMatch(/^HTTP\/1\.1 403 /)
    expect(await ask(`GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:${port.port}`)).toMatch(/^HTTP\/1\.1 200 /)
    await port.close()
  })

  it('answers a probe while somebody holds as many connections as there are', async () => {
    const port = await open(0, '127.0.0.1')
    const held = Array.from({ length: 300 }, () =>
      connect(port.port, '127.0.0.1').on('error', () => undefined),
    )
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    expect((await fetch(`http://127.0.0.1:${port.port}/livez`)).status).toBe(200)
    for (const socket of held) socket.destroy()
    await port.close()
  })

  it('is an error that names the variable', async () => {
    other = createServer()
    await new Promise<void>((resolve) => other!.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    await expect(open(port, '127.0.0.1')).rejects.toThrow(
      `the admin port ${port} of 127.0.0.1 is taken, by another kav serve perhaps: set ADMIN_PORT to`,
    )
    await expect(open(0, '192.0.2.1')).rejects.toThrow('ADMIN_HOST is "192.0.2.1"')
  })
})

describe('the settings of the admin port', () => {
  const of = (ADMIN_PORT: string | undefined, callsPort: number) =>
    adminPortOf(readEnvironment({ ADMIN_PORT }).adminPort, callsPort)

  it('put it beside the port of the calls, where they say nothing', () => {
    expect([of(undefined, 8080), of('', 8081), of(undefined, 0), of(undefined, 65_000)]).toEqual([
      9080, 9081, 0, 0,
    ])
    expect([of('off', 8080), of('0', 8080), of('9999', 8080)]).toEqual([undefined, 0, 9999])
    expect(of('0', 0)).toBe(0)
    expect(() => of('8080', 8080)).toThrow('ADMIN_PORT is 8080, which is the port of the calls')
  })

  it('are words that it knows', () => {
    expect(() => of('none', 8080)).toThrow(
      'ADMIN_PORT is "none"; a whole number from 0 to 65535, or off, is expected',
    )
    expect(readEnvironment({})).toMatchObject({ adminHost: '127.0.0.1', adminOnCallsPort: false })
    expect(() => readEnvironment({ KAV_ADMIN_ON_CALLS_PORT: 'yes' })).toThrow('one of on, off is expected')
  })
})
