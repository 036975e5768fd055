import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWav } from '@kav/core'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { openHookReceiver } from './hooks/hook-receiver.ts'
import { serveProcess, type ServedProcess } from './served-process.ts'
import { canMount, smallFileSystem } from './small-file-system.ts'

const DESK = fileURLToPath(new URL('fixtures/recorded-desk.yaml', import.meta.url))
const TOLD = fileURLToPath(new URL('fixtures/told-desk.yaml', import.meta.url))
/** A recording gives 64 KB back: something is to be left of it. */
const DISK_KB = 88
const LIMIT_MS = 240_000
const POLL = { timeout: 120_000 }

describe.skipIf(!canMount)('a disk that is really full (ENOSPC)', () => {
  let server: ServedProcess | undefined
  afterEach(() => server?.remove())

  const figures = async (): Promise<string> => (await fetch(`${server!.adminUrl}/metrics`)).text()
  /** As the process sees it. */
  const disk = (): string => join(`/proc/${server!.pid}/root`, server!.dir, 'recordings')
  const endings = (): string[] =>
    readdirSync(disk())
      .map((name) => extname(name))
      .sort()
  const pathOf = (ending: string): string =>
    join(disk(), readdirSync(disk()).find((name) => name.endsWith(ending)) ?? `no${ending}`)
  async function call(): Promise<PhoneCall> {
    const phone = await placeCall({ webhookUrl: `http://127.0.0.1:${server!.port}/twilio/voice` })
    await phone.until(() => phone.playout.receivedBytes > 4000 || undefined, {
      timeoutMs: LIMIT_MS,
      what: 'the greeting to be heard',
    })
    return phone
  }

  it(
    'ends a recording that plays, keeps the record, takes calls without either, and has both again with room',
    async () => {
      server = await serveProcess(DESK, {}, undefined, smallFileSystem('recordings', DISK_KB))
      const long = await call()
      await expect.poll(figures, POLL).toMatch(/^kav_recordings_failed_total\{pipeline="[^"]+"\} 1$/m)
      expect(long.ended).toBe(false)
      long.hangUp()
      await expect.poll(endings, POLL).toEqual(['.json', '.txt', '.wav'])
      const { audio } = readWav(readFileSync(pathOf('.wav')))
      expect(audio.length).toBeGreaterThan(0)
      expect(JSON.parse(readFileSync(pathOf('.json'), 'utf8'))).toMatchObject({
        endedBy: 'caller',
        incomplete: ['recording'],
      })

      // Not one byte is left.
      const filler = join(disk(), 'filler')
      expect(() => writeFileSync(filler, Buffer.alloc(2 * DISK_KB * 1024))).toThrow('ENOSPC')
      const without = await call()
      without.hangUp()
      expect((await without.finished).endedBy).toBe('caller')
      await expect.poll(figures, POLL).toMatch(/^kav_call_files_failed_total\{pipeline="[^"]+"\} 2$/m)
      expect(await figures()).toMatch(/^kav_call_journals_failed_total\{pipeline="[^"]+"\} 1$/m)

      // The next start makes of its journal what it can.
      expect(endings()).toEqual(['', '.journal', '.json', '.txt', '.wav'])

      rmSync(filler)
      rmSync(pathOf('.wav'))
      const after = await call()
      after.hangUp()
      await expect.poll(endings, POLL).toEqual(['.journal', '.json', '.json', '.txt', '.txt', '.wav'])
      expect(statSync(pathOf('.wav')).size).toBeGreaterThan(44)
    },
    LIMIT_MS,
  )

  it(
    'costs no call anything where what waits for after_call has no room, and all are told of when there is',
    async () => {
      const receiver = await openHookReceiver()
      let isAway = true
      receiver.answer = (_hook, response) => void response.writeHead(isAway ? 503 : 204).end()
      try {
        const env = { HOOK_URL: receiver.url, HOOK_SECRET: 'a-secret-of-the-hooks' }
        server = await serveProcess(TOLD, env, undefined, smallFileSystem('outbox', DISK_KB))
        const folder = join(`/proc/${server.pid}/root`, server.dir, 'outbox')
        const ended = async (): Promise<string> => {
          const phone = await call()
          phone.hangUp()
          expect((await phone.finished).endedBy).toBe('caller')
          return phone.callSid
        }
        const before = await ended()
        await expect.poll(() => receiver.received.length, POLL).toBeGreaterThan(0)
        const filler = join(folder, 'filler')
        expect(() => writeFileSync(filler, Buffer.alloc(2 * DISK_KB * 1024))).toThrow('ENOSPC')
        const meanwhile = await ended()
        await expect
          .poll(figures, POLL)
          .toMatch(/^kav_outbox_disk_failed_total\{[^}]*after-call[^}]*\} [1-9]/m)
        expect(server.lines.some(({ level, msg }) => Number(level) >= 40 && /OUTBOX/.test(String(msg)))).toBe(
          true,
        )
        rmSync(filler)
        isAway = false
        const after = await ended()
        const told = (): readonly string[] => [
          ...new Set(receiver.received.map(({ body }) => body.callId as string)),
        ]
        await expect.poll(told, POLL).toEqual(expect.arrayContaining([before, meanwhile, after]))
        await expect.poll(figures, POLL).toMatch(/^kav_outbox_waiting\{[^}]*after-call[^}]*\} 0$/m)
      } finally {
        await receiver.close()
      }
    },
    LIMIT_MS,
  )
})
