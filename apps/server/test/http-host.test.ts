import diagnostics from 'node:diagnostics_channel'
import { connect, type Socket } from 'node:net'
import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpHost, type HttpHost } from '../src/http-host.ts'
import { RouteTable } from '../src/http/route-table.ts'
import { MAX_BODY_BYTES } from '../src/http/request-body.ts'

const LIMIT_MS = 240_000
const START = 'http.server.request.start'

let log = createTestLogger()
let metrics = createTestMetrics()
let http: HttpHost
let port: number
let answered: number
let started: number
const onStart = (): void => void started++
beforeEach(async () => {
  log = createTestLogger()
  metrics = createTestMetrics()
  answered = 0
  started = 0
  diagnostics.subscribe(START, onStart)
  http = createHttpHost(log, metrics, createFakeClock().clock)
  http.route('POST', '/voice', async ({ body }) => {
    answered++
    return { status: 200, body: `${body.length}` }
  })
  http.route('GET', '/long', async () => ({ status: 200, body: 'x'.repeat(200_000) }))
  const table = new RouteTable()
  table.upgrade('/media', (_request, socket, head) => {
    const parts = [head]
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.on('end', () => socket.end(`HTTP/1.1 101 Fine\r\n\r\n${Buffer.concat(parts).toString()}`))
  })
  http.serve([table])
  port = await http.listen(0, '127.0.0.1')
})
afterEach(() => {
  diagnostics.unsubscribe(START, onStart)
  return http.close()
})

/** Writes, and resolves with all that was answered when the connection is closed. */
function say(bytes: string | Buffer, then: (socket: Socket) => void = () => undefined): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, () => then(socket)))
    let said = ''
    socket.setEncoding('latin1').on('data', (text: string) => (said += text))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(said))
  })
}
const post = (headers: string, body = ''): string =>
  `POST /voice HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`
const refused = (reason: string): number => metrics.value('http_requests_refused_total', { reason })

/** As Java's client and `curl --http2` begin. */
const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ'

describe('an upgrade to what is not spoken here', () => {
  it('is passed over, and the request answered as it is', async () => {
    const long = 'x'.repeat(5000)
    expect(await say(post(`${H2C}\r\nContent-Length: 5000`, long))).toMatch(/^HTTP\/1.1 200 [^]*\n5000\r\n/)
    expect(await say(post(`${H2C}\r\nTransfer-Encoding: chunked`, '3\r\nabc\r\n0\r\n\r\n'))).toMatch(
      /^HTTP\/1.1 200 [^]*Connection: close/,
    )
    expect(await say(`GET /media HTTP/1.1\r\nHost: x\r\n${H2C}\r\n\r\n`)).toMatch(/^HTTP\/1.1 404 /)
    const both = 'Connection: upgrade\r\nUpgrade: h2c, WebSocket'
    expect(
      await say(`GET /media HTTP/1.1\r\nHost: x\r\n${both}\r\n\r\nearly`, (socket) => socket.end()),
    ).toBe('HTTP/1.1 101 Fine\r\n\r\nearly')
  })
})

describe('requests that nobody waits for', () => {
  it.each([
    ['posts', post('Content-Length: 0')],
    ['the shortest there are', 'GET / HTTP/1.0\r\n\r\n'],
    ['some of another protocol', 'OPTIONS * RTSP/1.0\r\n\r\n'],
    ['without a Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['with an expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n'],
    ['for answers that are long', 'GET /long HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['that would rather speak HTTP/2', post(`${H2C}\r\nContent-Length: 0`)],
  ])(
    '%s by the thousand: a few are answered, some fifty read, the connection is cut',
    async (_, request) => {
      await say(request.repeat(4000))
      expect(started).toBeLessThan(100)
      expect(answered).toBeLessThanOrEqual(4)
    },
    LIMIT_MS,
  )

  it('are refused one by one for what Node would answer by itself', async () => {
    expect(await say('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await say(post('Expect: x\r\nContent-Length: 0'))).toMatch(/^HTTP\/1\.1 417 /)
    expect([refused('no-host'), refused('expectation')]).toEqual([1, 1])
    expect(await say('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /)
    expect(await say(post('Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2', 'ab'))).toMatch(
      /200 OK[^]*\r\n2\r\n/,
    )
  })

  it(
    'is a cut that stands in the log and the metrics',
    async () => {
      await say(post('Content-Length: 0').repeat(4000))
      expect(metrics.value('http_connections_cut_total', { reason: 'too-many-requests' })).toBe(1)
      expect(log.find('HTTP: a connection was cut').map(({ fields }) => fields)).toEqual([
        { reason: 'too-many-requests' },
      ])
    },
    LIMIT_MS,
  )

  it(
    'two in a row are answered in order',
    async () => {
      const said = await say(
        post('Content-Length: 1', 'a') + post('Content-Length: 2\r\nConnection: close', 'bc'),
      )
      expect(
        said
          .match(/\r\n\r\n\d/g)
          ?.join('')
          .replaceAll('\r\n', ''),
      ).toMatch(/^1/)
      expect(answered).toBe(2)
    },
    LIMIT_MS,
  )
})

describe('a body', () => {
  it('in more pieces than one is read whole', async () => {
    const said = await say(post('Content-Length: 5000\r\nConnection: close', 'a'.repeat(5000)))
    expect(said).toContain('\r\n5000\r\n')
  })

  it.each([
    ['announced as too large', post(`Content-Length: ${MAX_BODY_BYTES + 1}`)],
    [
      'of unknown length that is too large',
      post('Transfer-Encoding: chunked', `20000\r\n${'a'.repeat(0x20000)}`),
    ],
  ])(
    '%s is refused, and not waited for',
    async (_, request) => {
      expect(await say(request)).toContain('HTTP/1.1 413 ')
      expect(refused('too-large')).toBe(1)
      expect(answered).toBe(0)
    },
    LIMIT_MS,
  )

  it('that comes byte by byte ends its connection', async () => {
    expect(await say(post('Transfer-Encoding: chunked', '1\r\n&\r\n'.repeat(30_000)))).toBe('')
    expect(refused('aborted')).toBe(1)
    expect(answered).toBe(0)
  })

  it(
    'that breaks off is counted, and is no error',
    async () => {
      for (let count = 0; count < 10; count++)
        await say(post('Content-Length: 10', 'abc'), (socket) => socket.destroy())
      await expect.poll(() => refused('aborted')).toBe(10)
      expect(log.entries).toEqual([])
    },
    LIMIT_MS,
  )
})

it(
  'what comes behind the head of an upgrade reaches its handler whole',
  async () => {
    const text = 'abcdefghij'.repeat(1000)
    const head = 'GET /media HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    expect(await say(head + text, (socket) => socket.end())).toBe(`HTTP/1.1 101 Fine\r\n\r\n${text}`)
  },
  LIMIT_MS,
)

it(
  'paths that nobody serves are told a few times, and counted',
  async () => {
    for (let count = 0; count < 12; count++)
      await say(`GET /wp-login.php?a=secret HTTP/1.1\r\nHost: x\r\n\r\n`)
    expect(refused('unknown-path')).toBe(12)
    const lines = log.find('HTTP: nobody serves this path; is the webhook at the carrier right?')
    expect(lines).toHaveLength(5)
    expect(lines[0]!.fields).toMatchObject({ method: 'GET', path: '/wp-login.php' })
  },
  LIMIT_MS,
)
