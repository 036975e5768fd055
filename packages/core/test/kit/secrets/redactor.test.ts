import { Buffer } from 'node:buffer'
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksSecret, Redactor, secretsOf } from '../../../src/kit/secrets/index.ts'

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor()
  for (const secret of secrets) redactor.add(secret)
  return redactor
}

const PEM = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey
const KEY_FILE = JSON.stringify({ type: 'service_account', project_id: 'desk', private_key: PEM })
/** Thirty characters from the middle of a text. */
const middleOf = (text: string): string => text.slice(text.length / 2, text.length / 2 + 30)

/** Texts that nothing else in a line of the log looks like. */
const secretText = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ23456789+/_-"\\ \n~é'),
  minLength: 16,
  maxLength: 60,
})
const SPELLINGS: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'in JSON': (secret) => JSON.stringify({ at: secret }),
  'in a query': (secret) => `https://example.com/v1?q=${encodeURIComponent(secret)}`,
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64url': (secret) => Buffer.from(secret).toString('base64url'),
  'behind a name, in base64': (secret) => Buffer.from(`user:${secret}`).toString('base64'),
  'behind a longer name, in base64': (secret) => Buffer.from(`apiuser:${secret}`).toString('base64'),
}

describe('a known secret', () => {
  for (const [how, spell] of Object.entries(SPELLINGS)) {
    it(`is hidden ${how}, wherever it stands`, () => {
      fc.assert(
        fc.property(secretText, fc.string(), fc.string(), (written, before, behind) => {
          const secret = `${written.trim()}X7`
          if (new Set(secret).size < 8) return
          const clean = redactorOf(secret).clean(before + spell(secret) + behind)
          expect(clean).toContain('(hidden)')
          expect(clean).not.toContain(secret)
          expect(clean).not.toContain(spell(secret))
        }),
        { numRuns: 200 },
      )
    })
  }

  it('is hidden when others have cut it, down to twelve characters', () => {
    const secret = '0123456789abcdef0123456789abcdef'
    const redactor = redactorOf(secret)
    for (let length = 12; length <= secret.length; length++) {
      expect(redactor.clean(`refused: ${secret.slice(0, length)}…`)).toBe('refused: (hidden)…')
      expect(redactor.clean(`refused: …${secret.slice(-length)}`)).toBe('refused: …(hidden)')
    }
  })

  it('is hidden with all it says when it is a key file, plain or in base64', () => {
    const encoded = Buffer.from(KEY_FILE).toString('base64')
    for (const given of [KEY_FILE, encoded]) {
      const redactor = redactorOf(given)
      for (const said of [KEY_FILE, encoded, PEM, JSON.stringify(PEM), middleOf(PEM), middleOf(encoded)]) {
        expect(redactor.clean(`cannot use ${said} here`)).not.toContain(middleOf(said).slice(0, 16))
      }
    }
  })

  it('is hidden as a whole word when it is short, and never as the name of a field', () => {
    const redactor = redactorOf('ev3nts')
    expect(redactor.clean('{"ev3nts":"ev3nts","ev3ntsful":1}')).toBe('{"ev3nts":"(hidden)","ev3ntsful":1}')
  })

  it('tells where it came from when that is known', () => {
    const redactor = new Redactor()
    redactor.add('0123456789abcdef', '(from ${TOKEN})')
    expect(redactor.clean('bad token 0123456789abcdef')).toBe('bad token (from ${TOKEN})')
  })

  it('hides nothing when it is a word of JSON, a placeholder or a small number', () => {
    const none = [
      'true',
      'false',
      'null',
      'none',
      'None',
      'test',
      'changeme',
      '<your-key>',
      'empty',
      '1234',
      '2026',
      'xxxxxxxx',
    ]
    const text = JSON.stringify({
      ok: true,
      is: null,
      no: false,
      at: '2026-11-30',
      text: `none of the test is empty, changeme ${none.join(' ')}`,
    })
    expect(redactorOf(...none).clean(text)).toBe(text)
  })

  it('hides nothing when it is an ordinary word, or one that Kav writes itself', () => {
    const words = [
      'caller',
      'string',
      'agent',
      'Boolean',
      'additionalProperties',
      'transport-error',
      'garden',
    ]
    expect(redactorOf(...words).clean(words.join(' '))).toBe(words.join(' '))
    expect(redactorOf('gardener', 'gArden', 'garden1').clean('gardener gArden garden1')).not.toMatch(
      /garden/i,
    )
  })

  it('is found by itself among thousands of others, which cost a text nothing', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `q7${(at + 1_000_000).toString(36)}`)
    const redactor = redactorOf(...many, 'q-1.z+', 'q-1.z+tt')
    for (const secret of [...many.slice(0, 50), 'q-1.z+', 'q-1.z+tt'])
      expect(redactor.clean(`a ${secret}, x${secret} ${secret}x`)).toBe(`a (hidden), x${secret} ${secret}x`)
  })

  it('leaves JSON to be JSON, whatever the secrets are and wherever they stand', () => {
    const secret = fc.oneof(
      fc.integer({ min: 1_000_000 }).map(String),
      fc.constantFrom(
        '":true,"',
        '},{"a":',
        'ended"',
        'abcdefgh',
        'abcdefgh":[',
        '\\"\\"\\"abc',
        'true,"ok":false',
        '[1,2,3,4,5,6,7]',
      ),
      fc.string({ minLength: 6, maxLength: 20 }),
    )
    const about = fc.record({
      secrets: fc.array(secret, { minLength: 1, maxLength: 4 }),
      value: fc.jsonValue(),
    })
    fc.assert(
      fc.property(about, fc.constantFrom(undefined, 2), ({ secrets, value }, indent) => {
        const redactor = redactorOf(...secrets)
        const told = {
          ok: true,
          a: { b: [1, 2, 3, 4, 5, 6, 7] },
          n: Number(secrets[0]) || 0,
          s: secrets,
          value,
        }
        const clean = redactor.clean(JSON.stringify(told, undefined, indent))
        const read = JSON.parse(clean) as typeof told
        expect(read.ok).toBe(true)
        expect(Object.keys(read)).toEqual(Object.keys(told))
        for (const line of redactor
          .clean(`${JSON.stringify(told)}\nnot JSON\n${JSON.stringify(told)}`)
          .split('\n'))
          if (line.startsWith('{')) JSON.parse(line)
      }),
    )
  })

  it('hides nothing when it is shorter than six characters, or only blanks and lines', () => {
    expect(redactorOf('on', 'call', '   ', '------------').clean('on ------------ off')).toBe(
      'on ------------ off',
    )
  })
})

describe('what looks like a secret', () => {
  const looks: Record<string, string> = {
    'a key file': KEY_FILE,
    'a key file in base64': Buffer.from(KEY_FILE).toString('base64'),
    'a key file in base64, with lines': Buffer.from(JSON.stringify(JSON.parse(KEY_FILE), null, 2)).toString(
      'base64',
    ),
    'a key file in base64, cut off': Buffer.from(KEY_FILE).toString('base64').slice(0, 300),
    'a private key': PEM,
    'a private key, cut off': PEM.slice(0, 200),
    'a private key in JSON': JSON.stringify(PEM),
    'a key of OpenAI': 'sk-proj-abcdEFGH1234_ijklMNOP5678',
    'a key of Google': 'AIzaSyA1234567890abcdefghijklmnopqrstu',
    'a token of Google': 'ya29.a0AfH6SMBx1234567890abcdefgh',
    'a key of AWS': 'AKIAIOSFODNN7EXAMPLE',
    'a token of GitHub': 'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    'a web token':
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  }
  for (const [name, secret] of Object.entries(looks)) {
    it(`is hidden: ${name}`, () => {
      expect(looksSecret(secret)).toBe(true)
      const clean = new Redactor().clean(`it said "${secret}" and more`)
      expect(clean).not.toContain(middleOf(secret).slice(0, 12))
      expect(clean.startsWith('it said "')).toBe(true)
    })
  }

  it('leaves the rest of an address standing', () => {
    const clean = (text: string): string => new Redactor().clean(text)
    expect(clean('wss://user:pa55@example.com/a')).toBe('wss://(hidden)@example.com/a')
    expect(clean('https://example.com/v1?model=x&api_key=abcd1234&b=2')).toBe(
      'https://example.com/v1?model=x&api_key=(hidden)&b=2',
    )
    expect(clean('Authorization: Bearer abcdefgh12345678, then')).toBe('Authorization: Bearer (hidden), then')
  })

  it('is not what a line of the log is made of', () => {
    const lines = [
      '{"level":30,"time":1764361234567,"callId":"CA0123456789abcdef0123456789abcdef","event":"stt_ready","plugin":"google-stt","region":"europe-west4","open_ms":212,"msg":"🟢 STT_SESSION: ready"}',
      'pipelines/google-he.yaml:12:7 stt.params.region: no region of this name; regions are us-central1, europe-west4',
      'TypeError: Cannot read properties of null (reading "a")\n    at Recogniser.write (file:///srv/node_modules/@kav/plugin-google-stt/dist/session.js:12:3)',
      'https://api.openai.com/v1/chat/completions answered 401; at 12:30:45 on user@example.com',
      'recordings/2026-11-23T04-37-46-123Z_CA0123456789abcdef0123456789abcdef.wav',
    ]
    for (const line of lines) expect(new Redactor().clean(line)).toBe(line)
  })
})

describe('the secrets of a configuration', () => {
  it('stand under secret keys at any depth, or look like some wherever they stand', () => {
    expect(
      secretsOf({
        transport: { params: { auth_token: 'aaaa', public_url: 'https://me:pw@example.com' } },
        llm: { fallback: [{ params: { headers: { 'api-key': 'bbbb', accept: 'text/plain' } } }] },
        region_keys: { eu: 'cccc' },
        'sk-abcdefghijkl': true,
        '0123456789abcdef0123456789abcdef': 'x',
        max_streams_per_connection_of_2: 'no',
      }).texts,
    ).toEqual(['aaaa', 'me:pw', 'bbbb', 'cccc', 'sk-abcdefghijkl', '0123456789abcdef0123456789abcdef'])
  })

  it('are not the words of a JSON Schema, nor what stands at a place whose name only sounds like one', () => {
    const schema = {
      properties: { token: { type: 'string', enum: ['front-door-7'], default: 'sk-abcdefghijkl' } },
    }
    const open = { schemas: [['tools', '*', 'parameters']], fields: [['press_keys']] }
    const given = {
      press_keys: { description: 'Presses keys for the caller', password: 'aaaa' },
      tools: [{ parameters: schema, keys: ['bbbb'] }],
      parameters: { token: 'cccc' },
    }
    expect(secretsOf(given, open).texts).toEqual(['aaaa', 'sk-abcdefghijkl', 'bbbb', 'cccc'])
  })

  it('are not the paths of files, which hold some', () => {
    const files = ['./key.json', '../keys/a.pem', '/run/secrets/google', 'C:\\keys\\key.json', 'key.json']
    expect(secretsOf({ credentials: files })).toEqual({ texts: [], files })
    const texts = ['/9j/4AAQSkZJRgABAQAAAQABAAD', 'abc.def', 'hunter2']
    expect(secretsOf({ credentials: texts })).toEqual({ texts, files: [] })
    // By its name; a word alone may be the secret itself.
    const named = { password_file: 'secrets/pw', db: { 'secret-path': 'hunter2' } }
    expect(secretsOf(named)).toEqual({ texts: ['hunter2'], files: ['secrets/pw', 'hunter2'] })
  })
})
