import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createTestLogger } from '@kav/core/testing'
import { placeCall } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpHost } from '../src/http-host.ts'
import { serveProcess, type ServedProcess } from './served-process.ts'

const DESK = fileURLToPath(new URL('fixtures/patient-desk.yaml', import.meta.url))
const LIMIT_MS = 240_000
const POLL = { timeout: 120_000 }
const WEBHOOK = 'POST /twilio/voice HTTP/1.1\r\nHost: x\r\n'
const OF_EACH_KIND = 10
const DRIP_EVERY_MS = 20

/** What a client does that never comes to an end. Each returns how to stop it. */
const SLOW = {
  /** A byte of the head at a time. */
  dribbled: (socket: Socket) => drip(socket, `${WEBHOOK}X-Slow: ${'a'.repeat(10_000)}`),
  /** A byte of the body at a time; as many as were announced never come. */
  endless: (socket: Socket) => drip(socket, 'a'.repeat(10_000), `${WEBHOOK}Content-Length: 9999\r\n\r\n`),
  /** The same, of no length at all. */
  chunked: (socket: Socket) =>
    drip(socket, '1\r\na\r\n'.repeat(2000), `${WEBHOOK}Transfer-Encoding: chunked\r\n\r\n`),
  /** Asks, asks again, and reads nothing. */
  unread: (socket: Socket) => {
    socket.pause()
    const timer = setInterval(
      () => void socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000)),
      DRIP_EVERY_MS,
    )
    return () => clearInterval(timer)
  },
} as const

function drip(socket: Socket, text: string, before = ''): () => void {
  socket.write(before)
  let at = 0
  const timer = setInterval(() => void socket.write(text.charAt(at++)), DRIP_EVERY_MS)
  return () => clearInterval(timer)
}

describe('clients that take their time', () => {
  const stops: (() => void)[] = []
  let server: ServedProcess | undefined
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop()
    await server?.remove()
  })

  function open(kind: keyof typeof SLOW, port: number): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    const stop = SLOW[kind](socket)
    stops.push(stop, () => socket.destroy())
    let said = ''
    socket.setEncoding('latin1').on('data', (text: string) => (said += text))
    if (kind === 'unread') socket.pause()
    return new Promise((resolve) => {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        stop()
        resolve(said)
      })
    })
  }

  it(
    'keep no webhook and no call waiting, and no end of the process',
    async () => {
      server = await serveProcess(DESK)
      const { port, adminUrl } = server
      const kinds = Object.keys(SLOW) as (keyof typeof SLOW)[]
      for (let count = 0; count < OF_EACH_KIND; count++) for (const kind of kinds) void open(kind, port)
      const figures = async (): Promise<string> => (await fetch(`${adminUrl}/metrics`)).text()
      // Those that read nothing are the ones whose requests pile up.
      await expect
        .poll(figures, POLL)
        .toMatch(
          new RegExp(`^kav_http_connections_cut_total\\{reason="too-many-requests"\\} ${OF_EACH_KIND}$`, 'm'),
        )

      const phone = await placeCall({ webhookUrl: `http://127.0.0.1:${port}/twilio/voice` })
      await server.line('🔊 greeting_end')
      phone.hangUp()
      const { endedBy } = await phone.finished
      expect(endedBy).toBe('caller')
      server.signal('SIGTERM')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it.each(['dribbled', 'endless', 'chunked'] as const)(
    'are let go at their time however much still comes: %s',
    async (kind) => {
      const http = createHttpHost(createTestLogger(), undefined, undefined, { requestLimitMs: 200 })
      http.route('POST', '/twilio/voice', async () => ({ status: 200, body: 'well' }))
      const port = await http.listen(0, '127.0.0.1')
      expect(await open(kind, port)).toMatch(/^HTTP\/1\.1 408 /)
      await http.close()
    },
    LIMIT_MS,
  )
})
