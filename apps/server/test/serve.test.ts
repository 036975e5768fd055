import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCallerScript, placeCall, runCallScript } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { hasPromtool, promtool } from './promtool.ts'
import { serveProcess, type ServedProcess } from './served-process.ts'

const PIPELINE = fileURLToPath(new URL('fixtures/echo-desk.yaml', import.meta.url))
const PATIENT = fileURLToPath(new URL('fixtures/patient-desk.yaml', import.meta.url))
const FOR_ONE_CALL = fileURLToPath(new URL('fixtures/small-desk.yaml', import.meta.url))

/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000

type Readyz = { ready: boolean; pipelines: { providers: object[] }[] }

describe('kav serve', () => {
  let server: ServedProcess | undefined
  afterEach(() => server?.remove())

  const get = (path: string) => fetch(`http://127.0.0.1:${server!.port}${path}`)
  const ask = (path: string) => fetch(`${server!.adminUrl}${path}`)
  const webhookUrl = () => `http://127.0.0.1:${server!.port}/twilio/voice`

  it(
    'takes a call from webhook to hang-up and keeps its transcript and record',
    async () => {
      server = await serveProcess(PIPELINE)
      expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
      const script = createCallerScript({
        name: 'one question',
        steps: [
          { wait_mark: 'greeting_end' },
          { say: 'hello.wav' },
          { wait_hang_up: { timeout_ms: 30_000 } },
        ],
      })
      const result = await runCallScript({ webhookUrl: webhookUrl(), script })
      expect(result.script).toEqual({ passed: true })
      expect(result.endedBy).toBe('agent')
      expect(result.violations).toEqual([])
      expect(result.playout.cutOffMs).toBe(0)
      const ended = await server.line('📞 CALL: ended')
      expect(ended).toMatchObject({
        ended_by: 'agent',
        rx_queue_dropped_frames: 0,
        tx_queue_dropped_frames: 0,
      })
      // While the call ran, its journal lay there; it goes when the others are whole.
      const endings = (): string[] =>
        readdirSync(join(server!.dir, 'recordings')).map((name) => name.slice(name.indexOf('.')))
      await expect.poll(() => endings().sort()).toEqual(['.json', '.txt'])
      const files = readdirSync(join(server.dir, 'recordings'))
      const read = (ending: string): string =>
        readFileSync(
          join(
            server!.dir,
            'recordings',
            files.find((file) => file.endsWith(ending))!,
          ),
          'utf8',
        )
      expect(read('.txt')).toContain('agent   Hello, you have reached the echo desk.')
      expect(JSON.parse(read('.json'))).toMatchObject({ pipeline: 'echo-desk', endedBy: 'agent' })
      const ready = (await (await ask('/readyz')).json()) as Readyz
      expect(ready.ready).toBe(true)
      const wellOf = (kind: string, provider: string) => ({ kind, provider, region: '', state: 'closed' })
      expect(ready.pipelines[0]!.providers).toEqual([
        wellOf('stt', 'echo-stt'),
        wellOf('llm', 'echo-llm'),
        wellOf('tts', 'echo-tts'),
      ])
      const metrics = await (await ask('/metrics')).text()
      expect(metrics).toMatch(
        /kav_provider_state\{kind="stt",provider="echo-stt",region="",pipeline="echo-desk"\} 0/,
      )
      expect(metrics).toMatch(/kav_call_events_total\{event="call_ended",pipeline="echo-desk"\} 1/)
      if (hasPromtool) expect(promtool(['check', 'metrics'], metrics)).toBe('')
    },
    LIMIT_MS,
  )

  it(
    'drains on SIGTERM: no new calls, running ones finish, exit code 0',
    async () => {
      server = await serveProcess(PATIENT)
      const call = await placeCall({ webhookUrl: webhookUrl() })
      await server.line('🔊 greeting_end')
      server.signal('SIGTERM')
      await server.line('SERVER: draining, no new calls')
      expect((await get('/readyz')).status).toBe(503)
      expect((await get('/healthz')).status).toBe(200)
      await expect(placeCall({ webhookUrl: webhookUrl() })).rejects.toThrow()
      expect(call.ended).toBe(false)
      call.hangUp()
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'takes as many calls as the file says, those counted that were promised, and goes on taking them while it drains',
    async () => {
      server = await serveProcess(FOR_ONE_CALL)
      const ring = (CallSid: string) =>
        fetch(webhookUrl(), { method: 'POST', body: new URLSearchParams({ CallSid }) })
      const promised = await (await ring('CA1')).text()
      expect((await ring('CA2')).status).toBe(503)
      const full = await ask('/readyz')
      expect(full.status).toBe(503)
      expect(await full.json()).toMatchObject({ ready: false, reason: 'full', calls: 0, promised_calls: 1 })
      expect(await (await get('/readyz')).json()).toEqual({ ready: false, reason: 'full' })
      server.signal('SIGTERM')
      await server.line('SERVER: draining, no new calls')
      expect(await (await get('/readyz')).json()).toEqual({ ready: false, reason: 'draining' })

      const stream = new WebSocket(`ws://127.0.0.1:${server.port}/twilio/media`)
      await new Promise((resolve) => stream.on('open', resolve))
      stream.send(
        JSON.stringify({
          event: 'start',
          streamSid: 'MZ1',
          start: {
            streamSid: 'MZ1',
            callSid: 'CA1',
            mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
            customParameters: { token: /name="token" value="([^"]*)"/.exec(promised)?.[1] },
          },
        }),
      )
      expect(await server.line('📞 CALL: started')).toMatchObject({ call: 'CA1' })
      stream.close()
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'hangs up on what is left when the drain’s time is over',
    async () => {
      server = await serveProcess(PATIENT, { KAV_DRAIN_MS: '200' })
      const call = await placeCall({ webhookUrl: webhookUrl() })
      await server.line('🔊 greeting_end')
      server.signal('SIGTERM')
      expect((await call.finished).endedBy).toBe('agent')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'drains without a limit on SIGUSR1, and ends at the next signal',
    async () => {
      server = await serveProcess(PATIENT, { KAV_DRAIN_MS: '0' })
      const call = await placeCall({ webhookUrl: webhookUrl() })
      await server.line('🔊 greeting_end')
      server.signal('SIGUSR1')
      expect(await server.line('SERVER: draining, no new calls')).not.toHaveProperty('drain_ms')
      expect((await get('/healthz')).status).toBe(200)
      expect(call.ended).toBe(false)
      server.signal('SIGTERM')
      expect((await call.finished).endedBy).toBe('agent')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'survives garbage on its port while a call goes on',
    async () => {
      server = await serveProcess(PATIENT)
      const call = await placeCall({ webhookUrl: webhookUrl() })
      await server.line('🔊 greeting_end')
      const media = `ws://127.0.0.1:${server.port}/twilio/media`
      await Promise.all(
        ['nonsense', '{"event":"start"}', '[]', '{"event":"media","media":{"payload":"%%%"}}'].map((text) =>
          garbage(media, text),
        ),
      )
      expect((await get('/nowhere')).status).toBe(404)
      expect((await fetch(webhookUrl(), { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(413)
      expect(call.ended).toBe(false)
      call.hangUp()
      expect((await call.finished).playout.underruns.count).toBeGreaterThanOrEqual(0)
      expect((await get('/healthz')).status).toBe(200)
    },
    LIMIT_MS,
  )

  it(
    'keeps what was said out of the log when told so',
    async () => {
      server = await serveProcess(PIPELINE, { KAV_LOG_PRIVATE: 'off' })
      const call = await placeCall({ webhookUrl: webhookUrl() })
      await server.line('🔊 greeting_end')
      call.hangUp()
      await server.line('📞 CALL: ended')
      expect(JSON.stringify(server.lines)).not.toContain('echo desk.')
      expect(JSON.stringify(server.lines)).not.toContain('+1500')
    },
    LIMIT_MS,
  )
})

/** Resolves when the server has closed the connection, or taken no notice for a while. */
function garbage(url: string, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url)
    socket.on('open', () => {
      socket.send(text)
      socket.send(Buffer.from([0, 1, 2]))
      socket.ping()
      socket.terminate()
    })
    socket.on('close', () => resolve())
    socket.on('error', () => resolve())
  })
}
