import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '@kav/core/testing'
import { ProviderError } from '@kav/core'
import type { TwilioParams } from '../src/index.ts'
import { openRestDouble, type RestDouble } from '../testing/rest-double.ts'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { ACCOUNT_SID, CALL_SID, STOP, type TwilioStream } from '../testing/twilio-stream.ts'
import type { RecordedCall } from '../testing/recorded-call.ts'

const TOKEN = 'secret-auth-token'
let time: FakeClock
let rest: RestDouble
let line: TwilioLine
let stream: TwilioStream
let call: RecordedCall

async function open(params: TwilioParams): Promise<void> {
  line = await openTwilioLine({
    params: { ping_interval_ms: 0, end_timeout_ms: 3000, rest_timeout_ms: 1000, ...params },
    context: { clock: time.clock },
  })
  ;({ stream, call } = await line.call())
}

beforeEach(async () => {
  time = createFakeClock()
  rest = await openRestDouble(TOKEN)
  rest.onUpdate(() => {
    stream.send(STOP)
    stream.socket.close()
  })
  await open({ account_sid: ACCOUNT_SID, auth_token: TOKEN, api_base_url: rest.url })
})
afterEach(async () => {
  await line.close()
  await rest.close()
  expect(JSON.stringify(line.context.log.entries)).not.toContain(TOKEN)
})

const requests = (action: string, outcome: string): number =>
  line.context.metrics.value('twilio_rest_requests_total', { action, outcome })

describe('hanging up', () => {
  it('asks Twilio, waits for the stream to end, and is done', async () => {
    await call.call.hangUp()
    expect(rest.requests).toEqual([{ callSid: CALL_SID, form: { Status: 'completed' } }])
    expect(call.events).toEqual(['hang-up agent'])
    expect(requests('complete', 'ok')).toBe(1)
    await expect.poll(() => rest.connections()).toBe(0)
  })

  it('asks with an API key where there is one, and names it when it is refused', async () => {
    await line.close()
    const key = { api_key_sid: `SK${'1'.repeat(32)}`, api_key_secret: 'the-key-secret' }
    const other = await openRestDouble(key.api_key_secret, key.api_key_sid)
    other.onUpdate(() => {
      stream.send(STOP)
      stream.socket.close()
    })
    await open({ account_sid: ACCOUNT_SID, auth_token: TOKEN, ...key, api_base_url: other.url })
    await call.call.hangUp()
    expect(other.requests).toEqual([{ callSid: CALL_SID, form: { Status: 'completed' } }])
    await line.close()
    await open({ account_sid: ACCOUNT_SID, ...key, api_base_url: rest.url })
    await expect(call.call.transfer!('+15551234567')).rejects.toThrow('Check api_key_sid and api_key_secret')
    await other.close()
  })

  it('asks once, however often it is called', async () => {
    await Promise.all([call.call.hangUp(), call.call.hangUp()])
    await call.call.hangUp()
    expect(rest.requests).toHaveLength(1)
  })

  it('asks nothing when the call is over', async () => {
    stream.socket.close(1000)
    await call.over
    await call.call.hangUp()
    expect(rest.requests).toHaveLength(0)
  })

  it('takes 404 for done', async () => {
    rest.behave('not-found')
    const done = call.call.hangUp()
    await expect.poll(() => rest.requests.length).toBe(1)
    stream.send(STOP)
    stream.socket.close()
    await done
    expect(line.context.log.find('TWILIO: hang-up by REST failed, closing the stream instead')).toHaveLength(
      0,
    )
  })

  it('closes the stream when it does not end', async () => {
    rest.onUpdate(() => undefined)
    const done = call.call.hangUp()
    await expect.poll(() => requests('complete', 'ok')).toBe(1)
    expect(call.events).toEqual([])
    await time.advance(3000)
    await done
    expect(await stream.closed).toEqual({ code: 1000, reason: 'call ended' })
    expect(call.events).toEqual(['hang-up agent'])
  })

  it.each(['server-error', 'too-many', 'drop'] as const)(
    'closes the stream when Twilio cannot be asked: %s',
    async (behaviour) => {
      rest.behave(behaviour)
      await call.call.hangUp()
      expect(await stream.closed).toEqual({ code: 1000, reason: 'call ended' })
      expect(call.events).toEqual(['hang-up agent'])
      expect(
        line.context.log.find('TWILIO: hang-up by REST failed, closing the stream instead'),
      ).toHaveLength(1)
      expect(rest.requests).toHaveLength(behaviour === 'drop' ? 2 : 1)
    },
  )

  it('sends once more when the connection broke', async () => {
    rest.behave('drop-once')
    await call.call.hangUp()
    expect(rest.requests).toHaveLength(2)
    expect(requests('complete', 'ok')).toBe(1)
  })

  it('takes an answer without an end for one', async () => {
    rest.behave('endless')
    const done = call.call.hangUp()
    await expect.poll(() => requests('complete', 'ok')).toBe(1)
    stream.send(STOP)
    stream.socket.close()
    await done
  })

  it('gives up on an answer that does not come', async () => {
    rest.behave('silence')
    const done = call.call.hangUp()
    await expect.poll(() => rest.requests.length).toBe(1)
    await time.advance(1000)
    await done
    expect(requests('complete', 'timeout')).toBe(1)
    expect(await stream.closed).toEqual({ code: 1000, reason: 'call ended' })
  })

  it('closes the stream when there are no credentials', async () => {
    await line.close()
    await open({})
    await call.call.hangUp()
    expect(await stream.closed).toEqual({ code: 1000, reason: 'call ended' })
    expect(call.events).toEqual(['hang-up agent'])
  })

  it('ends at once when the transport closes meanwhile', async () => {
    rest.behave('silence')
    const done = call.call.hangUp()
    await expect.poll(() => rest.requests.length).toBe(1)
    await line.provider.close()
    await done
    expect(requests('complete', 'cancelled')).toBe(1)
  })
})

describe('transferring', () => {
  it.each([
    ['+15551234567', '<Response><Dial>+15551234567</Dial></Response>'],
    [
      'sip:desk@example.com;transport=tls',
      '<Response><Dial><Sip>sip:desk@example.com;transport=tls</Sip></Dial></Response>',
    ],
    ['sip:a&b@example.com', '<Response><Dial><Sip>sip:a&amp;b@example.com</Sip></Dial></Response>'],
  ])('dials %s', async (to, Twiml) => {
    await call.call.transfer?.(to)
    expect(rest.requests).toEqual([{ callSid: CALL_SID, form: { Twiml } }])
    expect(call.events).toEqual(['hang-up transferred'])
  })

  it.each(['5551234567', '+0123456789', '+1555123456789012', 'tel:+15551234567', 'sip:a b@c', '<Dial/>', ''])(
    'refuses to dial %j, and the call goes on',
    async (to) => {
      await expect(call.call.transfer?.(to)).rejects.toMatchObject({ class: 'bad-request' })
      expect(rest.requests).toHaveLength(0)
      expect(call.events).toEqual([])
    },
  )

  it.each([
    ['not-found', 'bad-request', /404.*20404.*another account/],
    ['bad-twiml', 'bad-request', /400.*21218: Invalid Twiml/],
    ['too-many', 'quota', /429/],
    ['server-error', 'network', /503/],
    ['drop', 'network', /api_base_url/],
  ] as const)('tells why it failed: %s', async (behaviour, errorClass, message) => {
    rest.behave(behaviour)
    const error = await call.call.transfer?.('+15551234567').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({ class: errorClass, message: expect.stringMatching(message) })
    expect(call.events).toEqual([])
    stream.socket.close(1000)
    expect(await call.over).toBe('caller')
  })

  it('tells that the credentials are wrong', async () => {
    await line.close()
    await open({ account_sid: ACCOUNT_SID, auth_token: 'wrong', api_base_url: rest.url })
    await expect(call.call.transfer?.('+15551234567')).rejects.toMatchObject({
      class: 'auth',
      message: expect.stringContaining('account_sid and auth_token'),
    })
  })

  it('is refused once the call is ending', async () => {
    await call.call.hangUp()
    await expect(call.call.transfer?.('+15551234567')).rejects.toMatchObject({ class: 'bad-request' })
  })

  it('is not there without credentials', async () => {
    await line.close()
    await open({})
    expect(call.call.transfer).toBeUndefined()
  })
})
