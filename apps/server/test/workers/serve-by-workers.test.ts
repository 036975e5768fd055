import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { JOURNAL_ENDING } from '../../src/calls/call-journal.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const TOKEN = 'sesame/open+now=123'
const FLEET_ENV = { FLEET_AUTH_TOKEN: '0123456789abcdef0123456789abcdef', KAV_ADMIN_TOKEN: TOKEN }
/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000

let server: ServedProcess | undefined

const serve = async (workers: number, env: Record<string, string> = {}): Promise<void> => {
  server = await serveProcess(fixture('fleet-desk.yaml'), { ...FLEET_ENV, KAV_WORKERS: `${workers}`, ...env })
}
const dial = (): Promise<PhoneCall> =>
  placeCall({
    webhookUrl: `http://127.0.0.1:${server!.port}/twilio/voice`,
    authToken: FLEET_ENV.FLEET_AUTH_TOKEN,
    publicUrl: 'https://voice.example.com',
  })
/** What the voice webhook answers. */
async function offer(callSid: string): Promise<string> {
  const url = 'https://voice.example.com/twilio/voice'
  const fields = { CallSid: callSid, From: '+15550100', To: '+15550101' }
  const text = url + Object.entries(fields).flat().join('')
  const signature = createHmac('sha1', FLEET_ENV.FLEET_AUTH_TOKEN).update(text).digest('base64')
  const answer = await fetch(`http://127.0.0.1:${server!.port}/twilio/voice`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(fields),
  })
  return await answer.text()
}
const dialMany = (count: number) => Promise.all(Array.from({ length: count }, dial))
/** Resolves with how each of them ended. */
const hangUp = async (calls: readonly PhoneCall[]): Promise<readonly string[]> => {
  for (const call of calls) call.hangUp()
  return (await Promise.all(calls.map(({ finished }) => finished))).map(({ endedBy }) => endedBy)
}

interface Ready {
  readonly ready: boolean
  readonly leaving_calls: number
  readonly reason?: string
  readonly calls: number
  readonly workers: readonly { readonly worker: number; readonly pid: number; readonly calls: number }[]
}
const ready = async (): Promise<Ready> => (await (await fetch(`${server!.adminUrl}/readyz`)).json()) as Ready
const callsOfWorkers = async () => (await ready()).workers.map(({ calls }) => calls)
/** As programs and the console have them. */
const apiFigures = async (): Promise<unknown> => {
  const headers = { authorization: `Bearer ${TOKEN}` }
  return await (await fetch(`${server!.adminUrl}/api/figures?by=day`, { headers })).json()
}
const figures = async (path = '/metrics') => await (await fetch(server!.adminUrl + path)).text()

/** Says its last with the question, or when it has heard `until`. */
async function asked(text: string, until?: string): Promise<string> {
  const socket = connect(server!.port, '127.0.0.1')
  if (until === undefined) socket.end(text)
  else socket.write(text)
  let answer = ''
  socket.on('data', (part: Buffer) => {
    answer += String(part)
    if (until !== undefined && answer.includes(until)) socket.end()
  })
  await once(socket, 'close')
  return answer
}
const upgrade = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nearly bytes`

describe('a service of three workers', () => {
  const notes = join(mkdtempSync(join(tmpdir(), 'kav-notes-')), 'notes.txt')
  beforeAll(async () => {
    writeFileSync(notes, 'one')
    await serve(3, { FLEET_NOTES: notes })
  }, LIMIT_MS)
  afterAll(async () => {
    await server?.remove()
    rmSync(dirname(notes), { recursive: true })
  })

  it(
    'tells of all of them in one place, in sum and each by itself',
    async () => {
      const calls = [await dial(), await dial()]
      const started = (labels: string) =>
        `kav_call_events_total{event="call_started",pipeline="fleet-desk"${labels}`
      await expect.poll(() => figures(), { timeout: LIMIT_MS }).toContain(started('} 2'))
      const each = await figures('/metrics/workers')
      const ofEach = [1, 2, 3].map((worker) => each.includes(started(`,worker="${worker}"} 1`)))
      expect(ofEach.filter(Boolean)).toHaveLength(2)
      await expect.poll(apiFigures, { timeout: LIMIT_MS }).toMatchObject({
        running: 2,
        pipelines: [{ name: 'fleet-desk', running: 2, free: 18 }],
        totals: { callsBegun: 2 },
      })
      expect(await hangUp(calls)).toEqual(calls.map(() => 'caller'))
      await expect.poll(callsOfWorkers, { timeout: LIMIT_MS }).toEqual([0, 0, 0])
      // When their files are written.
      const told = async () => JSON.stringify(await apiFigures())
      await expect.poll(told, { timeout: LIMIT_MS }).toContain('"ended":{"caller":2}')
    },
    LIMIT_MS,
  )

  it(
    'takes exactly as many calls as the file says, however they are spread',
    async () => {
      // The file says 20; a refused one gets no TwiML of a stream.
      const answers = await Promise.allSettled(Array.from({ length: 26 }, dial))
      const taken = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
      expect(taken).toHaveLength(20)
      expect(await ready()).toMatchObject({ ready: false, reason: 'full' })
      await hangUp(taken)
      const again = await dial()
      expect(await hangUp([again])).toEqual(['caller'])
      await expect.poll(callsOfWorkers, { timeout: LIMIT_MS }).toEqual([0, 0, 0])
    },
    LIMIT_MS,
  )

  it(
    'reads its files anew in every worker, and those that they name',
    async () => {
      const running = await dialMany(3)
      const reload = async () =>
        (
          await fetch(`${server!.adminUrl}/reload`, { method: 'POST', headers: { 'kav-command': 'reload' } })
        ).json()
      expect(await reload()).toMatchObject({ ok: true, unchanged: ['fleet-desk'] })
      const leaving = async () => (await ready()).leaving_calls
      expect(await leaving()).toBe(0)
      writeFileSync(notes, 'two')
      expect(await reload()).toMatchObject({ ok: true, changed: ['fleet-desk'] })
      await expect.poll(leaving, { timeout: LIMIT_MS }).toBe(3)
      server!.signal('SIGHUP')
      await server!.line('SERVICE: the files were read anew')
      expect(running.filter(({ ended }) => ended)).toEqual([])
      expect(await hangUp([...running, await dial()])).toEqual(Array.from({ length: 4 }, () => 'caller'))
      await expect.poll(callsOfWorkers, { timeout: LIMIT_MS }).toEqual([0, 0, 0])
    },
    LIMIT_MS,
  )

  it(
    'hands on what a far end has written before it was answered, and answers paths that nobody serves itself',
    async () => {
      // No signature: the worker refuses, and closes what it was handed.
      for (const path of ['/twilio/media', '/twilio/media/w1', '/twilio/media/w2', '/twilio/media/w30'])
        expect(await asked(upgrade(path))).toMatch(/^HTTP\/1.1 403 /)
      expect(await asked(upgrade('/twilio/media/x'))).toMatch(/^HTTP\/1.1 404 /)
      // Behind a webhook that a worker has still to answer: first that answer, then this one.
      const webhook = 'POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'
      const both = await asked(webhook + upgrade('/twilio/media/w2'), 'HTTP/1.1 403 Forbidden\r\nConnection')
      expect(both.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 403', 'HTTP/1.1 403'])
    },
    LIMIT_MS,
  )

  it(
    'spreads the calls, also those that ring at once',
    async () => {
      // Offered, and no stream of it: what the carrier says of streams would be among the requests.
      const offers = await Promise.all(Array.from({ length: 9 }, (_, index) => offer(`CA${index}`)))
      expect(offers.map((twiml) => /media\/w[123]/.test(twiml))).toEqual(offers.map(() => true))
      // Which of them is busy is the machine's affair; that each gets its share is `worker-choice.test.ts`.
      const has = await callsOfWorkers()
      expect([has.reduce((sum, calls) => sum + calls), has.includes(0)]).toEqual([9, false])
      // The same request once more is the same call.
      expect(await offer('CA0')).toBe(offers[0])
      expect(await callsOfWorkers()).toEqual(has)
    },
    LIMIT_MS,
  )
})

/** One after the other, of one service: each leaves it whole, the last one ends it. */
describe('a service of two workers', () => {
  beforeAll(async () => {
    await serve(2, { KAV_WORKER_HANGS_S: '5' })
  }, LIMIT_MS)
  afterAll(() => server?.remove())

  it(
    'loses a killed worker’s calls alone, and a hanging one’s, records them as lost, and has others in their place',
    async () => {
      const calls = await dialMany(4)
      const [victim] = (await ready()).workers
      const workerOf = (call: PhoneCall) =>
        server!.lines.find((line) => line['call'] === call.callSid && 'worker' in line)?.['worker']
      const told = () => calls.every((call) => workerOf(call) !== undefined)
      await expect.poll(told, { timeout: LIMIT_MS }).toBe(true)
      const [lost, kept] = [
        calls.filter((call) => workerOf(call) === victim!.worker),
        calls.filter((call) => workerOf(call) !== victim!.worker),
      ]
      expect([lost.length, kept.length]).toEqual([2, 2])
      // What is to be found of them is on the disk.
      const journals = () =>
        readdirSync(join(server!.dir, 'recordings')).filter((file) => file.endsWith(JOURNAL_ENDING))
      await expect.poll(journals, { timeout: LIMIT_MS }).toHaveLength(4)
      process.kill(victim!.pid, 'SIGKILL')
      // On their way to it, or waiting behind one that is: none stays open, and another worker has those that waited.
      const knocks = Array.from({ length: 5 }, () =>
        asked(upgrade(`/twilio/media/w${victim!.worker}`), '403'),
      )
      const answers = (await Promise.all(knocks)).map((answer) => answer.slice(9, 12))
      expect(answers.filter((status) => status === '403').length).toBeGreaterThanOrEqual(4)
      await Promise.all(lost.map(({ finished }) => finished))
      expect(await server!.line('WORKER: its calls are lost')).toMatchObject({
        worker: victim!.worker,
        calls: 2,
      })

      const pids = async () => (await ready()).workers.map(({ pid }) => pid)
      await expect.poll(pids, { timeout: LIMIT_MS }).toHaveLength(2)
      expect(await pids()).not.toContain(victim!.pid)
      expect(await figures()).toContain('kav_worker_exits_total{reason="SIGKILL"} 1')
      expect(await figures()).toContain('kav_worker_calls_lost_total 2')
      // The next worker of the slot completes the records of the one before it.
      const recordOf = (call: PhoneCall) => {
        const dir = join(server!.dir, 'recordings')
        const name = readdirSync(dir).find((file) => file.includes(call.callSid) && file.endsWith('.json'))
        return name && (JSON.parse(readFileSync(join(dir, name), 'utf8')) as { incomplete?: unknown })
      }
      for (const call of lost)
        await expect
          .poll(() => recordOf(call), { timeout: LIMIT_MS })
          .toMatchObject({ incomplete: expect.anything() })

      const next = await dialMany(2)
      // Not two each: on a busy machine a worker that has just begun may count as the busier one.
      const held = await callsOfWorkers()
      expect(held.reduce((sum, calls) => sum + calls, 0)).toBe(4)
      expect(held.filter((calls) => calls > 0)).toHaveLength(2)
      expect(kept.filter(({ ended }) => ended)).toEqual([])

      // A loop that never returns: it says nothing, and closes nothing. The system closes what its end leaves.
      const hanging = (await ready()).workers.find(({ worker }) => worker === workerOf(kept[0]!))!
      await expect.poll(() => next.every((call) => workerOf(call) !== undefined)).toBe(true)
      const inIt = [...kept, ...next].filter((call) => workerOf(call) === hanging.worker)
      const others = next.filter((call) => !inIt.includes(call))
      process.kill(hanging.pid, 'SIGSTOP')
      await Promise.all(inIt.map(({ finished }) => finished))
      expect(await server!.line('WORKER: hangs, and is ended')).toMatchObject({ worker: hanging.worker })
      await expect.poll(pids, { timeout: LIMIT_MS }).toHaveLength(2)
      expect(await pids()).not.toContain(hanging.pid)
      const counted = await figures()
      expect(counted).toContain('kav_worker_hangs_total 1')
      expect(counted).toContain(`kav_worker_calls_lost_total ${2 + inIt.length}`)
      expect(await hangUp(others)).toEqual(others.map(() => 'caller'))
    },
    LIMIT_MS,
  )

  it(
    'tells a balancer to ask elsewhere while it has no worker, and takes calls again',
    async () => {
      const killed = (await ready()).workers.map(({ pid }) => pid)
      for (const pid of killed) process.kill(pid, 'SIGKILL')
      const statuses = new Set<number>()
      const areFollowed = async () => {
        statuses.add(
          (await fetch(`http://127.0.0.1:${server!.port}/twilio/voice`, { method: 'POST' })).status,
        )
        const { ready: isReady, workers } = await ready()
        return isReady && workers.length === 2 && workers.every(({ pid }) => !killed.includes(pid))
      }
      await expect.poll(areFollowed, { timeout: LIMIT_MS }).toBe(true)
      // Unsigned, so a worker answers 403; the path is there in any case.
      expect([...statuses].filter((status) => status !== 403 && status !== 503)).toEqual([])
      expect(await hangUp([await dial()])).toEqual(['caller'])
    },
    LIMIT_MS,
  )

  it(
    'drains all of them on one signal, takes what they promised, and leaves no process behind',
    async () => {
      const calls = await dialMany(3)
      const { workers } = await ready()
      server!.signal('SIGTERM')
      await server!.line('SERVER: draining, no new calls')
      await expect(dial()).rejects.toThrow()
      expect(calls.filter(({ ended }) => ended)).toEqual([])
      expect(await hangUp(calls)).toEqual(['caller', 'caller', 'caller'])
      expect(await server!.exited).toBe(0)
      const alive = execFileSync('ps', ['-A', '-o', 'pid=']).toString().split(/\s+/)
      for (const { pid } of workers) expect(alive).not.toContain(`${pid}`)
    },
    LIMIT_MS,
  )
})

describe('a service of several workers', () => {
  afterEach(() => server?.remove())

  it(
    'hangs up on what is left when the drain’s time is over, in every worker',
    async () => {
      await serve(2, { KAV_DRAIN_MS: '100' })
      const calls = await dialMany(2)
      server!.signal('SIGTERM')
      const ends = await Promise.all(calls.map(({ finished }) => finished))
      expect(ends.map(({ endedBy }) => endedBy)).toEqual(['agent', 'agent'])
      expect(await server!.exited).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'speaks its calls to their end where the parent is killed',
    async () => {
      await serve(2)
      const calls = await dialMany(2)
      server!.signal('SIGKILL')
      await server!.exited
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(calls.filter(({ ended }) => ended)).toEqual([])
      expect(await hangUp(calls)).toEqual(['caller', 'caller'])
    },
    LIMIT_MS,
  )
})
