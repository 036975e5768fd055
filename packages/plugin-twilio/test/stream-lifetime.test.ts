import { afterEach, expect, it } from 'vitest'
import { createFakeClock } from '@kav/core/testing'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { mediaMessage, STOP } from '../testing/twilio-stream.ts'

const frame = new Uint8Array(160).fill(0x70)
let line: TwilioLine
afterEach(() => line.close())

it('a slow far end gets every frame whole and in order, though frames share a buffer', async () => {
  line = await openTwilioLine()
  const { stream, call } = await line.call()
  stream.socket.pause()
  const lent = new Uint8Array(160)
  const sent: string[] = []
  // Until the kernel takes no more, then many more: the socket now keeps what it was given.
  for (let number = 0; sent.length < 200_000; number++) {
    lent.fill(number & 0xff)
    lent[0] = number >> 8
    call.call.send(lent)
    sent.push(Buffer.from(lent).toString('base64'))
    if (number % 500 === 0) await new Promise(setImmediate)
    if (call.call.bufferedBytes > 100_000) break
  }
  expect(call.call.bufferedBytes).toBeGreaterThan(100_000)
  stream.socket.resume()
  await stream.until(sent.length)
  expect(stream.received.map(({ media }) => (media as { payload: string }).payload)).toEqual(sent)
  expect(call.call.bufferedBytes).toBe(0)
  // Drained, the buffer is used again.
  lent.fill(0x11)
  call.call.send(lent)
  call.call.send(lent.subarray(0, 80))
  await stream.until(sent.length + 2)
  expect(stream.received.slice(-2).map(({ media }) => (media as { payload: string }).payload)).toEqual([
    Buffer.from(lent).toString('base64'),
    Buffer.from(lent.subarray(0, 80)).toString('base64'),
  ])
})

it('what comes before open is held, what is too much is counted, the end is never lost', async () => {
  line = await openTwilioLine({ beforeOpen: () => false })
  const token = await line.token()
  const stream = await line.stream()
  stream.send({
    event: 'start',
    start: { streamSid: 'MZ', callSid: 'CA00000000000000000000000000000001', customParameters: { token } },
  })
  for (let count = 0; count < 250; count++) {
    stream.send(mediaMessage(frame.fill(count)))
    if (count === 10) stream.send({ event: 'dtmf', dtmf: { digit: '1' } })
  }
  stream.send({ event: 'dtmf', dtmf: { digit: '2' } })
  stream.send(STOP)
  await expect.poll(() => line.context.metrics.value('twilio_held_events_dropped_total')).toBe(50)
  stream.socket.close(1000)
  await stream.closed
  const events: string[] = []
  line.server.calls[0]?.open({
    onMedia: (audio) => events.push(`media ${audio[0]}`),
    onDtmf: (digit) => events.push(`key ${digit}`),
    onMark: () => undefined,
    onHangUp: (reason) => events.push(reason),
  })
  // The newest of the audio, as from a queue of the core's; and every key.
  const newest = Array.from({ length: 200 }, (_, index) => `media ${index + 50}`)
  expect(events).toEqual(['key 1', ...newest, 'key 2', 'caller'])
})

it('a stream that is dead is dropped; one that answers pings is not', async () => {
  const time = createFakeClock()
  line = await openTwilioLine({ params: { ping_interval_ms: 1000 }, context: { clock: time.clock } })
  const quiet = await line.call('CA1')
  const dead = await line.call('CA2')
  dead.stream.socket.pause()
  for (let second = 0; second < 4; second++) {
    const pinged = new Promise((resolve) => quiet.stream.socket.once('ping', resolve))
    await time.advance(1000)
    if (second < 3) await pinged
    // The pong has been sent; a message after it shows when it has been read.
    const before = quiet.call.events.length
    quiet.stream.send({ event: 'dtmf', dtmf: { digit: '1' } })
    await quiet.call.until(before + 1)
  }
  expect(dead.call.events).toEqual(['hang-up transport-error'])
  expect(quiet.call.events).not.toContain('hang-up transport-error')
})

it('a stream that stopped is closed when Twilio does not close it', async () => {
  const time = createFakeClock()
  line = await openTwilioLine({ params: { ping_interval_ms: 0 }, context: { clock: time.clock } })
  const { stream, call } = await line.call()
  stream.send(STOP)
  await call.over
  await time.advance(2000)
  expect(await stream.closed).toEqual({ code: 1000, reason: 'stopped' })
})

it('close ends what is left, even a peer that does not answer, and nothing stays open', async () => {
  const time = createFakeClock()
  line = await openTwilioLine({ context: { clock: time.clock } })
  const polite = await line.call('CA1')
  const stuck = await line.call('CA2')
  const waiting = await line.stream()
  stuck.stream.socket.pause()
  await Promise.all([line.provider.close(), line.provider.close()])
  expect(await polite.stream.closed).toEqual({ code: 1001, reason: 'shutting down' })
  expect(await waiting.closed).toEqual({ code: 1001, reason: 'shutting down' })
  expect([...polite.call.events, ...stuck.call.events]).toEqual(['hang-up shutdown', 'hang-up shutdown'])
  expect(time.pending()).toBe(0)
  await expect(line.stream()).rejects.toThrow('HTTP 503')
  expect((await line.webhook()).body).toContain('<Reject')
  await expect.poll(() => line.server.openSockets()).toBe(0)
})

it('a core that throws when it takes a call loses that call only', async () => {
  line = await openTwilioLine({
    beforeOpen({ id }) {
      if (id === 'CA1') throw new Error('no room')
      return true
    },
  })
  const token = await line.token('CA1')
  const stream = await line.stream()
  stream.send({ event: 'start', start: { streamSid: 'MZ', callSid: 'CA1', customParameters: { token } } })
  expect(await stream.closed).toEqual({ code: 1011, reason: 'internal error' })
  expect(line.context.log.find('TWILIO: handling a message failed')).toHaveLength(1)
  const { call } = await line.call('CA2')
  expect(call.events).toEqual([])
})
