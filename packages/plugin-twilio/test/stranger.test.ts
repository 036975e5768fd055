import { createHmac } from 'node:crypto'
import twilio from 'twilio'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '@kav/core/testing'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'

const { getExpectedTwilioSignature: sign } =
  twilio as unknown as typeof import('twilio/lib/webhooks/webhooks.js')

const TOKEN = 'the-auth-token'
const PUBLIC_URL = 'https://voice.example.com'
const REFUSED = 'TWILIO: signature refused'
/** Right in shape, and made with another key. */
const FORGED = createHmac('sha1', 'another').update('').digest('base64')

let time: FakeClock
let line: TwilioLine
beforeEach(async () => {
  time = createFakeClock()
  line = await openTwilioLine({
    params: { auth_token: TOKEN, public_url: PUBLIC_URL, validate_signature: true },
    context: { clock: time.clock },
  })
})
afterEach(() => line.close())

const post = (body: string, signature: string | undefined, path = '/twilio/voice') =>
  fetch(line.server.origin + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(signature === undefined ? {} : { 'x-twilio-signature': signature }),
    },
    body,
  })
const failures = (reason: string): number =>
  line.context.metrics.value('twilio_signature_failures_total', { reason })
const form = (count: number): string => Array.from({ length: count }, (_, at) => `f${at}=`).join('&')
/** Refusals in the log, once it says of the last one what it is. */
const told = async (count: number) => {
  await expect.poll(() => line.context.log.find(REFUSED).length).toBe(count)
  return line.context.log.find(REFUSED).map(({ fields }) => fields['likelyCause'])
}

describe('what cannot be Twilio’s is refused unread', () => {
  it.each([
    ['without a signature', 'a=1', undefined, '/twilio/voice', 403, 'no-signature'],
    [
      'with something else in its place',
      'a=1',
      'x'.repeat(9000),
      '/twilio/voice',
      403,
      'malformed-signature',
    ],
    ['with thousands of fields', form(9000), FORGED, '/twilio/status', 413, 'too-many-fields'],
    ['with a long address', 'a=1', FORGED, `/twilio/voice?${'a&'.repeat(3000)}`, 414, 'url-too-long'],
  ])('%s', async (_, body, signature, path, status, reason) => {
    const answer = await post(body, signature, path)
    expect(answer.status).toBe(status)
    expect(failures(reason)).toBe(1)
    expect(await told(1)).toEqual([expect.stringContaining('not sent by Twilio')])
  })

  it('fields are bounded where signatures are not checked, too', async () => {
    await line.close()
    line = await openTwilioLine()
    expect((await post(form(9000), undefined)).status).toBe(413)
    expect(line.context.metrics.value('twilio_webhooks_total', { outcome: 'answered' })).toBe(0)
  })
})

describe('the likely cause', () => {
  it('is looked for once a second', async () => {
    for (let count = 0; count < 3; count++) await post('a=1', FORGED)
    expect(await told(3)).toEqual(expect.arrayContaining([expect.any(String), undefined, undefined]))
    await time.advance(1000)
    await post('a=1', FORGED)
    expect((await told(4))[3]).toContain('auth_token is not the primary token')
  })

  it.each([
    ['many fields', form(200), ''],
    ['a large body', `a=${'b'.repeat(9000)}`, ''],
    ['a long address', 'a=1', `?${'a'.repeat(1500)}`],
  ])('is not looked for where there are %s', async (_, body, query) => {
    await post(body, FORGED, `/twilio/voice${query}`)
    expect(await told(1)).toEqual([undefined])
  })
})

describe('a request that was recorded', () => {
  const fields = { CallSid: 'CA1', From: '+15550001111' }
  const proof = sign(TOKEN, `${PUBLIC_URL}/twilio/voice`, fields)
  const replay = async (query = ''): Promise<string> =>
    (await post(new URLSearchParams(fields).toString() + query, proof)).text()
  const repeated = (at: string): number =>
    line.context.metrics.value('twilio_requests_repeated_total', { at })

  it('gets the answer of the first time, and nothing happens again', async () => {
    const first = await replay()
    expect(first).toContain('<Stream')
    await time.advance(299_000)
    expect(await replay()).toBe(first)
    expect(repeated('webhook')).toBe(1)
    expect(line.context.log.find('TWILIO: call offered')).toHaveLength(1)
    expect(line.context.metrics.value('twilio_webhooks_total', { outcome: 'answered' })).toBe(1)
  })

  it('is the same request when a value is told twice: Twilio signs each once', async () => {
    expect(await replay('&CallSid=CA1')).toBe(await replay())
    expect(repeated('webhook')).toBe(1)
  })

  it('is forgotten after five minutes', async () => {
    const first = await replay()
    await time.advance(300_000)
    expect(await replay()).not.toBe(first)
    expect(repeated('webhook')).toBe(0)
  })

  it('counts no stream event twice', async () => {
    const event = { CallSid: 'CA1', StreamEvent: 'stream-error', StreamError: '31951' }
    const signature = sign(TOKEN, `${PUBLIC_URL}/twilio/status`, event)
    for (let count = 0; count < 3; count++) {
      const answer = await post(new URLSearchParams(event).toString(), signature, '/twilio/status')
      expect(answer.status).toBe(204)
    }
    expect(line.context.metrics.value('twilio_stream_events_total')).toBe(1)
    expect(line.context.log.find('TWILIO: stream error reported')).toHaveLength(1)
    expect(repeated('status')).toBe(2)
  })
})
