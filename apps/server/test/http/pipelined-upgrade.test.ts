import { connect } from 'node:net'
import { createTestLogger, createTestMetrics } from '@kav/core/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createHttpHost, type HttpHost } from '../../src/http-host.ts'
import { RouteTable } from '../../src/http/route-table.ts'

const LIMIT_MS = 240_000

let http: HttpHost
let port: number
let metrics = createTestMetrics()
/** How many turns of the loop an answer to a webhook takes. */
let answerTurns = 0
/** Never answered. */
let mute = false

beforeEach(async () => {
  mute = false
  metrics = createTestMetrics()
  http = createHttpHost(createTestLogger(), metrics, undefined, { requestLimitMs: 300 })
  http.route('POST', '/voice', async ({ body }) => {
    if (mute) await new Promise(() => undefined)
    for (let turn = 0; turn < answerTurns; turn++) await new Promise((resolve) => setImmediate(resolve))
    return { status: 200, body: `webhook of ${String(body)}` }
  })
  const table = new RouteTable()
  table.upgrade('/media', (request, socket, head) => {
    let said = ''
    const hear = (part: Buffer): void => {
      said += String(part)
      if (said.endsWith('.')) socket.end(`, all of ${said}`)
    }
    socket.write(`HTTP/1.1 101 Yes\r\n\r\nstream of ${String(request.headers['x-call'])}`)
    hear(head)
    socket.on('data', hear)
  })
  http.serve([table])
  port = await http.listen(0, '127.0.0.1')
})
afterEach(() => http.close())

const webhook = (call: string): string =>
  `POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: ${call.length}\r\n\r\n${call}`
const upgrade = (call: string): string =>
  `GET /media HTTP/1.1\r\nHost: x\r\nX-Call: ${call}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`

/** One connection that says all of it in pieces, and waits for nothing; resolves with what it was told. */
function say(pieces: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let told = ''
    socket.setNoDelay().setEncoding('latin1')
    socket.on('data', (text: string) => (told += text)).on('error', () => undefined)
    socket.on('end', () => socket.end()).on('close', () => resolve(told))
    const next = (at: number): void => {
      const piece = pieces[at]
      if (piece === undefined) return
      socket.write(piece, () => setImmediate(next, at + 1))
    }
    next(0)
  })
}

function cutAt(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => Math.floor(place * text.length)))].sort((a, b) => a - b)
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end))
}

it(
  'webhooks and an upgrade on one connection are answered in their order, however they are cut, and keep their bytes',
  async () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true })
    const connection = fc.record({
      webhooks: fc.integer({ min: 0, max: 3 }),
      bytes: fc.integer({ min: 0, max: 3000 }),
      cuts: fc.array(part, { maxLength: 6 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(connection, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 20 }),
        async (connections, turns) => {
          answerTurns = turns
          const told = await Promise.all(
            connections.map(({ webhooks, bytes, cuts }, index) => {
              const asked = Array.from({ length: webhooks }, (_, at) => `CA${index}-${at}`)
              const early = `${`${index}`.repeat(bytes)}.`
              return say(cutAt(`${asked.map(webhook).join('')}${upgrade(`CA${index}`)}${early}`, cuts))
            }),
          )
          for (const [index, { webhooks, bytes }] of connections.entries()) {
            const order = told[index]!.match(/webhook of CA\d-\d|stream of CA\d, all of \d*\./g)
            const asked = Array.from({ length: webhooks }, (_, at) => `webhook of CA${index}-${at}`)
            expect(order).toEqual([...asked, `stream of CA${index}, all of ${`${index}`.repeat(bytes)}.`])
          }
        },
      ),
      { numRuns: 60 },
    )
  },
  LIMIT_MS,
)

it('a far end that has said its last before its turn is no call, and gets the answers it waits for', async () => {
  answerTurns = 20
  const told = await new Promise<string>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let text = ''
    socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    socket.on('end', () => socket.end()).on('close', () => resolve(text))
    socket.end(`${webhook('CA1')}${upgrade('CA1')}`)
  })
  expect(told).toContain('webhook of CA1')
  expect(told).not.toContain('stream of')
})

it.each([
  ['whose webhook is never answered', ''],
  ['that goes on and on before it is answered', 'x'.repeat(70_000)],
])('a connection %s is ended, and counted', async (_what, early) => {
  mute = true
  expect(await say([`${webhook('CA1')}${upgrade('CA1')}`, early])).toBe('')
  expect(metrics.value('http_connections_cut_total', { reason: 'late-upgrade' })).toBe(1)
})
