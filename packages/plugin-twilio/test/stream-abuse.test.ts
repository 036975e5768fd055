import type { Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { anyText } from '../testing/json-arbitraries.ts'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { mediaMessage, startMessage, STOP, type TwilioStream } from '../testing/twilio-stream.ts'
import type { RecordedCall } from '../testing/recorded-call.ts'

const frame = new Uint8Array(160).fill(0x70)
let line: TwilioLine
let stream: TwilioStream
let call: RecordedCall
let other: { stream: TwilioStream; call: RecordedCall }

beforeEach(async () => {
  line = await openTwilioLine({ params: { max_messages_per_second: 60, max_message_bytes: 4096 } })
  other = await line.call('CA2')
  const mine = await line.call('CA1')
  stream = mine.stream
  call = mine.call
})

/** Whatever was done to one call, the other goes on. */
afterEach(async () => {
  const before = other.call.events.length
  other.stream.send(mediaMessage(frame))
  await other.call.until(before + 1)
  other.call.call.send(frame)
  await other.stream.until(1)
  await line.close()
  expect(line.context.metrics.value('twilio_handler_errors_total')).toBe(0)
})

const ignored = (reason: string): number =>
  line.context.metrics.value('twilio_messages_ignored_total', { reason })

/** Sends a last frame and waits for it, so that all before it has been handled. */
async function handled(): Promise<readonly string[]> {
  stream.send({ event: 'dtmf', dtmf: { digit: '#' } })
  await expect.poll(() => call.events.at(-1)).toBe('dtmf #')
  return call.events.slice(0, -1)
}

it.each([
  ['a binary frame', Buffer.from('{"event":"media"}'), 'binary'],
  ['what is not JSON', 'hello', 'not-json'],
  ['nothing', '', 'not-json'],
  ['text that is not UTF-8', '{"event":"\ud800"}', 'unknown-event'],
  ['an array', '[1]', 'not-an-object'],
  ['an event nobody knows', '{"event":"playedStream"}', 'unknown-event'],
  [
    'another track',
    JSON.stringify({ event: 'media', media: { track: 'outbound', payload: 'AAAA' } }),
    'other-track',
  ],
  [
    'another track, spelled for the slow path',
    '{"event":"media","x":[],"media":{"track":"outbound","payload":"AAAA"}}',
    'other-track',
  ],
  ['media without a payload', '{"event":"media","media":{}}', 'bad-fields'],
  ['an empty payload', '{"event":"media","media":{"payload":""}}', 'bad-payload'],
  ['a payload that is no base64', '{"event":"media","media":{"payload":"!!!!"}}', 'bad-payload'],
  ['a second start', JSON.stringify(startMessage({ token: 'x' })), 'second-start'],
  ['connected in the middle', '{"event":"connected"}', 'late-connected'],
  ['a key that no phone has', '{"event":"dtmf","dtmf":{"digit":"99"}}', 'bad-fields'],
])('%s is counted, logged once, and passed over', async (_, message, reason) => {
  stream.raw(message)
  stream.raw(message)
  stream.send(mediaMessage(frame))
  expect(await handled()).toEqual(['media 160'])
  expect(ignored(reason)).toBe(2)
  expect(line.context.log.find('TWILIO: message ignored')).toHaveLength(1)
})

it('media that only the slow path can read arrives the same', async () => {
  stream.raw('{"event":"media","media":{"payload":"A\\u0041EC"}}')
  stream.raw('{"event":"media","extra":[1],"media":{"track":"inbound","payload":"AAE"}}')
  expect(await handled()).toEqual(['media 3', 'media 2'])
  expect(call.audio()).toEqual(Buffer.from([0, 1, 2, 0, 1]))
  expect(line.context.metrics.value('twilio_media_parsed_total')).toBe(2)
})

it('a mark that was never sent is not delivered', async () => {
  stream.send({ event: 'mark', mark: { name: 'greeting_end' } })
  expect(await handled()).toEqual([])
  expect(line.context.metrics.value('twilio_marks_total', { state: 'unknown' })).toBe(1)
})

it('marks that come back because of a clear are counted apart', async () => {
  call.call.mark('a')
  call.call.mark('b')
  stream.send({ event: 'mark', mark: { name: 'a' } })
  await call.until(1)
  call.call.clear()
  call.call.mark('c')
  for (const name of ['b', 'c']) stream.send({ event: 'mark', mark: { name } })
  expect(await handled()).toEqual(['mark a', 'mark b', 'mark c'])
  expect(line.context.metrics.value('twilio_marks_total', { state: 'played' })).toBe(2)
  expect(line.context.metrics.value('twilio_marks_total', { state: 'cleared' })).toBe(1)
})

it('a message over the limit ends its call', async () => {
  stream.raw('x'.repeat(5000))
  expect(await stream.closed).toMatchObject({ code: 1009 })
  expect(await call.over).toBe('transport-error')
  expect(
    line.context.metrics.value('twilio_socket_errors_total', { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' }),
  ).toBe(1)
})

it('a broken WebSocket frame ends its call', async () => {
  const { _socket: socket } = stream.socket as unknown as { _socket: { write(bytes: Buffer): void } }
  socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
  expect(await call.over).toBe('transport-error')
})

it('a flood of media ends its call', async () => {
  const text = JSON.stringify(mediaMessage(frame))
  for (let count = 0; count < 1000; count++) stream.raw(text)
  expect(await stream.closed).toEqual({ code: 1008, reason: 'flood' })
  expect(await call.over).toBe('transport-error')
  expect(line.context.metrics.value('twilio_streams_cut_off_total', { reason: 'flood' })).toBe(1)
  // What may come at once (6 s of 60) arrived; the rest did not.
  expect(call.events.length).toBeGreaterThanOrEqual(360)
  expect(call.events.length).toBeLessThan(500)
})

/** Frames as a client sends them, straight to the socket: with a mask of nothing. */
const write = (...frames: (readonly number[])[]): void => {
  const { _socket: socket } = stream.socket as unknown as { _socket: { write(bytes: Buffer): void } }
  socket.write(Buffer.from(frames.flat()))
}
const empty = (firstByte: number): readonly number[] => [firstByte, 0x80, 0, 0, 0, 0]
const many = (count: number, ...frames: (readonly number[])[]) =>
  Array.from({ length: count }, () => frames).flat()

it.each([
  ['pings', [empty(0x89)]],
  ['pongs that nobody asked for', [empty(0x8a)]],
  ['pings between media', [empty(0x89), [0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]]],
])('a flood of %s ends its call', async (_, frames) => {
  write(...many(300, ...frames))
  expect(await stream.closed).toEqual({ code: 1008, reason: 'control-frames' })
  expect(await call.over).toBe('transport-error')
  expect(line.context.metrics.value('twilio_streams_cut_off_total', { reason: 'control-frames' })).toBe(1)
  expect(line.context.log.find('TWILIO: stream cut off')[0]?.fields).toMatchObject({
    reason: 'control-frames',
    allowedPerSecond: 20,
  })
})

it('more bytes than a carrier has to send end its call', async () => {
  const text = JSON.stringify({ event: 'mark', mark: { name: 'x'.repeat(4000) } })
  for (let count = 0; count < 300; count++) stream.raw(text)
  expect(await stream.closed).toEqual({ code: 1008, reason: 'bytes' })
  expect(await call.over).toBe('transport-error')
  expect(line.context.metrics.value('twilio_streams_cut_off_total', { reason: 'bytes' })).toBe(1)
})

it('a message in pieces of nothing ends its call', async () => {
  write([0x01, 0x81, 0, 0, 0, 0, 0x7b], ...many(300, empty(0x00)))
  expect(await stream.closed).toEqual({ code: 1008, reason: 'control-frames' })
  expect(await call.over).toBe('transport-error')
})

it('a message in pieces without end ends its call', async () => {
  write([0x01, 0x81, 0, 0, 0, 0, 0x20], ...many(1000, [0x00, 0x81, 0, 0, 0, 0, 0x20]))
  expect(await stream.closed).toEqual({ code: 1008, reason: 'flood' })
})

it('what comes after the cut is thrown away, and the connection is not kept', async () => {
  const { _socket: socket } = stream.socket as unknown as { _socket: Socket }
  // Never reads that it was cut off, and goes on.
  socket.pause()
  const flood = Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.from(empty(0x89))))
  const flooding = setInterval(() => socket.write(flood), 1)
  await expect.poll(() => line.server.openSockets(), { timeout: 120_000 }).toBe(1)
  clearInterval(flooding)
  expect(await call.over).toBe('transport-error')
})

it('a ping is answered, and so is one in the middle of a message', async () => {
  const pongs: string[] = []
  stream.socket.on('pong', (payload) => pongs.push(payload.toString()))
  write(
    [0x89, 0x81, 0, 0, 0, 0, 0x61],
    [0x01, 0x81, 0, 0, 0, 0, 0x7b],
    [0x89, 0x81, 0, 0, 0, 0, 0x62],
    [0x80, 0x81, 0, 0, 0, 0, 0x7d],
  )
  await expect.poll(() => pongs).toEqual(['a', 'b'])
  await handled()
})

it('a stream of rubbish ends its call', async () => {
  for (let count = 0; count < 250; count++) stream.raw('rubbish')
  expect(await stream.closed).toEqual({ code: 1008, reason: 'bad-messages' })
  expect(await call.over).toBe('transport-error')
})

it('a connection that is cut is a transport error, once', async () => {
  stream.socket.terminate()
  expect(await call.over).toBe('transport-error')
  expect(call.events).toEqual(['hang-up transport-error'])
})

it('a close without stop is the caller hanging up', async () => {
  stream.socket.close(1000)
  expect(await call.over).toBe('caller')
})

it('nothing comes after stop, and nothing goes out', async () => {
  stream.send(STOP)
  stream.send(mediaMessage(frame))
  stream.send(STOP)
  expect(await call.over).toBe('caller')
  call.call.send(frame)
  call.call.mark('late')
  call.call.clear()
  stream.socket.close(1000)
  await stream.closed
  expect(stream.received).toEqual([])
  expect(call.events).toEqual(['hang-up caller'])
  expect(call.call.bufferedBytes).toBe(0)
})

it('anything at all: no crash, and the call ends or goes on', async () => {
  const messages = fc.sample(
    fc.oneof(
      anyText(),
      fc.json(),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record({
          event: fc.constantFrom('media', 'mark', 'dtmf', 'start'),
          media: fc.jsonValue(),
          mark: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
    ),
    100,
  )
  for (const message of messages) stream.raw(message)
  await handled()
})
