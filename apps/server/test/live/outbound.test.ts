import { fileURLToPath } from 'node:url'
import { createKavClient, KavApiError, type KavClient } from '@kav/client'
import { type CarrierApi, openCarrierApi, placeCall, twilioSignature } from '@kav/phone'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HookReceiver, openHookReceiver } from '../hooks/hook-receiver.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const DESK = fileURLToPath(new URL('../fixtures/outbound-desk.yaml', import.meta.url))
const AUTH = '0123456789abcdef0123456789abcdef'
const ACCOUNT = `AC${'0'.repeat(32)}`
const TOKEN = 'the-operators-own-token'
const PUBLIC = 'https://voice.example.com'
const LIMIT_MS = 240_000

let carrier: CarrierApi
let server: ServedProcess
let client: KavClient
let receiver: HookReceiver

describe('a call that the operator has placed', () => {
  beforeAll(async () => {
    receiver = await openHookReceiver()
    carrier = await openCarrierApi({ accountSid: ACCOUNT, authToken: AUTH })
    server = await serveProcess(DESK, {
      FLEET_AUTH_TOKEN: AUTH,
      ACCOUNT_SID: ACCOUNT,
      CARRIER_URL: carrier.url,
      HOOK_URL: receiver.url,
      HOOK_SECRET: 'a-secret-of-the-hooks',
      KAV_ADMIN_TOKEN: TOKEN,
      KAV_WORKERS: '2',
    })
    client = createKavClient({ url: server.adminUrl, token: TOKEN })
  }, LIMIT_MS)
  afterAll(async () => {
    await server?.remove()
    await carrier?.close()
    await receiver.close()
  })

  it(
    'is ordered once however often it is asked for, and comes back with its values',
    async () => {
      const body = { pipeline: 'outbound-desk', to: '+15550123', values: { name: 'Noa', order: '17' } }
      const place = () => client.ask('POST /api/calls', { body, headers: { 'idempotency-key': 'k1' } })
      const [first, second] = await Promise.all([place(), place()])
      expect(second).toEqual(first)
      expect(await place()).toEqual(first)
      expect(carrier.ordered).toHaveLength(1)
      const [{ callSid, fields }] = carrier.ordered as [CarrierApi['ordered'][number]]
      expect([first.id, fields['To'], fields['From']]).toEqual([callSid, '+15550123', '+15550100'])

      // The callee has answered: Twilio asks the address that it was given, in its own name.
      const url = new URL(fields['Url']!)
      const phone = await placeCall({
        webhookUrl: `http://127.0.0.1:${server.port}${url.pathname}${url.search}`,
        publicUrl: 'https://voice.example.com',
        authToken: AUTH,
        accountSid: ACCOUNT,
        callSid,
        from: fields['From']!,
        to: fields['To']!,
        direction: 'outbound-api',
      })
      // At first it is a call that was promised: of the numbers its worker tells.
      await expect
        .poll(() => client.calls.list())
        .toMatchObject([{ id: callSid, direction: 'out', from: '+15550100', to: '+15550123' }])
      const started = await server.line('📞 CALL: started')
      expect(started['private']).toMatchObject({ name: 'Noa', order: '17', direction: 'outbound-api' })
      phone.hangUp()
      await phone.finished
    },
    LIMIT_MS,
  )

  it(
    'is refused with the reason',
    async () => {
      const codeOf = (body: object, key?: string) =>
        client
          .ask('POST /api/calls', {
            body: body as never,
            ...(key !== undefined && { headers: { 'idempotency-key': key } }),
          })
          .then(
            () => 'ok',
            (error: unknown) => (error instanceof KavApiError ? error.code : String(error)),
          )
      expect(await codeOf({ pipeline: 'other', to: '+15550123' })).toBe('unknown-pipeline')
      expect(await codeOf({ pipeline: 'outbound-desk', to: 'nobody' })).toBe('bad-request')
      expect(await codeOf({ pipeline: 'outbound-desk', to: '+15550199' }, 'k1')).toBe('key-reused')
      expect(await codeOf({ pipeline: 'outbound-desk', to: '+15550123', values: { 'a b': 'c' } })).toBe(
        'bad-request',
      )
      expect(carrier.ordered).toHaveLength(1)
    },
    LIMIT_MS,
  )

  const place = (to = '+15550123') =>
    client.ask('POST /api/calls', { body: { pipeline: 'outbound-desk', to } }).then(
      ({ id }) => id,
      (error: unknown) => (error instanceof KavApiError ? error.code : String(error)),
    )
  /** The carrier says how a call has ended, by whichever worker. */
  async function tellEnd(callSid: string, status: string): Promise<number> {
    const { fields } = carrier.ordered.find((order) => order.callSid === callSid)!
    const url = fields['StatusCallback']!
    const form = { CallSid: callSid, CallStatus: status, From: fields['From']!, To: fields['To']! }
    const { pathname, search } = new URL(url)
    const answer = await fetch(`http://127.0.0.1:${server.port}${pathname}${search}`, {
      method: 'POST',
      headers: { 'x-twilio-signature': twilioSignature(AUTH, url, form) },
      body: new URLSearchParams(form),
    })
    return answer.status
  }

  it(
    'holds its place while it rings, and leaves a record when nobody is reached',
    async () => {
      const ringing = [await place(), await place('+15550124')]
      expect(ringing.every((id) => id.startsWith('CA'))).toBe(true)
      expect(await place()).toBe('no-room')
      const offered = { webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`, authToken: AUTH }
      const dial = () => placeCall({ ...offered, publicUrl: PUBLIC, to: '+15550100' })
      await expect(dial()).rejects.toThrow()
      expect(await tellEnd(ringing[0]!, 'busy')).toBe(204)
      expect(await tellEnd(ringing[0]!, 'busy')).toBe(204)
      // The place of the one is free, that of the other is not.
      const phone = await dial()
      expect(await place()).toBe('no-room')
      phone.hangUp()
      await phone.finished
      await tellEnd(ringing[1]!, 'no-answer')

      const told = () => receiver.of('/after').filter(({ body }) => ringing.includes(body.callId))
      await expect.poll(() => told().length, { timeout: LIMIT_MS }).toBe(2)
      expect(told().map(({ body }) => body.record)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ endedBy: 'busy', direction: 'out', to: '+15550123' }),
          expect.objectContaining({ endedBy: 'no-answer', direction: 'out', to: '+15550124' }),
        ]),
      )
      const history = () => client.ask('GET /api/history', { query: { outcome: 'busy' } })
      await expect
        .poll(history, { timeout: LIMIT_MS })
        .toMatchObject({ calls: [{ id: ringing[0], outcome: 'busy', direction: 'out', turns: 0 }] })
      const event = server.lines.filter(({ msg }) => msg === '📞 CALL: nobody reached')
      expect(event.map(({ call, reason }) => [call, reason])).toEqual([
        [ringing[0], 'busy'],
        [ringing[1], 'no-answer'],
      ])
    },
    LIMIT_MS,
  )

  it(
    'is tried again when the carrier says that there are too many, and refused when it goes on saying so',
    async () => {
      const before = carrier.ordered.length
      carrier.refuseOrders(2)
      expect(await place('+15550125')).toMatch(/^CA/)
      expect(carrier.ordered).toHaveLength(before + 1)
      await tellEnd(carrier.ordered.at(-1)!.callSid, 'canceled')
      carrier.refuseOrders(100)
      expect(await place()).toBe('too-soon')
      carrier.refuseOrders(-100)
      // It holds nothing.
      expect(await Promise.all([place(), place('+15550126')])).toEqual([
        expect.stringMatching(/^CA/),
        expect.stringMatching(/^CA/),
      ])
    },
    LIMIT_MS,
  )
})
