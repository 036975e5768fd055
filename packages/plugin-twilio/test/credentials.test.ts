import twilio from 'twilio'
import { afterEach, describe, expect, it } from 'vitest'
import type { TwilioParams } from '../src/index.ts'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { CALL_SID, startMessage } from '../testing/twilio-stream.ts'

const { getExpectedTwilioSignature: sign } =
  twilio as unknown as typeof import('twilio/lib/webhooks/webhooks.js')

const OLD = '0123456789abcdef0123456789abcdef'
const NEW = 'fedcba9876543210fedcba9876543210'
const PUBLIC_URL = 'https://voice.example.com'
const VOICE = `${PUBLIC_URL}/twilio/voice`
const FIELDS = { CallSid: CALL_SID, From: '+15550001111', To: '+15552223333', Direction: 'inbound' }

const lines: TwilioLine[] = []
afterEach(async () => {
  for (const line of lines.splice(0)) await line.close()
})

async function open(params: TwilioParams): Promise<TwilioLine> {
  const line = await openTwilioLine({
    params: { validate_signature: true, public_url: PUBLIC_URL, ...params },
  })
  lines.push(line)
  return line
}

const by = (token: string, url = VOICE, fields: Record<string, string> = FIELDS) => ({
  'x-twilio-signature': sign(token, url, fields),
})

const tokenIn = (twiml: string): string => /name="token" value="([^"]*)"/.exec(twiml)?.[1] ?? ''

describe('while the auth token is rotated', () => {
  it('what is signed with either is taken: webhook, upgrade and status callback', async () => {
    for (const token of [OLD, NEW]) {
      const line = await open({ auth_token: NEW, auth_token_secondary: OLD })
      const { status, body } = await line.webhook({}, by(token))
      expect(status).toBe(200)
      const stream = await line.stream(by(token, 'wss://voice.example.com/twilio/media', {}))
      stream.send(startMessage({ token: tokenIn(body) }))
      await expect.poll(() => line.calls.length).toBe(1)
      const report = await fetch(`${line.server.origin}/twilio/status`, {
        method: 'POST',
        headers: by(token, `${PUBLIC_URL}/twilio/status`, { StreamEvent: 'stream-started' }),
        body: new URLSearchParams({ StreamEvent: 'stream-started' }),
      })
      expect(report.status).toBe(204)
    }
  })

  it('a stream whose webhook was answered with the old one is taken, also the other way round', async () => {
    const before = await open({ auth_token: OLD, auth_token_secondary: NEW })
    const after = await open({ auth_token: NEW, auth_token_secondary: OLD })
    for (const [from, to] of [
      [before, after],
      [after, before],
    ] as const) {
      const { body } = await from.webhook({ CallSid: 'CA2' }, by(OLD, VOICE, { ...FIELDS, CallSid: 'CA2' }))
      const stream = await to.stream(by(OLD, 'wss://voice.example.com/twilio/media', {}))
      stream.send(startMessage({ token: tokenIn(body) }, 'CA2'))
      await expect.poll(() => to.calls.length).toBe(1)
    }
  })

  it('a third one is refused', async () => {
    const line = await open({ auth_token: NEW, auth_token_secondary: OLD })
    expect((await line.webhook({}, by('another'))).status).toBe(403)
    const { CallSid: id, From: from, To: to } = FIELDS as Record<string, string>
    expect(line.server.unproven).toEqual([{ id, from, to }])
  })

  it('is told of with nothing that could be no number', async () => {
    const line = await open({ auth_token: NEW })
    await line.webhook({ From: '\u001b[2J', To: '<b>' }, by('another'))
    await line.webhook({ CallSid: '../x' }, by('another'))
    expect(line.server.unproven).toEqual([{ id: FIELDS['CallSid'] }])
  })
})

describe('a secret with something round it', () => {
  const refusal = async (line: TwilioLine) => {
    const found = () => line.context.log.find('TWILIO: signature refused')[0]
    await expect.poll(found).toBeDefined()
    return found()!.fields['likelyCause']
  }

  it.each([
    ['a line feed', `${OLD}\n`],
    ['a carriage return', `${OLD}\r\n`],
    ['quotes', `"${OLD}"`],
    ['single quotes', `'${OLD}'`],
    ['typographic quotes', `“${OLD}”`],
    ['a byte order mark', `\ufeff${OLD}`],
    ['a space inside', `${OLD.slice(0, 16)} ${OLD.slice(16)}`],
  ])('is named as the cause of a 403: %s', async (_what, auth_token) => {
    const line = await open({ auth_token })
    expect((await line.webhook({}, by(OLD))).status).toBe(403)
    expect(await refusal(line)).toMatch(/^auth_token has white space or quotes in it[^;]*$/)
    expect(JSON.stringify(line.context.log.entries)).not.toContain(OLD)
  })

  it('is named beside the address, where that is wrong too', async () => {
    const line = await open({ auth_token: `${OLD}\n` })
    await line.webhook({}, by(OLD, 'http://voice.example.com/twilio/voice'))
    expect(await refusal(line)).toMatch(/white space .*; signed for http:\/\/voice\.example\.com/)
  })

  it('is named among what may be the cause, where nothing fits', async () => {
    const line = await open({ auth_token: `${OLD}\n` })
    await line.webhook({}, by('another'))
    expect(await refusal(line)).toMatch(/white space .*; or auth_token is not the primary token/)
  })
})
