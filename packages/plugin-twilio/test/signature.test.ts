import { createHash } from 'node:crypto'
import fc from 'fast-check'
import twilio from 'twilio'
import { describe, expect, it } from 'vitest'
import { MAX_FIELDS, NO_FIELDS, parseForm, type FormFields } from '../src/signing/form-fields.ts'
import { expectedSignature, SignatureCheck } from '../src/signing/signature.ts'
import { spellings } from '../src/signing/url-spellings.ts'

const {
  getExpectedTwilioSignature: theirs,
  validateRequest,
  validateRequestWithBody,
} = twilio as unknown as typeof import('twilio/lib/webhooks/webhooks.js')

const TOKEN = '12345abcde'

function isSigned(url: string, fields: FormFields, signature: string, token = TOKEN, body?: Buffer): boolean {
  return new SignatureCheck([token], { fields, signature, ...(body ? { body } : {}) }).fits(url)
}

/** Fields as Twilio's library takes them. */
function asObject(fields: FormFields): Record<string, string | string[]> {
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length === 1 ? values[0]! : [...values]]),
  )
}

const fields = (): fc.Arbitrary<FormFields> =>
  fc
    .uniqueArray(
      fc.tuple(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((name) => name !== '__proto__'),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      ),
      { selector: ([name]) => name, maxLength: 8 },
    )
    .map((entries) => new Map(entries))

const url = (): fc.Arbitrary<string> =>
  fc
    .record({
      scheme: fc.constantFrom('https', 'http', 'wss', 'ws'),
      host: fc.constantFrom('example.com', 'Voice.Example.com', '127.0.0.1', '[::1]', 'user:pw@example.com'),
      port: fc.constantFrom('', '', ':443', ':80', ':8443'),
      path: fc.constantFrom('', '/', '/twilio/voice', '/a b', '/ü', '/twilio/voice/', "/o'clock"),
      query: fc.constantFrom('', '', '?env=prod', "?q=it's", '?a=1&a=2&b', '?x=%27'),
    })
    .map(({ scheme, host, port, path, query }) => `${scheme}://${host}${port}${path}${query}`)

describe('the signature', () => {
  it('is the one of Twilio’s own library', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), url(), fields(), (token, address, form) => {
        expect(expectedSignature(token, address, form)).toBe(theirs(token, address, asObject(form)))
      }),
    )
  })

  it('is accepted wherever Twilio’s own library accepts it', () => {
    let accepted = 0
    fc.assert(
      fc.property(url(), url(), fc.boolean(), fields(), (signedUrl, otherUrl, same, form) => {
        const checked = same ? signedUrl : otherUrl
        const signature = theirs(TOKEN, signedUrl, asObject(form))
        if (!validateRequest(TOKEN, signature, checked, asObject(form))) return
        accepted++
        expect(isSigned(checked, form, signature)).toBe(true)
      }),
      { numRuns: 400 },
    )
    expect(accepted).toBeGreaterThan(40)
  })

  it.each([
    ['wss://h/ws', 'wss://h/ws', true],
    ['wss://h/ws', 'https://h/ws', false],
    ['wss://h/ws/', 'wss://h/ws', false],
    ['wss://h/', 'wss://h', true],
    ['wss://h:443/ws', 'wss://h/ws', true],
    ['wss://h/ws', 'wss://h:8443/ws', true],
    ['wss://h/ws', 'wss://H/ws', true],
    ['https://h:443/voice', 'https://h/voice', true],
    ['http://h:80/voice', 'http://h/voice', true],
  ])('signed for %s and checked as %s: %s', (signedUrl, checked, expected) => {
    const signature = expectedSignature(TOKEN, signedUrl, NO_FIELDS)
    expect(isSigned(checked, NO_FIELDS, signature)).toBe(expected)
  })

  it('fails for another token, another field, another value', () => {
    const form = parseForm(Buffer.from('CallSid=CA1&From=%2B1'))!
    const signature = expectedSignature(TOKEN, 'https://h/v', form)
    const check = (token: string, body: string, given: string) =>
      isSigned('https://h/v', parseForm(Buffer.from(body))!, given, token)
    expect(check(TOKEN, 'CallSid=CA1&From=%2B1', signature)).toBe(true)
    expect(check('other', 'CallSid=CA1&From=%2B1', signature)).toBe(false)
    expect(check(TOKEN, 'CallSid=CA1&From=%2B2', signature)).toBe(false)
    expect(check(TOKEN, 'CallSid=CA1&From=%2B1&To=', signature)).toBe(false)
    expect(check(TOKEN, 'CallSid=CA1&From=%2B1', '')).toBe(false)
    expect(check(TOKEN, 'CallSid=CA1&From=%2B1', `${signature} `)).toBe(false)
  })

  it('covers a JSON body by its hash in the URL', () => {
    const body = Buffer.from('{"CallSid":"CA1"}')
    const address = `https://h/v?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
    const signature = theirs(TOKEN, address, {})
    expect(validateRequestWithBody(TOKEN, signature, address, body.toString())).toBe(true)
    expect(isSigned(address, NO_FIELDS, signature, TOKEN, body)).toBe(true)
    expect(isSigned(address, NO_FIELDS, signature, TOKEN, Buffer.from('{}'))).toBe(false)
  })
})

it('a form keeps repeated fields and what is encoded in it', () => {
  const form = parseForm(Buffer.from('a=1&b=%D7%A9+x&a=2&c'))!
  expect([...form]).toEqual([
    ['a', ['1', '2']],
    ['b', ['ש x']],
    ['c', ['']],
  ])
})

describe('what a check costs is bounded', () => {
  it('a URL has ten spellings at the most, each once', () => {
    fc.assert(
      fc.property(fc.oneof(url(), fc.string(), fc.webUrl({ withQueryParameters: true })), (address) => {
        const all = [...spellings(address)]
        expect(new Set(all).size).toBe(all.length)
        expect(all.length).toBeLessThanOrEqual(10)
      }),
    )
  })

  it('a hash for each spelling, and the fields sorted once for all of them', () => {
    const sorted: string[] = []
    class Watched extends Map<string, readonly string[]> {
      override keys() {
        sorted.push('sorted')
        return super.keys()
      }
    }
    const check = new SignatureCheck([TOKEN], { fields: new Watched([['a', ['1']]]), signature: 'x' })
    for (const address of ['https://h/v?a=1', 'https://h/v/', 'http://h:8080/v']) check.fits(address)
    expect(sorted).toEqual(['sorted'])
    expect(check.hashes).toBeLessThanOrEqual(30)
  })

  it('a form of more fields than Twilio ever sends is not read', () => {
    const form = (count: number) => Buffer.from(Array.from({ length: count }, (_, at) => `f${at}=`).join('&'))
    expect(parseForm(form(MAX_FIELDS))?.size).toBe(MAX_FIELDS)
    expect(parseForm(form(MAX_FIELDS + 1))).toBeUndefined()
    expect(parseForm(Buffer.alloc(65_536, '&'))).toBeUndefined()
  })
})
