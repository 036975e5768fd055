import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CallSummary } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { type PhoneCall, placeCall } from '@kav/phone'
import { sqlStore } from '@kav/plugin-sql-store'
import { afterEach, describe, expect, it } from 'vitest'
import { recordFaults } from '../admin/record-faults.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const DESK = fileURLToPath(new URL('../fixtures/history-desk.yaml', import.meta.url))
const KAV = fileURLToPath(new URL('../../bin/kav.js', import.meta.url))
const TOKEN = 'sesame/open+now=123'
const LIMIT_MS = 240_000

describe('the history of a server', () => {
  const servers: ServedProcess[] = []
  const phones: PhoneCall[] = []
  afterEach(async () => {
    for (const phone of phones.splice(0)) phone.hangUp()
    for (const server of servers.splice(0)) await server.remove()
  })

  async function start(env: Record<string, string> = {}, dir?: string): Promise<ServedProcess> {
    const server = await serveProcess(DESK, { KAV_DRAIN_MS: '100', KAV_ADMIN_TOKEN: TOKEN, ...env }, dir)
    servers.push(server)
    return server
  }
  async function call(server: ServedProcess): Promise<PhoneCall> {
    const phone = await placeCall({ webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice` })
    phones.push(phone)
    await server.line('🔊 greeting_end')
    return phone
  }
  async function kav({ dir }: ServedProcess, ...args: readonly string[]): Promise<string> {
    const options = { cwd: dir, env: { ...process.env } }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [KAV, 'calls', ...args, '--pipeline', DESK],
      options,
    )
    return stdout
  }
  const listed = async (server: ServedProcess, ...args: readonly string[]): Promise<readonly CallSummary[]> =>
    JSON.parse(await kav(server, '--json', ...args)) as CallSummary[]
  const answeredAt = async (server: ServedProcess, path: string): Promise<unknown> =>
    (await fetch(server.adminUrl + path, { headers: { authorization: `Bearer ${TOKEN}` } })).json()
  const answered = (server: ServedProcess, id: string) => answeredAt(server, `/api/history/${id}`)
  /** By a reader of its own, beside the server. */
  const one = async (server: ServedProcess, state: string): Promise<CallSummary> => {
    const file = join(server.dir, 'recordings', 'calls.db')
    const store = sqlStore.create({ file, max_connections: 1 }, testContext())
    let found: readonly CallSummary[] = []
    const states = async (): Promise<readonly string[]> => {
      found = (await store.find({}, { limit: 10 })).calls
      return found.map((each) => each.state)
    }
    await expect.poll(states, { timeout: 120_000 }).toEqual([state])
    await store.close()
    return found[0]!
  }

  it(
    'has a call when it begins and when it is over, finds it by its words, and erases it',
    async () => {
      const server = await start()
      const phone = await call(server)
      const begun = await one(server, 'begun')
      expect(begun).toMatchObject({ direction: 'in', pipeline: 'recorded-desk', durationMs: 0 })
      expect(recordFaults(await answered(server, begun.id))).toEqual([])
      phone.hangUp()
      const over = await one(server, 'ended')
      expect(over).toMatchObject({ id: begun.id, outcome: 'caller', currency: 'USD' })
      expect(over.cost).toBeGreaterThan(0)
      expect(recordFaults(await answered(server, over.id))).toEqual([])
      const counted = (await answeredAt(server, '/api/figures?by=day')) as { readonly outcomes: unknown }
      expect(counted.outcomes).toMatchObject({ from: 'store' })
      expect(JSON.stringify(counted.outcomes)).toContain('"ended":{"caller":1}')
      expect(over.from).toMatch(/^\+/)
      expect(await listed(server, '--text', 'REACHED the echo')).toHaveLength(1)
      expect(await listed(server, '--text', 'nobody')).toEqual([])
      expect(await listed(server, '--from', over.from!, '--since', '1h')).toHaveLength(1)
      expect(await listed(server, '--outcome', 'killed')).toEqual([])
      for (const command of [[], ['export']])
        await expect(kav(server, ...command, '--outcome', 'Kiled')).rejects.toMatchObject({
          code: 2,
          stderr: 'kav: --outcome Kiled: no call ends so; did you mean killed?\n',
        })
      const shown = await kav(server, 'show', over.id)
      expect(shown).toContain('agent   Hello, you have reached the echo desk.')
      expect(shown).toMatch(/cost .*USD/)
      const [line] = (await kav(server, 'export')).trim().split('\n')
      expect(JSON.parse(line!)).toMatchObject({
        callId: over.id,
        from: over.from,
        stages: expect.any(Array) as unknown[],
      })
      expect((await kav(server, 'export', '--format', 'csv')).split('\n')[1]).toContain(over.id)
      const said = await kav(server, 'erase', '--caller', over.from!)
      expect(said).toMatch(/erased: 1 calls, 3 files, 0 that waited/)
      expect(await listed(server)).toEqual([])
      const left = readdirSync(join(server.dir, 'recordings')).filter((name) => name.includes(over.id))
      expect(left).toEqual([])
    },
    LIMIT_MS,
  )

  it(
    'has the call of a process that was killed as torn, from its journal',
    async () => {
      const server = await start()
      await call(server)
      await one(server, 'begun')
      // A call's last second is in no journal yet.
      const folder = join(server.dir, 'recordings')
      const journal = readdirSync(folder).find((name) => name.endsWith('.journal'))!
      await expect
        .poll(() => readFileSync(join(folder, journal), 'utf8'), { timeout: 120_000 })
        .toContain('greeting_queued')
      server.signal('SIGKILL')
      await server.exited
      const next = await start({}, server.dir)
      const torn = await one(next, 'torn')
      expect(torn.outcome).toBe('killed')
      expect(recordFaults(await answered(next, torn.id))).toEqual([])
      expect(await kav(next, 'show', torn.id)).toContain('Hello, you have reached the echo desk.')
    },
    LIMIT_MS,
  )

  it(
    'has the calls of every worker',
    async () => {
      const server = await start({ KAV_WORKERS: '2', MAX_CALLS: '1' })
      const phone = await call(server)
      await one(server, 'begun')
      // The second caller finds no room, whichever worker is asked.
      const body = new URLSearchParams({ CallSid: 'CAsecond', From: '+15550102', To: '+15550999' })
      await fetch(`http://127.0.0.1:${server.port}/twilio/voice`, { method: 'POST', body })
      phone.hangUp()
      const ended = async () =>
        ((await answeredAt(server, '/api/history')) as { calls: CallSummary[] }).calls.map(
          ({ outcome, reason, from }) => [outcome, reason, reason && from],
        )
      await expect
        .poll(async () => (await ended()).sort(), { timeout: 120_000 })
        .toEqual([
          ['caller', undefined, undefined],
          ['refused', 'full', '+15550102'],
        ])
      expect(await kav(server, '--outcome', 'refused')).toMatch(/\+15550102 .*refused: full/)
    },
    LIMIT_MS,
  )

  it(
    'has the end of a call whose worker had lost its parent',
    async () => {
      const server = await start({ KAV_WORKERS: '2' })
      const phone = await call(server)
      await one(server, 'begun')
      server.signal('SIGKILL')
      await server.exited
      const hasSaid = (message: string) => () => server.lines.some((line) => line['msg'] === message)
      await expect.poll(hasSaid('SERVER: draining, no new calls'), { timeout: 120_000 }).toBe(true)
      phone.hangUp()
      const left = 'WORKER: the parent is gone, a call waits for the next service'
      await expect.poll(hasSaid(left), { timeout: 120_000 }).toBe(true)
      const next = await start({}, server.dir)
      expect(await one(next, 'ended')).toMatchObject({ outcome: 'caller' })
      expect(readdirSync(join(server.dir, 'recordings')).filter((name) => name.endsWith('.journal'))).toEqual(
        [],
      )
    },
    LIMIT_MS,
  )
})
