import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWav } from '@kav/core'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const PLUGINS = fileURLToPath(new URL('../fixtures/echo-plugins.mjs', import.meta.url))
/** Its calls last until somebody ends them. */
const PATIENT = fileURLToPath(new URL('../fixtures/patient-plugins.mjs', import.meta.url))
const KAV = fileURLToPath(new URL('../../bin/kav.js', import.meta.url))
const LIMIT_MS = 240_000
const DESK = '+15550100'
const SALES = '+15550101'

let dir = ''
let server: ServedProcess | undefined
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'kav-service-'))))
afterEach(() => server?.remove())

/** Writes a pipeline file; `more` are lines of its top level. */
function write(
  name: string,
  more: string,
  greeting = `This is ${name}.`,
  voicePath = '/twilio/voice',
): string {
  const file = join(dir, `${name}.yaml`)
  writeFileSync(
    file,
    `version: 1
name: ${name}
${more}
transport:
  plugin: "@kav/plugin-twilio"
  params: { validate_signature: false, voice_path: ${voicePath} }
stt: { plugin: ${PATIENT} }
llm: { plugin: ${PLUGINS} }
tts: { plugin: ${PLUGINS} }
conversation:
  greeting: ${greeting}
${more.includes('limits:') ? '' : 'limits: { max_event_loop_lag_ms: 0 }'}
`,
  )
  return file
}

const dial = (to: string, path = '/twilio/voice'): Promise<PhoneCall> =>
  placeCall({ webhookUrl: `http://127.0.0.1:${server!.port}${path}`, to })

/** Who has answered: the lines of the call have its name; those of its transport have none, which several may share. */
async function answered(to: string, path?: string): Promise<unknown> {
  const call = await dial(to, path)
  const lineOf = () => server!.lines.find((line) => line['call'] === call.callSid && 'pipeline' in line)
  await expect.poll(lineOf, { timeout: LIMIT_MS }).toBeDefined()
  call.hangUp()
  await call.finished
  return lineOf()!['pipeline']
}

/** Runs a command beside the server and resolves with its exit code and what it printed. */
function kav(...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [KAV, ...args], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += String(text)))
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, said })))
}

const reloads = () => server!.lines.filter(({ msg }) => String(msg).startsWith('SERVICE: the files were'))

describe('a service of several pipelines', () => {
  it(
    'answers one path by the called number, and another path by itself',
    async () => {
      write('desk', 'default: true')
      write('sales', `numbers: ["${SALES}"]`)
      write('night', '', 'Closed.', '/night/voice')
      // The status and media paths are those of the others: they have to differ, too.
      const clash = await kav('serve', dir, '--port', '0')
      expect(clash.code).toBe(2)
      const told =
        /night\.yaml:\d+:\d+\s+transport: \/twilio\/status, \/twilio\/media: answered by "desk" \(.*desk\.yaml\)/
      expect(clash.said).toMatch(told)
      const checked = await kav('validate', '--service', dir)
      expect([checked.code, checked.said]).toEqual([2, expect.stringMatching(told)])

      write('night', '', 'Closed.', '/night/voice, media_path: /night/media, status_path: /night/status')
      server = await serveProcess(dir)
      expect(await answered(SALES)).toBe('sales')
      expect(await answered(DESK)).toBe('desk')
      expect(await answered(SALES, '/night/voice')).toBe('night')
      const ready = (await (await fetch(`${server.adminUrl}/readyz`)).json()) as {
        pipelines: { name: string }[]
      }
      expect(ready.pipelines.map(({ name }) => name)).toEqual(['desk', 'night', 'sales'])
      const figures = await (await fetch(`${server.adminUrl}/metrics`)).text()
      for (const name of ['desk', 'night', 'sales'])
        expect(figures).toMatch(
          new RegExp(`kav_call_events_total\\{event="call_started",pipeline="${name}"\\} 1`),
        )
    },
    LIMIT_MS,
  )

  it(
    'refuses a number that nobody answers, and says so',
    async () => {
      write('sales', `numbers: ["${SALES}"]`)
      server = await serveProcess(join(dir, 'sales.yaml'))
      await expect(dial(DESK)).rejects.toThrow()
      expect(await server.line('SERVICE: no pipeline answers the called number')).toMatchObject({
        private: { to: DESK },
      })
    },
    LIMIT_MS,
  )
})

describe('files that are read anew', () => {
  it(
    'answer the new calls, while running calls go on as they began; a bad file changes nothing',
    async () => {
      const desk = write('desk', 'default: true')
      server = await serveProcess([desk, write('sales', `numbers: ["${SALES}"]`)])
      const running = await dial(DESK)

      write('desk', 'default: true\nnonsense: 1')
      server.signal('SIGHUP')
      await expect.poll(reloads, { timeout: LIMIT_MS }).toHaveLength(1)
      expect(reloads()[0]).toMatchObject({
        why: 'SIGHUP',
        problems: expect.arrayContaining([
          expect.stringMatching(/desk\.yaml:4:1\s+unknown field "nonsense"/),
        ]),
      })
      expect(await answered(DESK)).toBe('desk')

      // The numbers change hands, and a call that is on keeps its own.
      write('desk', `numbers: ["${SALES}"]`)
      write('sales', 'default: true')
      server.signal('SIGHUP')
      await expect.poll(reloads, { timeout: LIMIT_MS }).toHaveLength(2)
      expect(reloads()[1]).toMatchObject({ changed: ['desk', 'sales'], unchanged: [] })
      expect(await answered(DESK)).toBe('sales')
      expect(running.ended).toBe(false)
      const gauge = async () => await (await fetch(`${server!.adminUrl}/metrics`)).text()
      expect(await gauge()).toContain('kav_active_calls{pipeline="desk"} 1')
      running.hangUp()
      expect((await running.finished).endedBy).toBe('caller')
      await expect.poll(gauge).toContain('kav_active_calls{pipeline="desk"} 0')
    },
    LIMIT_MS,
  )

  it(
    'cut no call, however often they are read anew, and let in no more than the limit meanwhile',
    async () => {
      const limit = 'limits: { max_calls: 2, max_event_loop_lag_ms: 0 }'
      server = await serveProcess(write('desk', limit))
      const first = await dial(DESK)
      const reread = async (outcomes: number) => {
        server!.signal('SIGHUP')
        await expect.poll(reloads, { timeout: LIMIT_MS }).toHaveLength(outcomes)
      }
      write('desk', limit, 'Good morning.')
      await reread(1)
      const second = await dial(DESK)
      // The transport is another one: the one before ends with the last call that it brought, whosever it is.
      write('desk', limit, 'Good evening.', '/twilio/voice, ping_interval_ms: 20000')
      await reread(2)
      await expect(dial(DESK)).rejects.toThrow()
      second.hangUp()
      await second.finished
      const figures = async () => await (await fetch(`${server!.adminUrl}/metrics`)).text()
      await expect.poll(figures, { timeout: LIMIT_MS }).toContain('kav_active_calls{pipeline="desk"} 1')
      expect(await answered(DESK)).toBe('desk')
      expect(first.ended).toBe(false)
      first.hangUp()
      expect((await first.finished).endedBy).toBe('caller')
    },
    LIMIT_MS,
  )

  it(
    'refuse nobody about whom a hook is being asked, with another transport, too',
    async () => {
      const asked = new Set<() => void>()
      const hook = createServer((_request, response) => void asked.add(() => response.end('{}')))
      await once(hook.listen(0, '127.0.0.1'), 'listening')
      const { port } = hook.address() as AddressInfo
      const hooks = `hooks: { before_call: { url: "http://127.0.0.1:${port}/", timeout_ms: 5000 } }`
      try {
        server = await serveProcess(write('desk', hooks))
        const dialled = dial(DESK)
        await expect.poll(() => asked.size, { timeout: LIMIT_MS }).toBe(1)
        write('desk', hooks, 'Good evening.', '/twilio/voice, ping_interval_ms: 20000')
        server.signal('SIGHUP')
        await expect.poll(reloads, { timeout: LIMIT_MS }).toHaveLength(1)
        for (const answer of asked) answer()
        const call = await dialled
        call.hangUp()
        expect((await call.finished).endedBy).toBe('caller')
      } finally {
        hook.close()
      }
    },
    LIMIT_MS,
  )

  it(
    'are taken by a command that says what came of it',
    async () => {
      const desk = write('desk', '')
      server = await serveProcess(desk, { ADMIN_PORT: '0' })
      const port = new URL(server.adminUrl).port
      const reload = () =>
        fetch(`${server!.adminUrl}/reload`, { method: 'POST', headers: { 'kav-command': 'reload' } })
      expect((await fetch(`${server.adminUrl}/reload`, { method: 'POST' })).status).toBe(403)
      expect(await (await reload()).json()).toMatchObject({ ok: true, unchanged: ['desk'], changed: [] })

      write('desk', '', 'Good morning.')
      process.env['ADMIN_PORT'] = port
      try {
        const taken = await kav('reload')
        expect(taken.code).toBe(0)
        expect(taken.said).toMatch(/desk\.yaml:\d+:\d+ warning: transport.*\nchanged: desk\n$/s)
        write('desk', 'numbers: [+15550100]')
        const refused = await kav('reload')
        expect(refused.code).toBe(2)
        expect(refused.said).toMatch(/desk\.yaml:3:\d+.*numbers/)
        expect(refused.said).toContain('nothing has changed')
        process.env['ADMIN_PORT'] = '1'
        expect(await kav('reload')).toMatchObject({
          code: 1,
          said: expect.stringContaining('is kav serve running'),
        })
      } finally {
        delete process.env['ADMIN_PORT']
      }
    },
    LIMIT_MS,
  )

  it(
    'are watched where that is asked for, new ones in a folder, and those that they name',
    async () => {
      write('desk', 'default: true')
      const sounds = mkdtempSync(join(dir, 'sounds-'))
      const hum = (hz: number): void => {
        const samples = Int16Array.from({ length: 16_000 }, (_, at) => 4000 * Math.sin((at * hz) / 1273))
        const audio = new Uint8Array(samples.buffer)
        writeFileSync(
          join(sounds, 'hum.wav'),
          writeWav({ encoding: 'linear16', sampleRateHz: 8000 }, 1, audio),
        )
      }
      server = await serveProcess([dir, '--watch'])
      const reloaded = async (times: number) => {
        await expect.poll(reloads, { timeout: LIMIT_MS }).toHaveLength(times)
        return reloads().at(-1)
      }
      // It is not there yet: its folder is watched all the same.
      write('sales', `numbers: ["${SALES}"]\nbackground: { file: ${sounds}/hum.wav }`)
      expect(await reloaded(1)).toMatchObject({
        problems: expect.arrayContaining([expect.stringContaining('background.file: there is no such file')]),
      })
      hum(300)
      expect(await reloaded(2)).toMatchObject({ added: ['sales'], unchanged: ['desk'] })
      const running = await dial(SALES)
      hum(500)
      expect(await reloaded(3)).toMatchObject({ changed: ['sales'], unchanged: ['desk'] })
      expect(running.ended).toBe(false)
      running.hangUp()
      expect((await running.finished).endedBy).toBe('caller')
      expect(await answered(SALES)).toBe('sales')
    },
    LIMIT_MS,
  )
})
