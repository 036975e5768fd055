import { fileURLToPath } from 'node:url'
import { createKavClient, KavApiError, type KavClient } from '@kav/client'
import { type CarrierApi, openCarrierApi, placeCall } from '@kav/phone'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const DESK = fileURLToPath(new URL('../fixtures/outbound-desk.yaml', import.meta.url))
const AUTH = '0123456789abcdef0123456789abcdef'
const ACCOUNT = `AC${'0'.repeat(32)}`
const TOKEN = 'the-operators-own-token'
const LIMIT_MS = 90_000

let carrier: CarrierApi
let server: ServedProcess
let client: KavClient

describe('a call that the operator has placed', () => {
  beforeAll(async () => {
    carrier = await openCarrierApi({ accountSid: ACCOUNT, authToken: AUTH })
    server = await serveProcess(DESK, {
      FLEET_AUTH_TOKEN: AUTH,
      ACCOUNT_SID: ACCOUNT,
      CARRIER_URL: carrier.url,
      KAV_ADMIN_TOKEN: TOKEN,
      KAV_WORKERS: '2',
    })
    client = createKavClient({ url: server.adminUrl, token: TOKEN })
  }, LIMIT_MS)
  afterAll(async () => {
    await server?.remove()
    await carrier?.close()
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
})
