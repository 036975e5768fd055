import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { placeCall } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from './served-process.ts'

const PIPELINE = fileURLToPath(new URL('fixtures/fleet-desk.yaml', import.meta.url))
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'

/** The status that a stream nobody signed is answered with. */
function askForStream(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' }
    request({ port, host: '127.0.0.1', path: '/twilio/media', headers })
      .on('response', (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end()
  })
}

describe('a process that drains behind a balancer', () => {
  let served: ServedProcess | undefined
  afterEach(() => served?.remove())

  it(
    'passes on the streams that its neighbours promised, and ends with its own calls',
    { timeout: 120_000 },
    async () => {
      served = await serveProcess(PIPELINE, { FLEET_AUTH_TOKEN: AUTH_TOKEN })
      const call = await placeCall({
        webhookUrl: `http://127.0.0.1:${served.port}/twilio/voice`,
        authToken: AUTH_TOKEN,
        publicUrl: 'https://voice.example.com',
      })
      expect(await askForStream(served.port)).toBe(403)
      served.signal('SIGTERM')
      await served.line('SERVER: draining, no new calls')
      expect(await askForStream(served.port)).toBe(503)
      const figures = await (await fetch(`${served.adminUrl}/metrics`)).text()
      expect(figures).toContain('kav_http_upgrades_refused_total{reason="draining"} 1')
      call.hangUp()
      expect((await call.finished).endedBy).toBe('caller')
      expect(await served.exited).toBe(0)
    },
  )
})
