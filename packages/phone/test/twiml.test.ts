import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PhoneError } from '../src/phone-error.ts'
import { readTwiml } from '../src/twiml.ts'
import { parseXml } from '../src/xml.ts'

const stream = (attributes: string, inside = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!-- a --><Response><Connect><Stream ${attributes}>${inside}</Stream></Connect></Response>`

describe('TwiML', () => {
  it('reads the stream, its parameters and what follows', () => {
    const target = readTwiml(
      `<Response><Connect action="/x"><Stream name="s" url='wss://h/p' statusCallback="https://h/s">` +
        `<Parameter name="token" value="a&amp;b&#x41;&quot;"/><Parameter value="2" name="n"></Parameter>` +
        `</Stream></Connect><Dial>+1</Dial></Response>`,
    )
    expect(target).toEqual({
      url: 'wss://h/p',
      name: 's',
      statusCallback: 'https://h/s',
      parameters: { token: 'a&bA"', n: '2' },
      verbsAfter: ['Dial'],
      violations: [],
    })
  })

  it.each([
    ['', 'the webhook answered an empty body'],
    ['hello', 'text outside the root element: "hello"'],
    ['<Response/>', '<Response> is empty, which hangs up'],
    ['<html></html>', 'the root element is <html>, not <Response>'],
    ['<Response><Reject reason="busy"/></Response>', 'the server rejects the call (reason "busy")'],
    ['<Response><Hangup/></Response>', 'the server hangs up at once'],
    [
      '<Response><Say language="en-US">Call R&amp;D later.</Say><Hangup/></Response>',
      'refused, and told: "Call R&D later."',
    ],
    ['<Response><Play>a.wav</Play></Response>', '<Play> comes before <Connect>; this phone plays <Connect>'],
    ['<Response><Start><Stream url="wss://h"/></Start></Response>', '<Start><Stream> only listens'],
    ['<Response><Connect/></Response>', '<Connect> holds nothing, not <Stream>'],
    ['<Response><Connect><Room>a</Room></Connect></Response>', '<Connect> holds <Room>, not <Stream>'],
    [stream(''), '<Stream> has no url'],
    [stream('url="/media"'), 'is not a URL (Twilio error 31923)'],
    [stream('url="https://h/"'), 'must begin with wss:// (Twilio error 31922)'],
    [stream('url="wss://h/"', '<Parameter name="a"/>'), '<Parameter> needs both name and value'],
    ['<Response><Connect>', '<Connect> is never closed'],
    ['<Response></Connect>', '</Connect> does not close <Response>'],
    ['<Response a="1" a="2"/>', 'attribute "a" appears twice'],
    ['<Response a="&nope;"/>', 'unknown or unfinished entity "&nope;"'],
    ['<!DOCTYPE x><Response/>', 'not XML at character 0: "<!DOCTYPE x><Respons"'],
    ['<Response/><Response/>', 'more than one root element'],
    ['<Response a=1/>', 'not XML at character 0'],
  ])('explains %s', (body, message) => {
    expect(() => readTwiml(body)).toThrow(PhoneError)
    expect(() => readTwiml(body)).toThrow(`TwiML: ${message}`.replace(/^TwiML: (is not|must)/, '$1'))
  })

  it.each([
    [stream('url="wss://h/p?a=1"'), '<Stream url>: a query string is not allowed (error 31920)'],
    [stream('url="ws://example.com/p"'), 'Twilio connects to wss:// only (error 31922)'],
    [stream('url="wss://h/" track="both_tracks"'), 'only inbound_track goes with <Connect> (error 31941)'],
    [
      stream('url="wss://h/"', `<Parameter name="a" value="${'x'.repeat(499)}"/>`),
      'must be under 500 characters',
    ],
    [stream('url="wss://h/"', '<Language/>'), '<Language> inside <Stream>'],
  ])('goes on, but records, what Twilio would refuse: %s', (body, violation) => {
    expect(readTwiml(body).violations.join()).toContain(violation)
  })

  it('lets a plain ws address on loopback pass, for tests without a tunnel', () => {
    expect(readTwiml(stream('url="ws://127.0.0.1:1/p"')).violations).toEqual([])
  })

  it('throws its own error for anything, and quickly', () => {
    const bit = fc.constantFrom(
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      ' ',
      'a',
      '&',
      ';',
      '#',
      '!--',
      '?',
      'Response',
      'Connect',
      ']]>',
    )
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 60 }), (bits) => {
        try {
          readTwiml(bits.join(''))
        } catch (thrown) {
          if (!(thrown instanceof PhoneError)) throw thrown
        }
      }),
      { numRuns: 300 },
    )
    expect(() => parseXml('<a ' + 'b="c" '.repeat(20_000))).toThrow(SyntaxError)
    expect(() => parseXml('<a>'.repeat(20_000))).toThrow(SyntaxError)
  })
})
