import twilio from 'twilio'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock, testContext } from '@kav/core/testing'
import plugin, { type TwilioParams } from '../src/index.ts'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import {
  CALL_SID,
  CONNECTED,
  mediaMessage,
  startMessage,
  STOP,
  STREAM_SID,
  type TwilioStream,
} from '../testing/twilio-stream.ts'

const { getExpectedTwilioSignature: sign } =
  twilio as unknown as typeof import('twilio/lib/webhooks/webhooks.js')

const TOKEN = 'the-auth-token'
const PUBLIC_URL = 'https://voice.example.com'
const SIGNED = { 'x-twilio-signature': sign(TOKEN, 'wss://voice.example.com/twilio/media', {}) }
const BASE = { validate_signature: true, auth_token: TOKEN, public_url: PUBLIC_URL } as const
const frame = new Uint8Array(160).fill(0x70)

let time: FakeClock
let line: TwilioLine
beforeEach(() => {
  time = createFakeClock()
})
afterEach(() => line.close())

async function open(params: TwilioParams = {}): Promise<void> {
  line = await openTwilioLine({
    params: { ...BASE, stream_token: 'optional', ping_interval_ms: 0, start_timeout_ms: 3000, ...params },
    context: { clock: time.clock },
  })
}

/** A stream that TwiML of others has ordered: `start` with its parameters, and no webhook before. */
async function start(parameters: Record<string, string> = {}, callSid = CALL_SID): Promise<TwilioStream> {
  const stream = await line.stream(SIGNED)
  stream.send(CONNECTED)
  stream.send(startMessage(parameters, callSid))
  return stream
}

const refused = (reason: string): number =>
  line.context.metrics.value('twilio_streams_refused_total', { reason })

describe('a stream that TwiML of others has ordered', () => {
  it('becomes a call, with its parameters over those of the pipeline', async () => {
    await open({ stream_parameters: { campaign: 'spring', lead: '' } })
    await start({ from: '+15550001111', to: '+15552223333', lead: '42' })
    await expect.poll(() => line.calls.length).toBe(1)
    expect(line.calls[0]!.call.params).toEqual({
      campaign: 'spring',
      lead: '42',
      from: '+15550001111',
      to: '+15552223333',
    })
    expect(line.server.offered).toEqual([{ id: CALL_SID, from: '+15550001111', to: '+15552223333' }])
    expect(line.server.promised).toBe(0)
    expect(line.context.metrics.value('twilio_streams_without_token_total')).toBe(1)
    expect(time.pending()).toBe(0)
  })

  it('is told of in the log, once a minute at most, with how many came', async () => {
    await open()
    const lines = () => line.context.log.find('TWILIO: streams came without a token')
    const come = async (callSid: string, calls: number) => {
      await start({}, callSid)
      await expect.poll(() => line.calls.length).toBe(calls)
    }
    for (const [index, callSid] of ['CA1', 'CA2', 'CA3'].entries()) await come(callSid, index + 1)
    expect(lines().map(({ fields }) => fields)).toEqual([{ call: 'CA1', streams: 1 }])
    await time.advance(60_000)
    await come('CA4', 4)
    expect(lines().map(({ fields }) => fields)).toEqual([
      { call: 'CA1', streams: 1 },
      { call: 'CA4', streams: 3 },
    ])
  })

  it('needs the signature of its upgrade', async () => {
    await open()
    await expect(line.stream()).rejects.toThrow('HTTP 403')
  })

  it('needs a token where that is not said to be optional', async () => {
    await open({ stream_token: 'required' })
    expect(await (await start()).closed).toEqual({ code: 1008, reason: 'token-missing' })
    expect(line.server.offered).toEqual([])
  })

  it('is not let in by a token that is wrong: what calls itself ours is judged as ours', async () => {
    await open()
    expect(await (await start({ token: 'x'.repeat(46) })).closed).toEqual({
      code: 1008,
      reason: 'token-invalid',
    })
  })

  it('beside calls of the webhook, which keep their promised place', async () => {
    await open()
    const fields = { CallSid: 'CA2', From: '+1', To: '+2', Direction: 'inbound' }
    const signature = sign(TOKEN, `${PUBLIC_URL}/twilio/voice`, fields)
    const { body } = await line.webhook(fields, { 'x-twilio-signature': signature })
    line.server.refuse({ refused: 'full', instead: { how: 'refuse' } })
    await start({ token: /name="token" value="([^"]*)"/.exec(body)![1]! }, 'CA2')
    await expect.poll(() => line.calls.length).toBe(1)
    expect(line.server.offered).toHaveLength(1)
  })

  it.each([
    ['../../etc/passwd', STREAM_SID],
    ['a'.repeat(65), STREAM_SID],
    ['CA 1', STREAM_SID],
    [CALL_SID, 'M'.repeat(257)],
  ])(
    'is refused with the ids %j and %j: they stand in file names and messages',
    async (callSid, streamSid) => {
      await open()
      const stream = await line.stream(SIGNED)
      const message = startMessage({}, callSid)
      stream.send({ ...message, start: { ...message.start, streamSid } })
      expect(await stream.closed).toEqual({ code: 1008, reason: 'bad-start' })
      expect(line.server.offered).toEqual([])
    },
  )

  it('is refused when its call is up, and nobody is asked', async () => {
    await open()
    const running = await start()
    await expect.poll(() => line.calls.length).toBe(1)
    expect(await (await start()).closed).toEqual({ code: 1008, reason: 'call-is-up' })
    expect(line.server.offered).toHaveLength(1)
    running.send(mediaMessage(frame))
    await line.calls[0]!.until(1)
    running.send(STOP)
    await line.calls[0]!.over
    await start()
    await expect.poll(() => line.calls.length).toBe(2)
  })

  it('is refused with more parameters than a call keeps', async () => {
    await open()
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, 'ש'.repeat(200)]))
    expect(await (await start(many(41))).closed).toEqual({ code: 1008, reason: 'parameters-too-large' })
    await start(many(40))
    await expect.poll(() => line.calls.length).toBe(1)
  })
})

describe('room for it', () => {
  it.each(['draining', 'full', 'overloaded', 'unknown-number'] as const)('is asked for: %s', async (why) => {
    await open()
    line.server.refuse({ refused: why, instead: { how: 'refuse' } })
    expect(await (await start()).closed).toEqual({ code: 1013, reason: why })
    expect(refused(why)).toBe(1)
    expect(line.calls).toHaveLength(0)
    await expect.poll(() => time.pending()).toBe(0)
  })

  it('is asked for once its format is known to be one', async () => {
    await open()
    const message = startMessage({})
    message.start['mediaFormat'] = { encoding: 'audio/x-opus', sampleRate: 8000, channels: 1 }
    const stream = await line.stream(SIGNED)
    stream.send(message)
    expect(await stream.closed).toEqual({ code: 1003, reason: 'unsupported-format' })
    expect(line.server.offered).toEqual([])
  })

  it('may be found by asking others: what comes meanwhile is held', async () => {
    await open()
    const answer = line.server.answerLater()
    const stream = await start()
    for (let number = 1; number <= 3; number++) stream.send(mediaMessage(frame, number))
    stream.send({ event: 'dtmf', dtmf: { digit: '7' } })
    await expect.poll(() => line.server.offered.length).toBe(1)
    // Its call is taken for up.
    expect((await (await start()).closed).reason).toBe('call-is-up')
    expect(line.calls).toHaveLength(0)
    answer()
    await expect.poll(() => line.calls[0]?.events).toEqual(['media 160', 'media 160', 'media 160', 'dtmf 7'])
    stream.send(mediaMessage(frame, 4))
    await line.calls[0]!.until(5)
  })

  it('may be denied after asking others', async () => {
    await open()
    const answer = line.server.answerLater()
    line.server.refuse({ refused: 'full', instead: { how: 'elsewhere' } })
    const stream = await start()
    stream.send(mediaMessage(frame))
    await expect.poll(() => line.server.offered.length).toBe(1)
    answer()
    expect(await stream.closed).toEqual({ code: 1013, reason: 'full' })
    expect(line.calls).toHaveLength(0)
    line.server.refuse({ refused: 'draining', instead: { how: 'refuse' } })
    expect((await (await start()).closed).reason).toBe('draining')
  })

  it.each(['stop', 'close'] as const)('is given back when the caller is gone first: %s', async (how) => {
    await open()
    const answer = line.server.answerLater()
    const stream = await start()
    await expect.poll(() => line.server.offered.length).toBe(1)
    if (how === 'stop') stream.send(STOP)
    stream.socket.close()
    await stream.closed
    await expect.poll(() => line.context.metrics.value('twilio_streams_open')).toBe(0)
    answer()
    await expect.poll(() => refused('closed-before-start')).toBe(1)
    expect(line.server.promised).toBe(0)
    expect(line.calls).toHaveLength(0)
  })

  it('is waited for as long as a start may take, and no longer', async () => {
    await open({ max_pending_streams: 1 })
    const answer = line.server.answerLater()
    const stream = await start()
    await expect.poll(() => line.server.offered.length).toBe(1)
    await expect(line.stream(SIGNED)).rejects.toThrow('HTTP 503')
    await time.advance(3000)
    expect(await stream.closed).toEqual({ code: 1008, reason: 'start-timeout' })
    answer()
    await expect.poll(() => refused('closed-before-start')).toBe(1)
    expect(line.server.promised).toBe(0)
  })

  it('is not waited for with all that somebody sends: what is held has a bound in bytes', async () => {
    await open({ max_message_bytes: 65_536 })
    const answer = line.server.answerLater()
    const stream = await start()
    const large = new Uint8Array(40_000).fill(0x70)
    for (let number = 1; number <= 12; number++) stream.send(mediaMessage(large, number))
    const dropped = () => line.context.metrics.value('twilio_held_events_dropped_total')
    await expect.poll(dropped).toBe(3)
    answer()
    await expect.poll(() => line.calls[0]?.events.length).toBe(9)
  })
})

describe('a far end that signs its webhooks alone', () => {
  it('is taken with validate_signature: webhook; the token guards the stream', async () => {
    await open({ validate_signature: 'webhook', stream_token: 'required' })
    expect((await line.webhook()).status).toBe(403)
    const fields = { CallSid: CALL_SID, From: '+1', To: '+2', Direction: 'inbound' }
    const signature = sign(TOKEN, `${PUBLIC_URL}/twilio/voice`, fields)
    const { body } = await line.webhook(fields, { 'x-twilio-signature': signature })
    const bare = await line.stream()
    bare.send(startMessage({}))
    expect((await bare.closed).reason).toBe('token-missing')
    const stream = await line.stream()
    stream.send(startMessage({ token: /name="token" value="([^"]*)"/.exec(body)![1]! }))
    await expect.poll(() => line.calls.length).toBe(1)
    const status = await fetch(`${line.server.origin}/twilio/status`, { method: 'POST' })
    expect(status.status).toBe(403)
  })

  it.each([false, 'webhook'] as const)(
    'does not start where nothing would guard the stream: %s',
    async (validate_signature) => {
      await open()
      const params: TwilioParams = { ...BASE, validate_signature, stream_token: 'optional' }
      expect(() => plugin.create(params, testContext())).toThrow(/stream_token is optional, .* unchecked/)
      const found = plugin.check!(params).filter(({ severity }) => severity === 'error')
      expect(found.map(({ path }) => path)).toEqual([['stream_token']])
    },
  )
})
