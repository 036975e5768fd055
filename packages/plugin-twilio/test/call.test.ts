import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { mediaMessage, STOP, STREAM_SID } from '../testing/twilio-stream.ts'

let line: TwilioLine
beforeEach(async () => {
  line = await openTwilioLine({ params: { stream_parameters: { campaign: 'spring & summer' } } })
})
afterEach(() => line.close())

const frame = (value: number): Uint8Array => new Uint8Array(160).fill(value)

it('brings a call in with its id, format and what the webhook said', async () => {
  const { body } = await line.webhook()
  expect(body).toContain('<Connect><Stream url="ws://127.0.0.1:')
  expect(body).toContain('/twilio/media"')
  expect(body).toContain('<Parameter name="campaign" value="spring &amp; summer"/>')
  expect(body).toContain('<Parameter name="from" value="+15550001111"/>')
  const { call } = await line.call()
  expect(call.call.format).toEqual({ encoding: 'mulaw', sampleRateHz: 8000 })
  expect(call.call.params).not.toHaveProperty('token')
})

it('delivers the caller’s audio, keys and marks in order', async () => {
  const { stream, call } = await line.call()
  call.call.mark('a')
  stream.send(mediaMessage(frame(1), 1))
  stream.send({
    event: 'dtmf',
    streamSid: STREAM_SID,
    sequenceNumber: '3',
    dtmf: { track: 'inbound_track', digit: '7' },
  })
  stream.send({ event: 'mark', streamSid: STREAM_SID, sequenceNumber: '4', mark: { name: 'a' } })
  stream.send(mediaMessage(frame(2), 2))
  stream.send(STOP)
  expect(await call.over).toBe('caller')
  expect(call.events).toEqual(['media 160', 'dtmf 7', 'mark a', 'media 160', 'hang-up caller'])
  expect(call.audio()).toEqual(Buffer.concat([frame(1), frame(2)]))
})

it('writes exactly the fields Twilio takes, as text frames', async () => {
  const { stream, call } = await line.call()
  call.call.send(frame(0x55))
  call.call.mark('m "1"')
  call.call.clear()
  await stream.until(3)
  expect(stream.texts).toEqual([
    `{"event":"media","streamSid":"${STREAM_SID}","media":{"payload":"${Buffer.from(frame(0x55)).toString('base64')}"}}`,
    `{"event":"mark","streamSid":"${STREAM_SID}","mark":{"name":"m \\"1\\""}}`,
    `{"event":"clear","streamSid":"${STREAM_SID}"}`,
  ])
})
