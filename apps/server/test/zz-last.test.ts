import { fileURLToPath } from 'node:url'
import { execSync } from 'node:child_process'
import { placeCall } from '@kav/phone'
import { it } from 'vitest'
import { serveProcess } from './served-process.ts'
const DESK = fileURLToPath(new URL('./fixtures/recorded-desk.yaml', import.meta.url))
it('x', async () => {
  const server = await serveProcess(DESK, { KAV_DRAIN_MS: '100', KAV_WORKERS: '2' })
  const phone = await placeCall({ webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice` })
  await server.line('🔊 greeting_end')
  if (process.env['HANG'] === '1') phone.hangUp()
  await new Promise((r) => setTimeout(r, 1500))
  server.signal('SIGKILL')
  await server.exited
  phone.hangUp()
  for (let n = 0; n < 12; n++) {
    await new Promise((r) => setTimeout(r, 1000))
    console.log(n, execSync('ps -eo pid,ppid,etimes,stat,pcpu,args | grep worker-main | grep -v grep || true').toString())
  }
}, 60_000)
