import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '@kav/core/testing'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { CALL_SID, CONNECTED, mediaMessage, startMessage, STOP } from '../testing/twilio-stream.ts'

const frame = new Uint8Array(160).fill(0x70)
let time: FakeClock
let line: TwilioLine

beforeEach(async () => {
  time = createFakeClock()
  line = await openTwilioLine({
    params: { token_ttl_ms: 10_000, start_timeout_ms: 3000, max_pending_streams: 2, ping_interval_ms: 0 },
    context: { clock: time.clock },
  })
})
afterEach(() => line.close())

/** Upgrades by hand, with bytes right behind the request. Resolves with all that came back when the socket closes. */
function upgradeWith(bytes: Buffer): Promise<Buffer> {
  const { hostname, port } = new URL(line.server.origin)
  const head = [
    'GET /twilio/media HTTP/1.1',
    `Host: ${hostname}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ]
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    const socket = connect(Number(port), hostname)
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Buffer.concat(parts)))
    socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]))
  })
}

const refused = (reason: string): number =>
  line.context.metrics.value('twilio_streams_refused_total', { reason })

describe('a stream is turned away', () => {
  it.each([
    ['without a token', async () => startMessage({}), 'token-missing'],
    ['with a made-up token', async () => startMessage({ token: 'x'.repeat(46) }), 'token-invalid'],
    [
      'with a token of another call',
      async () => startMessage({ token: await line.token('CA9') }),
      'token-invalid',
    ],
    [
      'with a changed token',
      async () => startMessage({ token: `Z${(await line.token()).slice(1)}` }),
      'token-invalid',
    ],
  ])('%s', async (_, start, reason) => {
    const message = await start()
    const stream = await line.stream()
    stream.send(CONNECTED)
    stream.send(message)
    expect(await stream.closed).toEqual({ code: 1008, reason })
    expect(refused(reason)).toBe(1)
    expect(line.context.log.find('TWILIO: stream refused')).toHaveLength(1)
    expect(line.server.calls).toHaveLength(0)
  })

  it.each([
    ['messages', 'bytes', Array.from({ length: 20 }, () => `{"event":"x","x":"${'['.repeat(2000)}"}`)],
    ['one message', 'bytes', ['['.repeat(40_000)]],
    ['little ones', 'flood', Array.from({ length: 40 }, () => '{}')],
  ])('that sends more than a start, in %s', async (_, reason, texts) => {
    const stream = await line.stream()
    for (const text of texts) stream.raw(text)
    expect(await stream.closed).toEqual({ code: 1008, reason })
    expect(line.context.metrics.value('twilio_streams_cut_off_total', { reason })).toBe(1)
  })

  it('that sends more than a start in one piece with its upgrade', async () => {
    const answer = await upgradeWith(Buffer.alloc(6 * 1000, Buffer.from([0x89, 0x80, 0, 0, 0, 0])))
    // Opcode 8, then 1008 (RFC 6455, 5.5.1).
    expect(answer.includes(Buffer.from([0x03, 0xf0]))).toBe(true)
    expect(line.context.metrics.value('twilio_streams_cut_off_total', { reason: 'flood' })).toBe(1)
  })

  it('with a token that was used', async () => {
    const token = await line.token()
    const first = await line.stream()
    first.send(startMessage({ token }))
    const second = await line.stream()
    second.send(startMessage({ token }))
    expect(await Promise.race([first.closed, second.closed])).toEqual({ code: 1008, reason: 'token-used' })
    expect(line.server.calls).toHaveLength(1)
  })

  it('when its call is up, whatever its token', async () => {
    const { call, stream: running } = await line.call()
    const token = await line.token()
    const second = await line.stream()
    second.send(startMessage({ token }))
    expect(await second.closed).toEqual({ code: 1008, reason: 'call-is-up' })
    expect(refused('call-is-up')).toBe(1)
    running.send(mediaMessage(frame))
    await call.until(1)
    running.send(STOP)
    await call.over
    expect((await line.call()).call.call.id).toBe(CALL_SID)
  })

  it('with a token that is too old', async () => {
    const token = await line.token()
    await time.advance(10_000)
    const stream = await line.stream()
    stream.send(startMessage({ token }))
    expect(await stream.closed).toEqual({ code: 1008, reason: 'token-expired' })
  })

  it('when start does not come in time', async () => {
    const stream = await line.stream()
    stream.send(CONNECTED)
    await time.advance(3000)
    expect(await stream.closed).toEqual({ code: 1008, reason: 'start-timeout' })
    expect(refused('start-timeout')).toBe(1)
  })

  it('when start names no stream', async () => {
    const stream = await line.stream()
    stream.send({ event: 'start', start: { callSid: CALL_SID } })
    expect(await stream.closed).toEqual({ code: 1008, reason: 'bad-start' })
  })

  it('when stop comes first', async () => {
    const stream = await line.stream()
    stream.send(STOP)
    expect(await stream.closed).toEqual({ code: 1008, reason: 'stop-before-start' })
  })

  it.each([
    [{ encoding: 'audio/x-opus', sampleRate: 8000, channels: 1 }],
    [{ encoding: 'audio/x-mulaw', sampleRate: 11025, channels: 1 }],
    [{ encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 2 }],
    ['mulaw'],
  ])('when the core cannot decode %j', async (mediaFormat) => {
    const start = startMessage({ token: await line.token() })
    start.start['mediaFormat'] = mediaFormat
    const stream = await line.stream()
    stream.send(start)
    expect(await stream.closed).toEqual({ code: 1003, reason: 'unsupported-format' })
    expect(line.context.log.find('TWILIO: stream refused')[0]?.fields['detail']).toMatch(
      /encoding|sampleRate|channels|object/,
    )
  })

  it('when too many others have not started', async () => {
    await Promise.all([line.stream(), line.stream()])
    await expect(line.stream()).rejects.toThrow('HTTP 503')
    expect(refused('too-many-pending')).toBe(1)
  })
})

describe('a call that was promised', () => {
  it('is taken though the process takes no others by then, and keeps its one place', async () => {
    const token = await line.token()
    await line.token()
    expect(line.server.promised).toBe(1)
    line.server.refuse({ refused: 'draining', instead: { how: 'refuse' } })
    const stream = await line.stream()
    stream.send(startMessage({ token }))
    await expect.poll(() => line.calls.length).toBe(1)
    expect(line.server.promised).toBe(0)
  })

  it('by another process of the service is taken, too', async () => {
    const params = {
      validate_signature: false,
      auth_token: 'shared',
      public_url: 'https://voice.example.com',
    }
    const another = await openTwilioLine({ params, context: { clock: time.clock } })
    const token = await another.token()
    await another.close()
    await line.close()
    line = await openTwilioLine({ params, context: { clock: time.clock } })
    line.server.refuse({ refused: 'full', instead: { how: 'refuse' } })
    const stream = await line.stream()
    stream.send(startMessage({ token }))
    await expect.poll(() => line.calls.length).toBe(1)
  })
})

it.each([
  ['audio/x-mulaw', 8000, 'mulaw', 8000],
  ['audio/x-alaw', 8000, 'alaw', 8000],
  ['audio/l16', 16000, 'linear16', 16000],
  ['audio/x-l16', '24000', 'linear16', 24000],
] as const)(
  'the stream’s word about its format is believed: %s %s',
  async (encoding, sampleRate, expected, hz) => {
    const start = startMessage({ token: await line.token() })
    start.start['mediaFormat'] = { encoding, sampleRate, channels: 1 }
    const stream = await line.stream()
    stream.send(start)
    await time.settle()
    await expect.poll(() => line.calls[0]?.call.format).toEqual({ encoding: expected, sampleRateHz: hz })
  },
)

it('a stream that says nothing about its format is mu-law', async () => {
  const start = startMessage({ token: await line.token() })
  delete start.start['mediaFormat']
  const stream = await line.stream()
  stream.send(start)
  await expect.poll(() => line.calls[0]?.call.format).toEqual({ encoding: 'mulaw', sampleRateHz: 8000 })
})

it('what comes before start is counted and does no harm', async () => {
  const token = await line.token()
  const stream = await line.stream()
  stream.send(mediaMessage(frame))
  stream.send({ event: 'dtmf', dtmf: { digit: '1' } })
  stream.send({ event: 'mark', mark: { name: 'x' } })
  stream.send(CONNECTED)
  stream.send(startMessage({ token }))
  stream.send(mediaMessage(frame))
  await expect.poll(() => line.calls[0]?.events).toEqual(['media 160'])
  expect(line.context.metrics.value('twilio_messages_ignored_total', { reason: 'before-start' })).toBe(3)
  expect(line.context.log.find('TWILIO: message ignored')).toHaveLength(1)
})

it('no timer is left once a stream has started, nor after it has ended', async () => {
  const { stream, call } = await line.call()
  expect(time.pending()).toBe(0)
  stream.send(STOP)
  stream.socket.close(1000)
  await call.over
  await stream.closed
  await expect.poll(() => time.pending()).toBe(0)
})
