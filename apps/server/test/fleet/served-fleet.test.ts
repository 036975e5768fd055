import { fileURLToPath } from 'node:url'
import { type CallEvent, createKavClient, KavApiError, type KavClient } from '@kav/client'
import {
  type CarrierApi,
  openCarrierApi,
  type PhoneCall,
  placeCall,
  type PlaceCallOptions,
  twilioSignature,
} from '@kav/phone'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type NatsServer,
  startNatsServer,
  withNatsServer,
} from '../../../../packages/directory-nats/test/nats-server.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const PIPELINE = fixture('fleet-desk.yaml')
const OUTBOUND = fixture('fleet-outbound-desk.yaml')
const ACCOUNT = `AC${'0'.repeat(32)}`
const PUBLIC = 'https://voice.example.com'
const TOKEN = 'the-operators-own-token'
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000
/** Less than the whole: what is waited for in vain is told. */
const wait = { timeout: 60_000 }

type Order = CarrierApi['ordered'][number]

interface Listed {
  readonly id: string
  readonly node: string
  readonly state: string
}

describe.skipIf(!withNatsServer('processes of one fleet'))('processes of one fleet', () => {
  let nats: NatsServer
  const served: ServedProcess[] = []
  const carriers: CarrierApi[] = []
  const phones: PhoneCall[] = []
  beforeAll(async () => void (nats = await startNatsServer()), LIMIT_MS)
  afterEach(async () => {
    // Workers speak their calls to the end, also when a test fails.
    for (const phone of phones.splice(0)) phone.hangUp()
    await Promise.all(served.splice(0).map((one) => one.remove()))
  }, LIMIT_MS)
  afterAll(async () => void (await Promise.all([nats.close(), ...carriers.map((one) => one.close())])))

  const serve = async (
    node: string,
    env: Record<string, string>,
    pipeline = PIPELINE,
  ): Promise<ServedProcess> => {
    const fleet = {
      KAV_DIRECTORY: nats.url,
      KAV_NODE: node,
      KAV_FLEET_MAX_CALLS: '3',
      KAV_ADMIN_TOKEN: TOKEN,
      ...env,
    }
    const one = await serveProcess(pipeline, { FLEET_AUTH_TOKEN: AUTH_TOKEN, ...fleet })
    served.push(one)
    return one
  }
  /**
   * Where the directory does not answer in time, a node takes its share of the free places alone: on a busy machine
   * it may refuse for a while where there is room.
   */
  const whenFree = <T>(ask: () => Promise<T>): Promise<T> => vi.waitFor(ask, { ...wait, interval: 200 })
  async function call(options: PlaceCallOptions): Promise<PhoneCall> {
    const phone = await placeCall({ authToken: AUTH_TOKEN, publicUrl: PUBLIC, ...options })
    phones.push(phone)
    return phone
  }
  const dial = ({ port }: ServedProcess): Promise<PhoneCall> =>
    call({ webhookUrl: `http://127.0.0.1:${port}/twilio/voice` })
  const listed = async ({ adminUrl }: ServedProcess): Promise<readonly string[]> => {
    const { calls } = (await (await fetch(`${adminUrl}/calls`)).json()) as { calls: Listed[] }
    return calls.map(({ id, node, state }) => `${node} ${id} ${state}`).sort()
  }
  const clientOf = ({ adminUrl }: ServedProcess): KavClient =>
    createKavClient({ url: adminUrl, token: TOKEN, operator: 'Dana' })
  const codeOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'ok',
      (error: unknown) => (error instanceof KavApiError ? error.code : String(error)),
    )
  const place = async (node: ServedProcess): Promise<string> => {
    const body = { pipeline: 'fleet-outbound-desk', to: '+15550123' }
    return (await clientOf(node).ask('POST /api/calls', { body })).id
  }
  const orderOf = ({ ordered }: CarrierApi, id: string): Order =>
    ordered.find(({ callSid }) => callSid === id)!
  const at = ({ port }: ServedProcess, url: string): string => {
    const { pathname, search } = new URL(url)
    return `http://127.0.0.1:${port}${pathname}${search}`
  }
  const answer = (node: ServedProcess, { callSid, fields }: Order): Promise<PhoneCall> =>
    call({
      webhookUrl: at(node, fields['Url']!),
      accountSid: ACCOUNT,
      callSid,
      from: fields['From']!,
      to: fields['To']!,
      direction: 'outbound-api',
    })
  async function tellEnd(node: ServedProcess, { callSid, fields }: Order, status: string): Promise<number> {
    const url = fields['StatusCallback']!
    const form = { CallSid: callSid, CallStatus: status, From: fields['From']!, To: fields['To']! }
    const signature = twilioSignature(AUTH_TOKEN, url, form)
    const body = new URLSearchParams(form)
    return (
      await fetch(at(node, url), { method: 'POST', headers: { 'x-twilio-signature': signature }, body })
    ).status
  }

  it(
    'know of each other’s calls, take no more than the fleet may, and go on when one of them dies',
    async () => {
      const carrier = await openCarrierApi({ accountSid: ACCOUNT, authToken: AUTH_TOKEN })
      carriers.push(carrier)
      const env = { ACCOUNT_SID: ACCOUNT, CARRIER_URL: carrier.url, KAV_FLEET_MAX_CALLS: '4' }
      const workers = await serve('many', { ...env, KAV_WORKERS: '2' }, OUTBOUND)
      const alone = await serve('alone', env, OUTBOUND)

      // What one has placed rings for all, and whichever the carrier tells of its end, the room is free.
      for (const [from, to, status] of [
        [alone, workers, 'busy'],
        [workers, alone, 'no-answer'],
      ] as const) {
        const id = await whenFree(() => place(from))
        const ringing = [{ id, direction: 'out', state: 'promised' }]
        for (const node of [workers, alone])
          await expect.poll(() => clientOf(node).calls.list(), wait).toMatchObject(ringing)
        expect(await tellEnd(to, orderOf(carrier, id), status)).toBe(204)
        for (const node of [workers, alone]) await expect.poll(() => listed(node), wait).toEqual([])
        const told = () => to.lines.filter(({ msg }) => msg === '📞 CALL: nobody reached')
        await expect.poll(told, wait).toMatchObject([{ call: id, reason: status }])
      }

      const one = await whenFree(() => dial(workers))
      const two = await whenFree(() => dial(workers))
      const three = await whenFree(() => dial(alone))
      const ringing = await whenFree(() => place(alone))
      const all = [
        `alone ${three.callSid} running`,
        `alone ${ringing} promised`,
        `many ${one.callSid} running`,
        `many ${two.callSid} running`,
      ].sort()
      for (const node of [workers, alone]) await expect.poll(() => listed(node), wait).toEqual(all)
      for (const node of [workers, alone]) {
        await expect(dial(node)).rejects.toThrow()
        expect(await codeOf(place(node))).toBe('no-room')
      }

      // Its calls are known dead, and there is room again.
      alone.signal('SIGKILL')
      await expect.poll(() => listed(workers), wait).toEqual(all.filter((call) => call.startsWith('many')))
      // What it had placed is answered elsewhere.
      const next = await whenFree(() => answer(workers, orderOf(carrier, ringing)))
      await expect
        .poll(() => clientOf(workers).calls.list(), wait)
        .toContainEqual(
          expect.objectContaining({ id: ringing, direction: 'out', node: 'many', state: 'running' }),
        )
      const ready = (await (await fetch(`${workers.adminUrl}/readyz`)).json()) as { fleet: object }
      expect(ready.fleet).toMatchObject({ kind: 'nats', node: 'many', connected: true })
      // Without the server the calls go on, and so does the process.
      await nats.kill()
      expect([one, two, next].filter(({ ended }) => ended)).toEqual([])
      for (const call of [one, two, next]) call.hangUp()
      const ends = await Promise.all([one, two, next].map(({ finished }) => finished))
      expect(ends.map(({ endedBy }) => endedBy)).toEqual(['caller', 'caller', 'caller'])
      workers.signal('SIGTERM')
      expect(await workers.exited).toBe(0)
    },
    LIMIT_MS,
  )

  async function until(
    events: AsyncIterator<CallEvent>,
    fits: (event: CallEvent) => boolean,
  ): Promise<CallEvent> {
    for (;;) {
      const { value, done } = await events.next()
      if (done) throw new Error('the events ended')
      if (fits(value)) return value
    }
  }
  const named = (name: string) => (one: CallEvent) => one.event === 'event' && one.data.event === name

  it(
    'watch, hear and steer each other’s calls, and say clearly what became of those of a node that dies',
    async () => {
      await nats.restart()
      const there = await serve('there', { KAV_WORKERS: '2', KAV_FLEET: 'desks' })
      const here = await serve('here', { KAV_FLEET: 'desks' })
      const client = clientOf(here)
      const all = client.events()
      expect((await all.next()).value).toMatchObject({ event: 'snapshot' })
      const phone = await whenFree(() => dial(there))
      const id = phone.callSid
      expect((await all.next()).value).toMatchObject({ data: { type: 'began', call: { id, node: 'there' } } })
      expect(await client.calls.list()).toMatchObject([{ id, node: 'there', state: 'running' }])

      const events = client.calls.events(id)
      expect((await events.next()).value).toMatchObject({ event: 'snapshot', data: { id, node: 'there' } })
      const heard = { caller: 0, agent: 0 }
      const listening = await client.calls.listen(id, { onFrame: (side) => void heard[side]++ })
      await client.calls.say(id, 'One moment please.', 'once')
      expect(await until(events, named('operator_said'))).toMatchObject({
        data: { fields: { by: 'Dana' }, private: { text: 'One moment please.' } },
      })
      await until(events, named('agent_said'))
      await until(events, ({ event }) => event === 'level')
      await expect.poll(() => Math.min(heard.caller, heard.agent), wait).toBeGreaterThan(10)
      await client.calls.interrupt(id)
      await until(events, named('operator_interrupted'))
      expect(await codeOf(client.calls.transfer(id, '+15550101'))).toBe('cannot-do')
      await client.calls.hangUp(id)
      expect(await until(events, ({ event }) => event === 'ended')).toMatchObject({
        data: { endedBy: 'operator' },
      })
      await listening.closed
      expect((await all.next()).value).toMatchObject({ data: { type: 'ended', call: { id } } })
      expect(await codeOf(client.calls.say(id, 'Hello?'))).toBe('unknown-call')

      // It hangs in the middle of a command, and dies.
      const lost = await whenFree(() => dial(there))
      expect((await all.next()).value).toMatchObject({ data: { type: 'began', call: { id: lost.callSid } } })
      there.signal('SIGSTOP')
      const pending = codeOf(client.calls.say(lost.callSid, 'Are you there?'))
      there.signal('SIGKILL')
      const startedMs = performance.now()
      expect(await pending).toMatch(/^(?:no-answer|node-lost)$/)
      expect(performance.now() - startedMs).toBeLessThan(60_000)
      await expect
        .poll(() => codeOf(client.calls.say(lost.callSid, 'Hello?')), wait)
        .toMatch(/^(?:node-lost|unknown-call)$/)
      expect((await all.next()).value).toMatchObject({ data: { type: 'lost', call: { id: lost.callSid } } })
      await all.return?.()
    },
    LIMIT_MS,
  )
})
