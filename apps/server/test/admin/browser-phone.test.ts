import { fileURLToPath } from 'node:url'
import { createStreamMessages } from '@kav/phone/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const TOKEN = 'sesame/open+now=123'
const ENV = { FLEET_AUTH_TOKEN: '0123456789abcdef0123456789abcdef', KAV_ADMIN_TOKEN: TOKEN }
const STREAM_SID = 'MZ00000000000000000000000000000001'
const LIMIT_MS = 240_000

let server: ServedProcess

interface Offer {
  readonly callId: string
  readonly streamUrl: string
  readonly parameters: Readonly<Record<string, string>>
}

async function ask(body: object, token = TOKEN): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${server.adminUrl}/api/phone`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

/** As a browser opens it. Resolves with the first status that is not 101, or when it is open. */
function open(path: string, token = TOKEN): Promise<WebSocket | number> {
  const protocols = ['kav.v1', `kav.token.${encodeURIComponent(token)}`]
  const socket = new WebSocket(server.adminUrl.replace('http', 'ws') + path, protocols)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (request, { statusCode }) => {
      request.destroy()
      resolve(statusCode!)
    })
    socket.once('error', reject)
  })
}

/** What came back until the greeting's mark, or the end. */
async function talk({ callId, streamUrl, parameters }: Offer): Promise<readonly string[]> {
  const socket = (await open(streamUrl)) as WebSocket
  expect(socket.protocol).toBe('kav.v1')
  const messages = createStreamMessages({ accountSid: 'AC0', callSid: callId }, STREAM_SID)
  const heard: string[] = []
  const done = new Promise<void>((resolve) => {
    socket.on('close', () => resolve())
    socket.on('message', (data: Buffer) => {
      const { event } = JSON.parse(data.toString()) as { event: string }
      heard.push(event)
      if (event === 'mark') resolve()
    })
  })
  socket.send(messages.connected())
  socket.send(messages.start(parameters))
  await done
  socket.send(messages.stop())
  socket.close()
  return heard
}

const lineOf = (callId: string, event: string) =>
  server.lines.find((line) => line['call'] === callId && line['event'] === event)

describe.each([1, 2])('a call of the browser phone, where %i process(es) take the calls', (workers) => {
  beforeAll(async () => {
    server = await serveProcess(fixture('fleet-desk.yaml'), { ...ENV, KAV_WORKERS: `${workers}` })
  }, LIMIT_MS)
  afterAll(() => server.remove())

  it(
    'is a call like another, though it bears no signature of a carrier’s',
    async () => {
      const { status, body } = await ask({ pipeline: 'fleet-desk', from: '+15550100' })
      expect(status).toBe(200)
      const offer = body as Offer
      expect(offer.parameters).toMatchObject({ from: '+15550100', direction: 'inbound' })
      const heard = await talk(offer)
      expect(heard).toContain('media')
      expect(heard.at(-1)).toBe('mark')
      await expect.poll(() => lineOf(offer.callId, 'call_ended'), { timeout: LIMIT_MS }).toBeDefined()
      expect(lineOf(offer.callId, 'call_ended')).toMatchObject({ ended_by: 'caller', pipeline: 'fleet-desk' })
    },
    LIMIT_MS,
  )

  it('serves one stream for each that was promised', async () => {
    const offer = (await ask({ pipeline: 'fleet-desk' })).body as Offer
    await talk(offer)
    expect(await talk(offer)).toEqual([])
  })

  it('is nobody’s without the token, and no pipeline’s that there is not', async () => {
    expect(await ask({ pipeline: 'fleet-desk' }, 'another')).toMatchObject({ status: 401 })
    expect(await ask({ pipeline: 'no-desk' })).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown-pipeline' } },
    })
    const { streamUrl } = (await ask({ pipeline: 'fleet-desk' })).body as Offer
    expect(await open(streamUrl, 'another')).toBe(401)
    expect(await open(streamUrl.replace('fleet-desk', 'no-desk'))).toBe(404)
  })

  it('leaves the port of the carrier as it was: its streams are signed', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/twilio/media`)
    const status = await new Promise((resolve) =>
      socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode)),
    )
    expect(status).toBe(403)
    socket.on('error', () => undefined)
    socket.terminate()
  })
})
