import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMessage } from '../src/streams/messages.ts'
import { SCAN_MISS, SCAN_OTHER_TRACK, scanMedia } from '../src/streams/message-scan.ts'
import { mediaText } from '../testing/json-arbitraries.ts'
import { mediaMessage, startMessage, STOP } from '../testing/twilio-stream.ts'

const audio = Buffer.alloc(65_536)
const scan = (text: string): number => scanMedia(Buffer.from(text), Buffer.byteLength(text), audio)

/** What the JSON path makes of the same bytes. */
function slowly(message: Buffer): {
  readonly outcome: 'audio' | 'other-track' | 'else'
  readonly audio: Buffer
} {
  const parsed = parseMessage(message.toString('utf8'))
  if (parsed.event !== 'media') return { outcome: 'else', audio: Buffer.alloc(0) }
  if (!parsed.inbound) return { outcome: 'other-track', audio: Buffer.alloc(0) }
  const bytes = Buffer.from(parsed.payload, 'base64')
  return { outcome: bytes.length === 0 ? 'else' : 'audio', audio: bytes }
}

/** Asserts that the scan is right or silent. Returns whether it was silent. */
function agrees(message: Buffer): boolean {
  const result = scanMedia(message, message.length, audio)
  if (result === SCAN_MISS) return false
  const slow = slowly(message)
  expect(slow.outcome).toBe(result === SCAN_OTHER_TRACK ? 'other-track' : 'audio')
  if (result > 0) expect(audio.subarray(0, result).equals(slow.audio)).toBe(true)
  return true
}

describe('the scan of a media message', () => {
  it('reads what Twilio sends', () => {
    for (const length of [1, 2, 3, 159, 160, 161, 320]) {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7 + length) & 0xff))
      expect(scan(JSON.stringify(mediaMessage(bytes)))).toBe(length)
      expect(audio.subarray(0, length)).toEqual(bytes)
    }
  })

  it.each([
    ['only a payload', '{"event":"media","media":{"payload":"AAEC"}}'],
    [
      'counters as numbers',
      '{"event":"media","sequenceNumber":3,"media":{"track":"inbound","chunk":0,"timestamp":480,"payload":"AAEC"}}',
    ],
    ['the payload first', '{"media":{"payload":"AAEC","track":"inbound"},"event":"media"}'],
    ['white space', ' { "event" : "media" ,\r\n\t"media" : { "payload" : "AAEC" } } \n'],
    ['the track as TwiML spells it', '{"event":"media","media":{"track":"inbound_track","payload":"AAEC"}}'],
    ['a SID of another kind', '{"event":"media","streamSid":"stream one","media":{"payload":"AAEC"}}'],
  ])('reads %s', (_, text) => {
    expect(scan(text)).toBe(3)
    expect(audio.subarray(0, 3)).toEqual(Buffer.from([0, 1, 2]))
  })

  it('reads nothing of what lies behind the end', () => {
    const message = Buffer.from(JSON.stringify(mediaMessage(Buffer.alloc(160, 7))))
    for (let end = 0; end < message.length; end++) expect(scanMedia(message, end, audio)).toBe(SCAN_MISS)
    expect(scanMedia(message, message.length, audio)).toBe(160)
  })

  it('tells other tracks apart', () => {
    expect(scan('{"event":"media","media":{"track":"outbound","payload":"AAEC"}}')).toBe(SCAN_OTHER_TRACK)
  })

  it.each([
    ['other events', JSON.stringify(startMessage({ payload: 'AAEC' }))],
    ['stop', JSON.stringify(STOP)],
    ['a payload outside media', '{"event":"media","payload":"AAEC","media":{"chunk":"1"}}'],
    ['a payload in a name', '{"event":"media","media":{"\\"payload\\":\\"AAEC":"x"}}'],
    ['a payload in another object', '{"event":"media","x":{"payload":"AAEC"}}'],
    ['an escaped payload', '{"event":"media","media":{"payload":"A\\/EC"}}'],
    ['an escaped key', '{"event":"media","m\\u0065dia":{"payload":"AAEC"}}'],
    ['a repeated payload', '{"event":"media","media":{"payload":"AAEC","payload":"AQID"}}'],
    ['a repeated media', '{"event":"media","media":{"payload":"AAEC"},"media":{"payload":"AQID"}}'],
    ['a repeated event', '{"event":"media","media":{"payload":"AAEC"},"event":"mark"}'],
    ['unpadded base64', '{"event":"media","media":{"payload":"AAE"}}'],
    ['a control character in the payload', '{"event":"media","media":{"payload":"AAE\n"}}'],
    ['an empty payload', '{"event":"media","media":{"payload":""}}'],
    ['a number with a leading zero', '{"event":"media","sequenceNumber":01,"media":{"payload":"AAEC"}}'],
    ['text after the end', '{"event":"media","media":{"payload":"AAEC"}}x'],
    ['a trailing comma', '{"event":"media","media":{"payload":"AAEC"},}'],
    ['nothing', ''],
  ])('leaves %s to the parser', (_, text) => {
    expect(scan(text)).toBe(SCAN_MISS)
  })

  it('leaves every cut-off message to the parser', () => {
    const whole = JSON.stringify(mediaMessage(Buffer.alloc(160, 0x80)))
    for (let length = 0; length < whole.length; length++) expect(scan(whole.slice(0, length))).toBe(SCAN_MISS)
  })

  it('gives what JSON.parse gives, however the message is spelled', () => {
    let read = 0
    fc.assert(
      fc.property(mediaText(), (text) => {
        if (agrees(Buffer.from(text))) read++
      }),
      { numRuns: 3000 },
    )
    // The property would hold for a scan that never reads anything.
    expect(read).toBeGreaterThan(80)
  })

  it('is never wrong about a good message with bytes changed', () => {
    const good = Buffer.from(
      JSON.stringify(mediaMessage(Buffer.from('some forty bytes of audio to be changed'))),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const changed = Buffer.from(good)
          for (const [at, byte] of changes) changed[at] = byte
          agrees(changed)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('takes any bytes and any JSON without harm', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void agrees(Buffer.from(bytes))))
    fc.assert(fc.property(fc.json(), (json) => void agrees(Buffer.from(json))))
  })
})
