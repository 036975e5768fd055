import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clearMessage, markMessage, mediaEnvelope, parseMessage } from '../src/streams/messages.ts'
import { anyText } from '../testing/json-arbitraries.ts'
import {
  CALL_SID,
  CONNECTED,
  mediaMessage,
  startMessage,
  STOP,
  STREAM_SID,
} from '../testing/twilio-stream.ts'

const parse = (value: unknown) => parseMessage(JSON.stringify(value))

describe('messages as Twilio documents them', () => {
  it('connected', () => {
    expect(parse(CONNECTED)).toEqual({ event: 'connected' })
    expect(parse({ event: 'connected', protocol: 'Call', version: '0.2.0' })).toEqual({ event: 'connected' })
  })
  it('start', () => {
    expect(parse(startMessage({ token: 't', from: '+1' }))).toEqual({
      event: 'start',
      start: {
        streamSid: STREAM_SID,
        callSid: CALL_SID,
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        parameters: { token: 't', from: '+1' },
      },
    })
  })
  it('media', () => {
    expect(parse(mediaMessage(Buffer.from('abc')))).toEqual({
      event: 'media',
      inbound: true,
      payload: 'YWJj',
    })
  })
  it('dtmf, whose track has another name', () => {
    const dtmf = {
      event: 'dtmf',
      streamSid: STREAM_SID,
      sequenceNumber: '5',
      dtmf: { track: 'inbound_track', digit: '1' },
    }
    expect(parse(dtmf)).toEqual({ event: 'dtmf', digit: '1' })
  })
  it('mark', () => {
    const mark = { event: 'mark', sequenceNumber: '4', streamSid: STREAM_SID, mark: { name: 'my label' } }
    expect(parse(mark)).toEqual({ event: 'mark', name: 'my label' })
  })
  it('stop', () => {
    expect(parse(STOP)).toEqual({ event: 'stop' })
  })
})

describe('messages as others send them', () => {
  const start = startMessage({ token: 't' })
  const startOf = (value: unknown) => {
    const parsed = parse(value)
    return parsed.event === 'start' ? parsed.start : undefined
  }

  it('media with only a payload', () => {
    expect(parse({ event: 'media', media: { payload: 'AAAA' } })).toEqual({
      event: 'media',
      inbound: true,
      payload: 'AAAA',
    })
  })
  it('counters as numbers, a chunk that starts at 0, a timestamp in samples', () => {
    const media = {
      event: 'media',
      sequenceNumber: 2,
      media: { track: 'inbound', chunk: 0, timestamp: 160, payload: 'AAAA' },
    }
    expect(parse(media)).toEqual({ event: 'media', inbound: true, payload: 'AAAA' })
  })
  it('start without custom parameters', () => {
    const { customParameters: _, ...rest } = start.start
    expect(startOf({ ...start, start: rest })?.parameters).toEqual({})
  })
  it('start with custom parameters at the top level', () => {
    const { customParameters, ...rest } = start.start
    expect(startOf({ ...start, start: rest, customParameters })?.parameters).toEqual({ token: 't' })
  })
  it('start with an empty account and SIDs that are not hexadecimal', () => {
    const odd = { ...start.start, accountSid: '', callSid: 'call one', streamSid: 'stream one' }
    expect(startOf({ ...start, start: odd })).toMatchObject({ callSid: 'call one', streamSid: 'stream one' })
  })
  it('start with the stream’s SID only outside, or only inside', () => {
    const { streamSid: _, ...inner } = start.start
    expect(startOf({ ...start, start: inner })?.streamSid).toBe(STREAM_SID)
    const { streamSid: __, ...outer } = start
    expect(startOf(outer)?.streamSid).toBe(STREAM_SID)
  })
  it('custom parameters that are not text', () => {
    const odd = { ...start.start, customParameters: { a: 1, b: true, c: null, d: {}, e: 'x' } }
    expect(startOf({ ...start, start: odd })?.parameters).toEqual({ a: '1', b: 'true', e: 'x' })
  })
  it('custom parameters with names that objects have of their own', () => {
    const parsed = parseMessage(
      '{"event":"start","start":{"customParameters":{"__proto__":"x","constructor":"y"}}}',
    )
    expect(parsed.event === 'start' && Object.entries(parsed.start.parameters)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })
  it('a digit as a number or a small letter', () => {
    expect(parse({ event: 'dtmf', dtmf: { digit: 5 } })).toEqual({ event: 'dtmf', digit: '5' })
    expect(parse({ event: 'dtmf', dtmf: { digit: 'a' } })).toEqual({ event: 'dtmf', digit: 'A' })
  })
  it('events nobody knows', () => {
    expect(parse({ event: 'playedStream', name: 'x' })).toEqual({ event: 'unknown', name: 'playedStream' })
    expect(parse({})).toEqual({ event: 'unknown', name: '' })
  })
})

describe('messages that cannot be read', () => {
  it.each([
    ['not JSON', 'hello', 'not-json'],
    ['nothing', '', 'not-json'],
    ['an array', '[]', 'not-an-object'],
    ['null', 'null', 'not-an-object'],
    ['media without media', '{"event":"media"}', 'bad-fields'],
    ['a payload that is no text', '{"event":"media","media":{"payload":5}}', 'bad-fields'],
    ['a key that no phone has', '{"event":"dtmf","dtmf":{"digit":"12"}}', 'bad-fields'],
    ['a mark without a name', '{"event":"mark","mark":{}}', 'bad-fields'],
  ])('%s', (_, text, problem) => {
    expect(parseMessage(text)).toEqual({ event: 'unreadable', problem })
  })

  it('any text and any JSON is told, never thrown', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseMessage(text)))
    fc.assert(fc.property(fc.json(), (text) => void parseMessage(text)))
    fc.assert(
      fc.property(
        fc.constantFrom('start', 'media', 'dtmf', 'mark', 'stop', 'connected'),
        fc.jsonValue(),
        fc.dictionary(
          fc.constantFrom('payload', 'digit', 'name', 'customParameters', 'streamSid'),
          fc.jsonValue(),
        ),
        (event, anything, inner) => {
          parse({ event, [event]: anything })
          parse({ event, [event]: inner, ...inner })
        },
      ),
    )
  })
})

it('messages to Twilio are JSON with exactly the documented fields, whatever the names', () => {
  fc.assert(
    fc.property(anyText(), fc.string(), (name, streamSid) => {
      expect(JSON.parse(markMessage(streamSid, name))).toEqual({ event: 'mark', streamSid, mark: { name } })
      expect(JSON.parse(clearMessage(streamSid))).toEqual({ event: 'clear', streamSid })
      const { before, after } = mediaEnvelope(streamSid)
      expect(JSON.parse(`${before}AAAA${after}`)).toEqual({
        event: 'media',
        streamSid,
        media: { payload: 'AAAA' },
      })
    }),
  )
})
