import { fileURLToPath } from 'node:url'
import { placeCall } from '@kav/phone'
import { afterEach, expect, it } from 'vitest'
import { freePort } from './balancer.ts'
import { hasCaddy, openCaddy } from './caddy-balancer.ts'
import { serveProcess, type ServedProcess } from './served-process.ts'

const PIPELINE = fileURLToPath(new URL('fixtures/fleet-desk.yaml', import.meta.url))
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
const LIMIT_MS = 240_000

let server: ServedProcess | undefined
let balancer: Awaited<ReturnType<typeof openCaddy>> | undefined
afterEach(async () => {
  await balancer?.close()
  await server?.remove()
})

it.skipIf(!hasCaddy)(
  'a Caddy that reads its file again cuts no call',
  async () => {
    const port = await freePort()
    server = await serveProcess(PIPELINE, { FLEET_AUTH_TOKEN: AUTH_TOKEN, PORT: String(port) })
    const { origin, reload } = (balancer = await openCaddy([port]))
    const dial = () =>
      placeCall({
        webhookUrl: `${origin}/twilio/voice`,
        authToken: AUTH_TOKEN,
        publicUrl: 'https://voice.example.com',
      })
    const before = await dial()
    reload()
    // By the new settings, after those of the old ones that were to be closed.
    const after = await dial()
    const greeted = () => server!.lines.filter((line) => line['msg'] === '🔊 greeting_end').length
    await expect.poll(greeted, { timeout: LIMIT_MS }).toBe(2)
    for (const call of [before, after]) call.hangUp()
    const ends = await Promise.all([before, after].map(({ finished }) => finished))
    expect(ends.map(({ endedBy }) => endedBy)).toEqual(['caller', 'caller'])
  },
  LIMIT_MS,
)
