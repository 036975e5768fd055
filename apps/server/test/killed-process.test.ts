import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWav } from '@kav/core'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from './served-process.ts'

const DESK = fileURLToPath(new URL('fixtures/recorded-desk.yaml', import.meta.url))
/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000

interface WrittenRecord {
  readonly endedBy: string
  readonly durationMs: number
  readonly counters: Readonly<Record<string, number>>
  readonly transcript: readonly { readonly text: string }[]
  readonly incomplete?: readonly string[]
}

describe('a server that does not see the end of its calls', () => {
  const servers: ServedProcess[] = []
  const phones: PhoneCall[] = []
  afterEach(async () => {
    for (const phone of phones.splice(0)) phone.hangUp()
    for (const server of servers.splice(0)) await server.remove()
  })

  async function start(dir?: string): Promise<ServedProcess> {
    const server = await serveProcess(DESK, { KAV_DRAIN_MS: '100' }, dir)
    servers.push(server)
    return server
  }
  async function call(server: ServedProcess): Promise<void> {
    phones.push(await placeCall({ webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice` }))
    await server.line('🔊 greeting_end')
  }
  const filesOf = ({ dir }: ServedProcess): string[] => readdirSync(join(dir, 'recordings'))
  const pathOf = (server: ServedProcess, ending: string): string =>
    join(server.dir, 'recordings', filesOf(server).find((name) => name.endsWith(ending)) ?? `no${ending}`)
  const recordOf = (server: ServedProcess): WrittenRecord =>
    JSON.parse(readFileSync(pathOf(server, '.json'), 'utf8')) as WrittenRecord

  it(
    'is completed by the next one, once, and not by a neighbour while it lives',
    async () => {
      const server = await start()
      await call(server)
      // The last seconds of a call may still change, and are in no file yet.
      await expect
        .poll(() => statSync(pathOf(server, '.wav'), { throwIfNoEntry: false })?.size ?? 0, {
          timeout: 120_000,
        })
        .toBeGreaterThan(1000)
      const neighbour = await start(server.dir)
      expect(existsSync(pathOf(server, '.journal'))).toBe(true)
      expect(filesOf(server)).toHaveLength(2)
      server.signal('SIGKILL')
      await server.exited

      const next = await start(server.dir)
      // The neighbour may not have looked before.
      const message = 'RECORD: completed a call whose process died'
      const told = await Promise.any([next.line(message), neighbour.line(message)])
      expect(told).toMatchObject({ ended_by: 'killed' })
      expect(
        filesOf(server)
          .map((name) => name.slice(name.lastIndexOf('.')))
          .sort(),
      ).toEqual(['.json', '.txt', '.wav'])
      const record = recordOf(server)
      expect(record).toMatchObject({
        endedBy: 'killed',
        incomplete: expect.arrayContaining(['recording']) as string[],
      })
      expect(record.transcript).toMatchObject([{ text: 'Hello, you have reached the echo desk.' }])
      const wav = readFileSync(pathOf(server, '.wav'))
      const { audio } = readWav(wav)
      expect(audio.length).toBe(wav.length - 44)
      expect(wav.readUInt32LE(40)).toBe(audio.length)
      expect(record.counters['recording_ms']).toBe(Math.round(audio.length / 32))
      expect(record.durationMs).toBeGreaterThanOrEqual(record.counters['recording_ms']!)
    },
    LIMIT_MS,
  )

  it(
    'goes on at signals that mean nothing, and writes every record before a plugin that never closes takes it along',
    async () => {
      const server = await start()
      await call(server)
      const meaningless = ['SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGXFSZ', 'SIGIO'] as const
      for (const signal of meaningless) server.signal(signal)
      const told = (): unknown[] =>
        server.lines
          .filter((line) => line['msg'] === 'PROCESS: a signal that means nothing here')
          .map((line) => line['signal'])
      await expect.poll(() => told().sort(), { timeout: 120_000 }).toEqual([...meaningless].sort())
      expect(phones[0]!.ended).toBe(false)
      server.signal('SIGTERM')
      // As by SIGKILL: the event loop never turned again.
      expect(await server.exited).toBe(null)
      expect(recordOf(server)).toMatchObject({ endedBy: 'shutdown' })
      expect(filesOf(server)).toHaveLength(3)
    },
    LIMIT_MS,
  )
})
