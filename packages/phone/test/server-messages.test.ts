import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEchoReader, createServerMessageReader, type ServerMessage } from '../src/server-messages.ts'

const SID = 'MZ0123'
const payload = Buffer.alloc(160, 0x90).toString('base64')

function read(...messages: unknown[]): { results: (ServerMessage | undefined)[]; violations: string[] } {
  const violations: string[] = []
  const reader = createServerMessageReader(SID, (text) => violations.push(text))
  const results = messages.map((message) => {
    const read = reader.read(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)))
    return read?.type === 'media' ? { ...read, audio: Uint8Array.from(read.audio) } : read
  })
  return { results, violations }
}

describe('messages from the server', () => {
  it('takes exactly the three messages of the protocol without complaint', () => {
    const { results, violations } = read(
      { event: 'media', streamSid: SID, media: { payload } },
      { event: 'mark', streamSid: SID, mark: { name: 'a#1' } },
      { event: 'clear', streamSid: SID },
    )
    expect(violations).toEqual([])
    expect(results.map((result) => result?.type)).toEqual(['media', 'mark', 'clear'])
  })

  it.each<[string, unknown, RegExp]>([
    ['an extra field', { event: 'media', streamSid: SID, media: { payload }, foo: 1 }, /extra field "foo"/],
    [
      'an extra field inside media',
      { event: 'media', streamSid: SID, media: { payload, track: 'x' } },
      /media\.media: extra field "track"/,
    ],
    ['a missing streamSid', { event: 'clear' }, /clear: missing field "streamSid"/],
    ['another stream', { event: 'clear', streamSid: 'MZ9' }, /streamSid "MZ9" is not this stream's/],
    ['an unknown event', { event: 'hello', streamSid: SID }, /unknown event "hello"/],
    [
      'an event named as a prototype member',
      { event: 'toString', streamSid: SID },
      /unknown event "toString"/,
    ],
    ['no event', {}, /unknown event none/],
    ['text that is not JSON', 'boo', /not JSON: "boo"/],
    ['a JSON array', [], /not a JSON object/],
    [
      'a payload that is not base64',
      { event: 'media', streamSid: SID, media: { payload: '%%%%' } },
      /not base64/,
    ],
    ['a payload that is no text', { event: 'media', streamSid: SID, media: { payload: 7 } }, /not a string/],
    ['an empty payload', { event: 'media', streamSid: SID, media: { payload: '' } }, /empty payload/],
    ['media that is no object', { event: 'media', streamSid: SID, media: null }, /"media" is not an object/],
    [
      'a WAV header',
      { event: 'media', streamSid: SID, media: { payload: Buffer.from('RIFF....').toString('base64') } },
      /begins with a WAV header/,
    ],
    ['a mark without a name', { event: 'mark', streamSid: SID, mark: {} }, /missing field "name"/],
    [
      'a mark with an empty name',
      { event: 'mark', streamSid: SID, mark: { name: '' } },
      /"name" is not a text/,
    ],
    [
      'zero bytes for silence',
      { event: 'media', streamSid: SID, media: { payload: Buffer.alloc(160).toString('base64') } },
      /zero bytes/,
    ],
  ])('records %s', (_, message, text) => {
    expect(read(message).violations.join('\n')).toMatch(text)
  })

  it('reads like messages by their frame, and finds the same faults as the first time', () => {
    const other = Buffer.alloc(100, 0x42)
    const { results, violations } = read(
      { event: 'media', streamSid: SID, media: { payload } },
      { event: 'media', streamSid: SID, media: { payload: other.toString('base64') } },
      { event: 'media', streamSid: SID, media: { payload: 'A?==' } },
      { event: 'media', streamSid: 'MZ9', media: { payload } },
    )
    expect(results[1]).toEqual({ type: 'media', audio: Uint8Array.from(other) })
    expect(results.slice(2)).toEqual([undefined, undefined])
    expect(violations).toHaveLength(2)
  })

  it('decodes every payload to what was encoded', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 700 }), { maxLength: 10 }), (chunks) => {
        const { results } = read(
          ...chunks.map((chunk) => ({
            event: 'media',
            streamSid: SID,
            media: { payload: Buffer.from(chunk).toString('base64') },
          })),
        )
        expect(results).toEqual(chunks.map((audio) => ({ type: 'media', audio })))
      }),
      { numRuns: 50 },
    )
  })

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => void read(text, text)),
      { numRuns: 200 },
    )
  })
})

describe('the echo reader', () => {
  it('takes a payload wherever it stands and passes over the rest', () => {
    const reader = createEchoReader()
    const text = JSON.stringify({ event: 'media', media: { chunk: '1', payload }, streamSid: SID })
    expect(reader.read(Buffer.from(text))).toEqual({ type: 'media', audio: Buffer.alloc(160, 0x90) })
    expect(reader.read(Buffer.from('{"event":"connected"}'))).toBeUndefined()
  })
})
