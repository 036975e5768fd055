import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { placeCall } from '@kav/phone'
import { createTestLogger } from '@kav/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpHost } from '../src/http-host.ts'
import { serveProcess, type ServedProcess, ulimit } from './served-process.ts'

const DESK = fileURLToPath(new URL('fixtures/patient-desk.yaml', import.meta.url))
const LIMIT_MS = 240_000
const POLL = { timeout: 120_000 }

describe('a process that the system gives little', () => {
  let server: ServedProcess | undefined
  afterEach(() => server?.remove())
  const figures = async () => (await fetch(`${server!.adminUrl}/metrics`)).text()
  const call = () => placeCall({ webhookUrl: `http://127.0.0.1:${server!.port}/twilio/voice` })

  it(
    'closes and counts connections before it has no files left for its calls, and takes them again',
    async () => {
      server = await serveProcess(DESK, {}, undefined, ulimit('-n 400'))
      const phone = await call()
      await server.line('🔊 greeting_end')
      const strangers = Array.from({ length: 450 }, () => connect(server!.port, '127.0.0.1'))
      const closed = strangers.map((socket) => untilClosed(socket))
      await expect
        .poll(figures, POLL)
        .toMatch(/^kav_http_connections_cut_total\{reason="too-many-connections"\} 3\d\d$/m)
      expect(phone.ended).toBe(false)
      for (const socket of strangers) socket.destroy()
      await Promise.all(closed)
      await expect
        .poll(
          () => fetch(`http://127.0.0.1:${server!.port}/healthz`).then(({ status }) => status, String),
          POLL,
        )
        .toBe(200)
      // Its record and transcript found files to be written to.
      phone.hangUp()
      await server.line('📞 CALL: ended')
      expect(await figures()).not.toMatch(/^kav_call_(files|journals)_failed_total\S* [1-9]/m)
    },
    LIMIT_MS,
  )

  it(
    'takes a call when no file may grow, and counts what it could not write',
    async () => {
      server = await serveProcess(DESK, {}, undefined, ulimit('-f 0'))
      const phone = await call()
      await server.line('🔊 greeting_end')
      phone.hangUp()
      await phone.finished
      await expect.poll(figures, POLL).toMatch(/^kav_call_files_failed_total\{pipeline="[^"]+"\} 2$/m)
      server.signal('SIGTERM')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )
})

it(
  'clients that never finish what they say are let go, and keep nobody waiting',
  async () => {
    const http = createHttpHost(createTestLogger(), undefined, undefined, { requestLimitMs: 100 })
    http.route('POST', '/voice', async () => ({ status: 200, body: 'well' }))
    const port = await http.listen(0, '127.0.0.1')
    const slow = [
      '',
      'POST /voice HT',
      'POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
    ].map((bytes) => {
      const socket = connect(port, '127.0.0.1')
      socket.write(bytes)
      return untilClosed(socket)
    })
    expect((await fetch(`http://127.0.0.1:${port}/voice`, { method: 'POST' })).status).toBe(200)
    const [, head, body] = await Promise.all(slow)
    expect(head).toMatch(/^HTTP\/1\.1 408 /)
    expect(body).toMatch(/^HTTP\/1\.1 408 /)
    await http.close()
  },
  LIMIT_MS,
)

/** Resolves with what was said to it. */
function untilClosed(socket: Socket): Promise<string> {
  let said = ''
  socket.setEncoding('latin1').on('data', (text: string) => (said += text))
  return new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(said))
  })
}
