import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { placeCall } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from './served-process.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const ECHO = fixture('echo-desk.yaml')

/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000

describe('a server whose plugins, disk or operator misbehave', () => {
  let server: ServedProcess | undefined
  afterEach(() => server?.remove())

  const get = (path: string) => fetch(`http://127.0.0.1:${server!.port}${path}`)
  const ask = (path: string) => fetch(`${server!.adminUrl}${path}`)
  const call = () => placeCall({ webhookUrl: `http://127.0.0.1:${server!.port}/twilio/voice` })
  const errors = (message: string) => server!.lines.filter((line) => line['msg'] === message)

  it(
    'goes on when a plugin throws where nobody catches it, says whose it is, and stops although it never closes',
    async () => {
      server = await serveProcess(fixture('stray-desk.yaml'))
      const phone = await call()
      await server.line('🔊 greeting_end')
      expect(phone.ended).toBe(false)
      expect((await get('/healthz')).status).toBe(200)
      const told = errors('PROCESS: an error that nobody caught')
      expect(told.length).toBeGreaterThan(5)
      const named = told.filter((line) => line['plugin'] === './stray-plugins.mjs')
      expect(named.map((line) => line['kind']).sort()).toContain('uncaughtException')
      expect(named.map((line) => line['kind']).sort()).toContain('unhandledRejection')
      const metrics = await (await ask('/metrics')).text()
      expect(metrics).toMatch(
        /kav_stray_errors_total\{kind="uncaughtException",plugin="\.\/stray-plugins\.mjs"\}/,
      )
      phone.hangUp()
      await server.line('📞 CALL: ended')
      server.signal('SIGTERM')
      await server.line('SERVER: stopped')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'ends within its time when the disk hangs',
    async () => {
      server = await serveProcess(ECHO, {
        NODE_OPTIONS: `--import ${fixture('hanging-disk.mjs')}`,
        KAV_DRAIN_MS: '500',
      })
      for (let round = 0; round < 3; round++) {
        const phone = await call()
        await server.line('🔊 greeting_end')
        phone.hangUp()
        await phone.finished
      }
      // The threads of the pool are not all at the disk: a name is still looked up.
      expect((await fetch(`http://localhost:${server.port}/healthz`)).status).toBe(200)
      server.signal('SIGTERM')
      await server.line('STORAGE: not everything could be written')
      await server.line('SERVER: stopped')
      // As by SIGTERM: what hangs in the system holds an ordinary exit.
      expect(await server.exited).toBe(null)
    },
    LIMIT_MS,
  )

  it(
    'says that it is not ready, and why, once a probe has found its only voice down',
    async () => {
      server = await serveProcess(fixture('mute-desk.yaml'))
      expect((await get('/readyz')).status).toBe(200)
      const phone = await call()
      await phone.finished
      await expect.poll(async () => (await get('/readyz')).status, { timeout: 120_000 }).toBe(503)
      const ready = (await (await ask('/readyz')).json()) as {
        pipelines: { providers: { kind: string; state: string }[] }[]
      }
      expect(ready).toMatchObject({ ready: false, reason: 'no-provider', calls: 0 })
      expect(ready.pipelines[0]!.providers.find(({ kind }) => kind === 'tts')).toMatchObject({
        provider: 'mute-tts',
        code: 'KAV_PROVIDER_NETWORK',
      })
      expect((await get('/healthz')).status).toBe(200)
    },
    LIMIT_MS,
  )

  it(
    'takes two signals at once for what they are',
    async () => {
      server = await serveProcess(ECHO)
      const phone = await call()
      await server.line('🔊 greeting_end')
      server.signal('SIGTERM')
      server.signal('SIGINT')
      expect((await phone.finished).endedBy).toBe('agent')
      expect(await server.exited).toBe(0)
      expect(readdirSync(join(server.dir, 'recordings'))).toHaveLength(2)
    },
    LIMIT_MS,
  )

  it.each<[string, (recordings: string) => void]>([
    ['is a file', (recordings) => writeFileSync(recordings, '')],
    [
      'is a file, and that of the speech cache, too',
      (recordings) => {
        writeFileSync(recordings, '')
        const cache = join(recordings, '..', '.cache')
        takePlaceOf(cache)
      },
    ],
    ['vanishes', (recordings) => rmSync(recordings, { recursive: true, force: true })],
  ])(
    'takes call after call when the folder for files %s',
    async (_what, spoil) => {
      server = await serveProcess(ECHO)
      spoil(join(server.dir, 'recordings'))
      for (let round = 1; round <= 2; round++) {
        const phone = await call()
        await server.line('🔊 greeting_end')
        phone.hangUp()
        await phone.finished
        await expect.poll(() => errors('📞 CALL: ended').length).toBe(round)
        rmSync(join(server.dir, 'recordings'), { recursive: true, force: true })
        if (round === 1) spoil(join(server.dir, 'recordings'))
      }
      expect((await get('/healthz')).status).toBe(200)
      server.signal('SIGTERM')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'tells of files that could not be written in one line a call, and counts them',
    async () => {
      server = await serveProcess(ECHO)
      rmSync(join(server.dir, 'recordings'), { recursive: true, force: true })
      writeFileSync(join(server.dir, 'recordings'), '')
      const phone = await call()
      await server.line('🔊 greeting_end')
      phone.hangUp()
      const line = await server.line('RECORD: the call’s files could not be written')
      expect(line['files']).toHaveLength(2)
      expect(await (await ask('/metrics')).text()).toMatch(
        /^kav_call_files_failed_total\{pipeline="[^"]+"\} 2$/m,
      )
      rmSync(join(server.dir, 'recordings'))
      mkdirSync(join(server.dir, 'recordings'))
      const next = await call()
      await expect.poll(() => errors('🔊 greeting_end').length).toBe(2)
      next.hangUp()
      await expect.poll(() => readdirSync(join(server!.dir, 'recordings')).length).toBe(2)
    },
    LIMIT_MS,
  )
})

/** Puts a file where a folder is that the server may make again at any moment. */
function takePlaceOf(folder: string): void {
  for (let attempt = 1; ; attempt++) {
    rmSync(folder, { recursive: true, force: true })
    try {
      return writeFileSync(folder, '')
    } catch (error) {
      if (attempt === 100) throw error
    }
  }
}
