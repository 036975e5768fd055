import twilio from 'twilio'
import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '@kav/core/testing'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { ACCOUNT_SID, CALL_SID, startMessage, STREAM_SID } from '../testing/twilio-stream.ts'

const { getExpectedTwilioSignature: sign } =
  twilio as unknown as typeof import('twilio/lib/webhooks/webhooks.js')

const TOKEN = 'the-auth-token'
const PUBLIC_URL = 'https://voice.example.com/kav'
const FIELDS = { CallSid: CALL_SID, From: '+15550001111', To: '+15552223333', Direction: 'inbound' }

let line: TwilioLine
afterEach(() => line.close())

const signed = (url: string, fields: Record<string, string> = {}): Record<string, string> => ({
  'x-twilio-signature': sign(TOKEN, url, fields),
})
const open = async (params = {}): Promise<void> => {
  line = await openTwilioLine({
    params: { validate_signature: true, auth_token: TOKEN, public_url: PUBLIC_URL, ...params },
  })
}
const REFUSED = 'TWILIO: signature refused'
/** What the log says of a refusal, once it does: the cause is looked for after the answer. */
const refusal = async (number = 0) => {
  await expect.poll(() => line.context.log.find(REFUSED)[number]).toBeDefined()
  return line.context.log.find(REFUSED)[number]!.fields
}

describe('behind a proxy that adds a prefix, with signatures', () => {
  it('a signed call comes through from webhook to stream', async () => {
    await open()
    const { status, body } = await line.webhook({}, signed(`${PUBLIC_URL}/twilio/voice`, FIELDS))
    expect(status).toBe(200)
    expect(body).toContain(
      '<Stream url="wss://voice.example.com/kav/twilio/media" statusCallback="https://voice.example.com/kav/twilio/status"',
    )
    const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? ''
    const stream = await line.stream(signed('wss://voice.example.com/kav/twilio/media'))
    stream.send(startMessage({ token, from: FIELDS.From }))
    await expect.poll(() => line.calls[0]?.call.params).toEqual({ from: FIELDS.From })
    expect(line.context.metrics.value('twilio_signature_failures_total')).toBe(0)
  })

  it('tells the call who answered and what the query of the webhook says', async () => {
    await open({ stream_parameters: { lead: '0', campaign: 'spring' } })
    const url = `${PUBLIC_URL}/twilio/voice?lead=42&token=forged&from=nobody&a%20b=1`
    const fields = { ...FIELDS, AnsweredBy: 'machine_start' }
    const response = await fetch(line.server.origin + url.slice(PUBLIC_URL.length), {
      method: 'POST',
      headers: signed(url, fields),
      body: new URLSearchParams(fields),
    })
    const body = await response.text()
    expect(response.status).toBe(200)
    const told = [...body.matchAll(/<Parameter name="([^"]*)" value="([^"]*)"/g)].slice(1)
    expect(told.map(([, name, value]) => `${name}=${value}`)).toEqual([
      'lead=42',
      'campaign=spring',
      `from=${FIELDS.From}`,
      `to=${FIELDS.To}`,
      'direction=inbound',
      'answered_by=machine_start',
    ])
  })

  it('a signature over the port Twilio added is right too', async () => {
    await open()
    const { status } = await line.webhook(
      {},
      signed('https://voice.example.com:443/kav/twilio/voice', FIELDS),
    )
    expect(status).toBe(200)
    await line.stream(signed('wss://voice.example.com:443/kav/twilio/media'))
  })

  it('an unsigned webhook is refused, and the log says what was missing', async () => {
    await open()
    const { status, body } = await line.webhook()
    expect(status).toBe(403)
    expect(body).toMatch(/X-Twilio-Signature/)
    expect(await refusal()).toEqual({
      at: 'webhook',
      checkedUrl: `${PUBLIC_URL}/twilio/voice`,
      likelyCause: expect.stringContaining('no X-Twilio-Signature header'),
    })
  })

  it('a changed field is refused', async () => {
    await open()
    const headers = signed(`${PUBLIC_URL}/twilio/voice`, FIELDS)
    expect((await line.webhook({ From: '+19990001111' }, headers)).status).toBe(403)
    expect((await refusal())['likelyCause']).toContain('auth_token is not the primary token')
  })

  it('the log names the address that was really signed', async () => {
    await open()
    const tunnel = 'https://tunnel.example.net/twilio/voice'
    await line.webhook({}, { ...signed(tunnel, FIELDS), 'x-forwarded-host': 'tunnel.example.net' })
    expect((await refusal())['likelyCause']).toBe(
      `signed for ${tunnel}: public_url and paths have to match the address Twilio uses`,
    )
  })

  it('a forged Host or forwarded header convinces nobody', async () => {
    await open()
    const forged = 'https://evil.example.net/twilio/voice'
    const headers = {
      ...signed(forged, FIELDS),
      'x-forwarded-host': 'evil.example.net',
      'x-forwarded-proto': 'https',
    }
    expect((await line.webhook({}, headers)).status).toBe(403)
  })

  it('an upgrade without a signature, or signed as https, is refused', async () => {
    await open()
    await expect(line.stream()).rejects.toThrow('HTTP 403')
    await expect(line.stream(signed(`${PUBLIC_URL}/twilio/media`))).rejects.toThrow('HTTP 403')
    expect(line.context.metrics.value('twilio_signature_failures_total', { at: 'upgrade' })).toBe(2)
    expect((await refusal(1))['likelyCause']).toContain(`signed for ${PUBLIC_URL}/twilio/media`)
    await expect.poll(() => line.server.openSockets()).toBe(0)
  })

  it('a flood of forgeries fills no log', async () => {
    const time = createFakeClock()
    line = await openTwilioLine({
      params: { validate_signature: true, auth_token: TOKEN, public_url: PUBLIC_URL },
      context: { clock: time.clock },
    })
    for (let count = 0; count < 8; count++) await line.webhook()
    expect(line.context.log.find('TWILIO: signature refused')).toHaveLength(5)
    await time.advance(1000)
    await line.webhook()
    expect((await refusal(5))['leftOut']).toBe(3)
    expect(line.context.metrics.value('twilio_webhooks_total', { outcome: 'forbidden' })).toBe(9)
  })

  it('no secret is in any log line', async () => {
    await open()
    await line.webhook()
    await line.webhook({}, signed('https://x/', FIELDS))
    await refusal(1)
    expect(JSON.stringify(line.context.log.entries)).not.toContain(TOKEN)
  })
})

describe('the answer', () => {
  it('is a busy tone when no call can be taken', async () => {
    await open({ validate_signature: false })
    line.server.refuse({ refused: 'full', instead: { how: 'refuse' } })
    const { status, body } = await line.webhook()
    expect([status, body]).toEqual([
      200,
      '<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>',
    ])
    expect(line.context.metrics.value('twilio_webhooks_total', { outcome: 'refused' })).toBe(1)
    expect(line.context.log.find('TWILIO: call refused')[0]?.fields['reason']).toBe('full')
  })

  it('is a sentence when one is configured', async () => {
    await open({
      validate_signature: false,
      refuse_message: 'Bitte später & nochmal',
      refuse_language: 'de-DE',
    })
    line.server.refuse({ refused: 'full', instead: { how: 'refuse' } })
    expect((await line.webhook()).body).toContain(
      '<Say language="de-DE">Bitte später &amp; nochmal</Say><Hangup/></Response>',
    )
  })

  it('goes to where the request came from when there is no public URL', async () => {
    line = await openTwilioLine()
    const { body } = await line.webhook()
    expect(body).toContain(`<Stream url="${line.server.origin.replace('http', 'ws')}/twilio/media"`)
  })

  it.each(['', '../../etc/passwd', 'a'.repeat(65), 'CA 1'])('is 400 for the CallSid %j', async (CallSid) => {
    line = await openTwilioLine()
    expect((await line.webhook({ CallSid })).status).toBe(400)
  })

  it('to a GET says what to do', async () => {
    line = await openTwilioLine()
    const voice = await fetch(`${line.server.origin}/twilio/voice`)
    expect([voice.status, await voice.text()]).toEqual([405, expect.stringContaining('HTTP POST')])
    const media = await fetch(`${line.server.origin}/twilio/media`)
    expect([media.status, await media.text()]).toEqual([426, expect.stringContaining('proxy')])
  })

  it('keeps phone numbers out of the open part of the log', async () => {
    line = await openTwilioLine()
    await line.webhook()
    const fields = line.context.log.find('TWILIO: call offered')[0]?.fields
    expect(fields).toEqual({ call: CALL_SID, private: { from: FIELDS.From, to: FIELDS.To } })
  })
})

describe('the stream status callback', () => {
  const report = (fields: Record<string, string>, headers = {}) =>
    fetch(`${line.server.origin}/twilio/status`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
    })
  const error = {
    AccountSid: ACCOUNT_SID,
    CallSid: CALL_SID,
    StreamSid: STREAM_SID,
    StreamEvent: 'stream-error',
    StreamError: '31951: bad message',
    Timestamp: '2026-11-29T00:09:39.602648368Z',
  }

  it('logs and counts the errors that only Twilio sees', async () => {
    await open()
    const { status } = await report(error, signed(`${PUBLIC_URL}/twilio/status`, error))
    expect(status).toBe(204)
    expect(line.context.log.find('TWILIO: stream error reported')[0]?.fields).toEqual({
      call: CALL_SID,
      streamSid: STREAM_SID,
      streamError: '31951: bad message',
    })
    await report(
      { StreamEvent: 'made-up' },
      signed(`${PUBLIC_URL}/twilio/status`, { StreamEvent: 'made-up' }),
    )
    expect(line.context.metrics.value('twilio_stream_events_total', { event: 'stream-error' })).toBe(1)
    expect(line.context.metrics.value('twilio_stream_events_total', { event: 'other' })).toBe(1)
  })

  it('is refused unsigned', async () => {
    await open()
    expect((await report(error)).status).toBe(403)
    expect(line.context.log.find('TWILIO: stream error reported')).toHaveLength(0)
  })
})

describe('a call that cannot be taken', () => {
  it.each([
    [{ how: 'refuse' }, 200, '<Response><Reject reason="busy"/></Response>'],
    [{ how: 'forward', to: '+15550001234' }, 200, '<Response><Dial>+15550001234</Dial></Response>'],
    [{ how: 'forward', to: 'sip:desk@example.com' }, 200, '<Dial><Sip>sip:desk@example.com</Sip></Dial>'],
    [{ how: 'elsewhere' }, 503, 'No more calls here now.'],
  ] as const)('%j', async (instead, status, text) => {
    await open()
    line.server.refuse({ refused: 'full', instead })
    const answer = await line.webhook({}, signed(`${PUBLIC_URL}/twilio/voice`, FIELDS))
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(text)
    expect(line.context.log.find('TWILIO: call refused')[0]?.fields).toMatchObject({
      reason: 'full',
      instead: instead.how,
    })
  })
})
