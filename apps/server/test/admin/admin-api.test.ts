import { connect } from 'node:net'
import { type Clock, Type } from '@kav/core'
import { createTestLogger } from '@kav/core/testing'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdminApi } from '../../src/admin/api/admin-api.ts'
import { ApiFault } from '../../src/admin/api/api-fault.ts'
import { type ApiRoute, eventsRoute, jsonRoute, socketRoute } from '../../src/admin/api/api-route.ts'
import { createTokenGate } from '../../src/admin/api/token-gate.ts'
import { createHttpHost, type HttpHost } from '../../src/http-host.ts'
import { createMetrics } from '../../src/metrics.ts'
import { systemClock } from '../../src/system-clock.ts'

const TOKEN = 'sesame/open+now=123'
const AUTH = { authorization: `Bearer ${TOKEN}` }
const JSON_BODY = { ...AUTH, 'content-type': 'application/json' }

/** How often a route was told that somebody wants its socket. */
let accepted = 0

const ROUTES: readonly ApiRoute[] = [
  jsonRoute({
    method: 'GET',
    path: '/api/things/{id}',
    summary: 'One',
    query: Type.Object({ limit: Type.Optional(Type.Integer()) }, { additionalProperties: false }),
    answer: Type.Unknown(),
    handle: ({ params, query, by }) => ({ id: params['id'], ...query, by }),
  }),
  jsonRoute({
    method: 'POST',
    path: '/api/things/all',
    summary: 'A word of its own before a parameter',
    body: Type.Object({ text: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
    answer: Type.Unknown(),
    status: 202,
    handle: ({ body }) => body,
  }),
  jsonRoute({
    method: 'POST',
    path: '/api/things/{id}/break',
    summary: 'Fails',
    answer: Type.Unknown(),
    handle({ params }) {
      if (params['id'] === 'known') throw new ApiFault('cannot-do', 'it cannot', 'let it be')
      throw new Error('a secret of the inside')
    },
  }),
  eventsRoute({
    method: 'GET',
    path: '/api/ticks',
    summary: 'Two',
    events: { tick: Type.Integer() },
    start(_request, stream) {
      stream.send('tick', 1)
      stream.send('tick', 2)
      stream.end()
    },
  }),
  eventsRoute({
    method: 'GET',
    path: '/api/flood',
    summary: 'As much as is taken',
    events: { drop: Type.String() },
    async start(_request, stream) {
      while (stream.isOpen) {
        stream.send('drop', 'x'.repeat(65_536))
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }),
  socketRoute({
    method: 'GET',
    path: '/api/echo/{id}',
    summary: 'Says it back',
    messages: 'Anything.',
    accept({ params, by }) {
      accepted++
      if (params['id'] === 'gone') throw new ApiFault('unknown-call', 'gone', 'look for another')
      return (socket) => socket.send(`${params['id']} for ${by}`)
    },
  }),
]

describe('the admin API', () => {
  let host: HttpHost
  let base: string
  let log: ReturnType<typeof createTestLogger>
  const figures = createMetrics()
  let waits: { readonly ms: number; readonly over: () => void }[]
  /** Whoever waits does so until the test lets him go. */
  const slow: Clock = {
    ...systemClock,
    after(ms, over) {
      waits.push({ ms, over })
      return () => undefined
    },
  }
  beforeEach(async () => {
    waits = []
    log = createTestLogger()
    host = createHttpHost(log)
    host.mount(
      createAdminApi({
        routes: ROUTES,
        gate: createTokenGate(TOKEN, slow, figures.metrics),
        rules: { loopback: true, names: ['desk.example'] },
        clock: systemClock,
        log,
        metrics: figures.metrics,
      }),
    )
    base = `http://127.0.0.1:${await host.listen(0, '127.0.0.1')}`
  })
  afterEach(() => host.close())

  async function ask(path: string, init: RequestInit = {}) {
    const answer = await fetch(base + path, { headers: AUTH, ...init })
    const body = (await answer.json()) as { error?: { code: string; message: string } }
    return { status: answer.status, body, code: body.error?.code, message: body.error?.message }
  }

  it('hands a route what fits its schemas, and names what does not', async () => {
    expect(
      await ask('/api/things/a%2Fb?limit=3', { headers: { ...AUTH, 'kav-operator': '%D7%93%D7%A0%D7%94' } }),
    ).toMatchObject({ status: 200, body: { id: 'a/b', limit: 3, by: 'דנה' } })
    const shown = await ask('/api/things/a', {
      headers: { ...AUTH, 'kav-operator': '%00%0a%1bEve%E2%80%AE' },
    })
    expect(shown.body).toMatchObject({ by: 'Eve' })
    expect(await ask('/api/things/a?limit=few')).toMatchObject({
      status: 400,
      message: 'query.limit: expected integer',
    })
    for (const odd of ['true', '3.5', '1e400', '0x10', '', ' 3'])
      expect(await ask(`/api/things/a?limit=${encodeURIComponent(odd)}`), odd).toMatchObject({ status: 400 })
    expect(await ask('/api/things/a?limt=3')).toMatchObject({
      status: 400,
      message: 'query.limt: unexpected property',
    })
    const post = (body: string, headers: Record<string, string> = JSON_BODY) =>
      ask('/api/things/all', { method: 'POST', body, headers })
    expect(await post('{"text":"שלום"}')).toMatchObject({ status: 202, body: { text: 'שלום' } })
    expect(await post('{"text":""}')).toMatchObject({ status: 400, code: 'bad-request' })
    expect(await post('{')).toMatchObject({ status: 400, message: 'the body is no valid JSON' })
    expect(await post('text=a', AUTH)).toMatchObject({ status: 415, code: 'no-json' })
    expect(await post(JSON.stringify({ text: 'x'.repeat(70_000) }))).toMatchObject({ status: 413 })
  })

  it('answers every fault in one shape, and keeps its inside to itself', async () => {
    expect(await ask('/api/nothing')).toMatchObject({ status: 404, code: 'unknown-path' })
    expect(await ask('/api/things/all/break')).toMatchObject({ status: 405, code: 'method' })
    const broken = (id: string) => ask(`/api/things/${id}/break`, { method: 'POST' })
    expect(await broken('known')).toMatchObject({
      status: 409,
      body: { error: { code: 'cannot-do', message: 'it cannot', fix: 'let it be' } },
    })
    expect(await broken('other')).toMatchObject({ status: 500, code: 'internal' })
    expect(JSON.stringify((await broken('other')).body)).not.toContain('secret')
    expect(log.entries.map(({ message }) => message)).toContain('API: a request failed')
  })

  it('lets nobody pass without the token, and makes who guesses wait', async () => {
    expect(await ask('/api/things/a', { headers: {} })).toMatchObject({ status: 401, code: 'no-token' })
    const wrong = ask('/api/things/a', { headers: { authorization: `Bearer ${TOKEN}x` } })
    await expect.poll(() => waits.length).toBe(1)
    expect(await ask('/api/things/a')).toMatchObject({ status: 200 })
    expect(waits[0]!.ms).toBe(1000)
    waits[0]!.over()
    expect(await wrong).toMatchObject({ status: 401, code: 'wrong-token' })
    expect(await figures.render()).toMatch(/^kav_api_wrong_tokens_total [1-9]/m)
    // A path tells a stranger nothing.
    expect(await ask('/api/nothing', { headers: {} })).toMatchObject({ code: 'no-token' })
    expect(JSON.stringify(log.entries)).not.toContain(TOKEN)
  })

  it('refuses what a page of somebody else can send', async () => {
    const raw = (headers: string) =>
      new Promise<string>((resolve) => {
        const { port } = new URL(base)
        const socket = connect(Number(port), '127.0.0.1')
        let said = ''
        socket.setEncoding('utf8').on('data', (text: string) => (said += text))
        socket.on('close', () => resolve(said))
        socket.write(
          `GET /api/things/a HTTP/1.1\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n${headers}\r\n\r\n`,
        )
      })
    const { host: own } = new URL(base)
    expect(await raw(`Host: ${own}\r\nOrigin: http://${own}`)).toMatch(/^HTTP\/1\.1 200/)
    expect(await raw(`Host: desk.example\r\nOrigin: https://desk.example`)).toMatch(/^HTTP\/1\.1 200/)
    for (const [headers, code] of [
      [`Host: ${own}\r\nOrigin: https://evil.example`, 'foreign-origin'],
      [`Host: ${own}\r\nOrigin: null`, 'foreign-origin'],
      ['Host: evil.example', 'unknown-host'],
      ['Host: 127.0.0.1.evil.example:1', 'unknown-host'],
    ]) {
      expect(await raw(headers!)).toContain(`"code":"${code}"`)
    }
  })

  it('tells a route of no listener that is none, and answers each that asks for a head', async () => {
    const { port } = new URL(base)
    const raw = (bytes: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1')
        let said = ''
        socket.setEncoding('utf8').on('data', (text: string) => (said += text))
        socket.on('close', () => resolve(said))
        socket.write(`${bytes}\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`)
      })
    const before = accepted
    const noKey = 'GET /api/echo/7 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket'
    expect(await raw(noKey)).toContain('that is no handshake of a WebSocket')
    expect(accepted).toBe(before)
    expect((await fetch(`${base}/api/ticks`, { method: 'HEAD', headers: AUTH })).status).toBe(405)
  })

  it('streams events', async () => {
    const answer = await fetch(`${base}/api/ticks`, { headers: AUTH })
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(await answer.text()).toBe('event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n')
  })

  it('cuts off who does not read, counts him, and keeps nothing of what he missed', async () => {
    const { port } = new URL(base)
    const cut = async () => Number(/^kav_api_streams_cut_total (\d+)/m.exec(await figures.render())?.[1] ?? 0)
    const before = await cut()
    const socket = connect(Number(port), '127.0.0.1')
    socket.pause()
    socket.write(
      `GET /api/flood HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
    )
    await expect.poll(cut, { timeout: 120_000 }).toBe(before + 1)
    const answer = await fetch(`${base}/api/ticks`, { headers: AUTH })
    expect(await answer.text()).toContain('data: 2')
    socket.destroy()
  })

  it('takes a WebSocket whose token stands in a subprotocol, as a browser sends it', async () => {
    const open = (path: string, token: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(base.replace('http', 'ws') + path, [
          'kav.v1',
          `kav.token.${encodeURIComponent(token)}`,
        ])
        socket.on('unexpected-response', (_request, response) => {
          resolve(String(response.statusCode))
          socket.terminate()
        })
        socket.on('error', () => undefined)
        socket.on('message', (data: Buffer) => {
          resolve(`${socket.protocol}: ${data.toString()}`)
          socket.close()
        })
      })
    expect(await open('/api/echo/7', TOKEN)).toBe('kav.v1: 7 for operator')
    expect(await open('/api/echo/gone', TOKEN)).toBe('404')
    expect(await open('/api/things/7', TOKEN)).toBe('400')
    const wrong = open('/api/echo/7', 'another-token-altogether')
    await expect.poll(() => waits.length).toBe(1)
    waits[0]!.over()
    expect(await wrong).toBe('401')
  })
})
