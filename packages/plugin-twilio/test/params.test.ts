import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { testContext } from '@kav/core/testing'
import plugin, { type TwilioParams } from '../src/index.ts'
import { settingsOf, twilioParams } from '../src/params/params.ts'

// The ajv that checks pipelines is the core's dependency.
const { Ajv2020 } = createRequire(import.meta.resolve('@kav/core'))('ajv/dist/2020.js') as {
  Ajv2020: new (options: object) => { compile(schema: object): (value: unknown) => boolean }
}
const valid = new Ajv2020({ strict: true, allErrors: true }).compile(twilioParams)
const warnings = (params: TwilioParams) =>
  (plugin.check?.(params) ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
const HEX = '0123456789abcdef0123456789abcdef'
const KEY = { api_key_sid: `SK${HEX}`, api_key_secret: 'y'.repeat(32) }
const COMPLETE = { account_sid: `AC${HEX}`, auth_token: HEX, public_url: 'https://voice.example.com' }

describe('the schema', () => {
  it('describes every param, and gives a default to all that have one', () => {
    for (const [name, schema] of Object.entries(twilioParams.properties)) {
      expect(schema.description, name).toMatch(/\.$/)
    }
    expect(settingsOf({})).toMatchObject({
      voice_path: '/twilio/voice',
      media_path: '/twilio/media',
      status_path: '/twilio/status',
      validate_signature: true,
      start_timeout_ms: 5000,
      max_message_bytes: 65_536,
      stream_parameters: {},
      api_base_url: 'https://api.twilio.com',
    })
  })

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['all', { ...COMPLETE, stream_parameters: { campaign: 'spring' }, start_timeout_ms: 1000 }],
    ['a public URL with a port and a prefix', { public_url: 'https://h:8443/prefix/' }],
    ['an unset environment variable', { auth_token: '', account_sid: '', public_url: '', api_key_sid: '' }],
    ['signatures of webhooks alone', { validate_signature: 'webhook' }],
    ['streams without a token', { stream_token: 'optional' }],
  ])('takes %s', (_, params) => expect(valid(params)).toBe(true))

  it.each<[string, unknown]>([
    ['an unknown key', { authtoken: 'x' }],
    ['a public URL without a scheme', { public_url: 'voice.example.com' }],
    ['a public URL with a query', { public_url: 'https://h/?a=1' }],
    ['a path without a slash', { voice_path: 'voice' }],
    ['a media path with a query, which Twilio refuses (31920)', { media_path: '/media?x=1' }],
    ['another way to check signatures', { validate_signature: 'upgrade' }],
    ['another word about tokens', { stream_token: 'none' }],
    ['a number as text', { start_timeout_ms: '5000' }],
    ['a parameter that is no text', { stream_parameters: { a: 1 } }],
    ['a parameter name with a space', { stream_parameters: { 'a b': 'x' } }],
  ])('refuses %s', (_, params) => expect(valid(params)).toBe(false))
})

describe('the check', () => {
  it('has nothing to say about complete params', () => {
    expect(warnings(COMPLETE)).toEqual([])
    expect(warnings({ ...COMPLETE, ...KEY, auth_token_secondary: HEX })).toEqual([])
    expect(warnings({ ...COMPLETE, validate_signature: 'webhook' })).toEqual([])
    expect(warnings({ ...COMPLETE, stream_token: 'optional' })).toEqual([])
  })

  it('tells what is wrong with a secret once', () => {
    expect(warnings({ ...COMPLETE, account_sid: ` AC${HEX}\n`, auth_token: `'${HEX}'` })).toHaveLength(2)
  })

  it.each<[TwilioParams, RegExp]>([
    [{ account_sid: 'AC1', auth_token: 't' }, /^public_url: missing: signatures cannot be checked/],
    [{ account_sid: 'AC1', public_url: 'https://h' }, /^auth_token: missing: signatures cannot be checked/],
    [{ ...COMPLETE, validate_signature: false }, /^validate_signature: off/],
    [{ ...COMPLETE, public_url: 'http://h.example' }, /^public_url: is http/],
    [{ auth_token: 't', public_url: 'https://h' }, /^account_sid: missing: calls cannot be transferred/],
    [{ ...COMPLETE, stream_parameters: { token: 'x' } }, /^stream_parameters.token: is set by Kav/],
    [{ ...COMPLETE, voice_path: '/a', media_path: '/a' }, /^media_path: is the same as voice_path/],
    [{ ...COMPLETE, account_sid: HEX, auth_token: `AC${HEX}` }, /^account_sid: .* are swapped/],
    [{ ...COMPLETE, account_sid: `SK${HEX}` }, /^account_sid: is the SID of an API key/],
    [{ ...COMPLETE, account_sid: HEX }, /^account_sid: looks like an auth token/],
    [{ ...COMPLETE, account_sid: `"AC${HEX}"` }, /^account_sid: has white space or quotes/],
    [{ ...COMPLETE, auth_token: `${HEX}\n` }, /^auth_token: has white space or quotes .* \(403\)/],
    [{ ...COMPLETE, auth_token_secondary: `\u200b${HEX}` }, /^auth_token_secondary: has white space/],
    [{ ...COMPLETE, ...KEY, api_key_secret: 's ' }, /^api_key_secret: has white space/],
    [{ ...COMPLETE, auth_token_secondary: `AC${HEX}` }, /^auth_token_secondary: is a SID/],
    [{ ...COMPLETE, ...KEY, api_key_sid: `AC${HEX}` }, /^api_key_sid: is not the SID of an API key/],
    [
      { ...COMPLETE, api_key_sid: 's', api_key_secret: KEY.api_key_sid },
      /^api_key_sid: .* it and api_key_secret are swapped/,
    ],
    [{ ...COMPLETE, ...KEY, api_base_url: 'http://proxy.example' }, /^api_base_url: is http: the API key/],
    [{ ...COMPLETE, account_sid: `ac${HEX}` }, /^account_sid: has letters in another case/],
    [{ ...COMPLETE, account_sid: `AC${HEX.toUpperCase()}` }, /^account_sid: has letters in another case/],
    [{ ...COMPLETE, account_sid: `AC${HEX.slice(1)}` }, /^account_sid: has 33 characters in place of 34/],
    [{ ...COMPLETE, auth_token: HEX.slice(1) }, /^auth_token: has 31 hexadecimal digits, .* \(403\)/],
    [{ ...COMPLETE, auth_token_secondary: `${HEX}0` }, /^auth_token_secondary: has 33 hexadecimal/],
    [{ ...COMPLETE, auth_token: HEX.toUpperCase() }, /^auth_token: has capital letters/],
    [{ ...COMPLETE, public_url: 'https://localhost:8080' }, /^public_url: names this machine/],
    [{ ...COMPLETE, public_url: 'http://192.168.1.5:8080' }, /^public_url: names this machine/],
    [{ ...COMPLETE, public_url: 'https://[fd00::1]' }, /^public_url: names this machine/],
    [{ ...COMPLETE, public_url: 'https://kav.local' }, /^public_url: names this machine/],
    [
      { ...COMPLETE, public_url: 'https://abc123.ngrok-free.app' },
      /^public_url: names "abc123.ngrok-free.app"/,
    ],
    [
      { ...COMPLETE, public_url: 'https://your-domain.com' },
      /^public_url: names "your-domain.com", a placeholder/,
    ],
    [{ ...COMPLETE, public_url: 'https://example.com' }, /^public_url: names "example.com", a placeholder/],
    [
      { ...COMPLETE, public_url: 'https://h.example/twilio' },
      /^public_url: makes the webhook https:\/\/h.example\/twilio\/twilio\/voice; write "https:\/\/h.example"/,
    ],
    [
      { ...COMPLETE, public_url: 'https://h.example/twilio/stream/' },
      /^public_url: makes the webhook .*\/twilio\/stream\/twilio\/voice/,
    ],
    [{ ...COMPLETE, account_sid: 'AC123' }, /^account_sid: is not an account SID/],
    [{ ...COMPLETE, auth_token: `SK${HEX}` }, /^auth_token: is a SID, no auth token/],
    [
      { ...COMPLETE, public_url: 'https://h/twilio/voice/' },
      /^public_url: ends in \/twilio\/voice, .* write "https:\/\/h"/,
    ],
    [{ ...COMPLETE, api_base_url: 'http://proxy.example' }, /^api_base_url: is http/],
    [{ ...COMPLETE, start_timeout_ms: 60_000 }, /^start_timeout_ms: never runs out/],
  ])('warns of %j', (params, expected) => {
    expect(warnings(params).some((warning) => expected.test(warning))).toBe(true)
  })
})

it.each(['https://*.h.example', 'https://a.example,https://b.example', 'https://a.example;b', 'https://h h'])(
  'refuses %s, which nobody can call',
  (public_url) => {
    const faults = plugin.check?.({ ...COMPLETE, public_url })?.filter(({ severity }) => severity === 'error')
    expect(faults?.map(({ path }) => path)).toEqual([['public_url']])
  },
)

it.each([
  'https://h.example/kav',
  'https://203.0.113.5',
  'https://x1y2.ngrok-free.app',
  'https://100.128.0.1',
])('takes %s', (public_url) => expect(warnings({ ...COMPLETE, public_url })).toEqual([]))

it('says of each param without which the server does not start that it is an error', () => {
  const errors = (params: TwilioParams) =>
    (plugin.check?.(params) ?? []).filter(({ severity }) => severity === 'error').map(({ path }) => path[0])
  expect(errors({})).toEqual(['auth_token', 'public_url'])
  expect(errors({ ...COMPLETE, auth_token: '' })).toEqual(['auth_token'])
  expect(errors({ ...COMPLETE, status_path: '/twilio/voice' })).toEqual(['status_path'])
  expect(errors({ validate_signature: false })).toEqual([])
  expect(errors({ ...COMPLETE, public_url: 'https://h/kav/twilio/media' })).toEqual(['public_url'])
  expect(errors({ validate_signature: 'webhook' })).toEqual(['auth_token', 'public_url'])
  expect(errors({ ...COMPLETE, validate_signature: false, stream_token: 'optional' })).toEqual([
    'stream_token',
  ])
  expect(errors({ ...COMPLETE, api_key_sid: KEY.api_key_sid })).toEqual(['api_key_secret'])
  expect(errors({ ...COMPLETE, api_key_secret: 's' })).toEqual(['api_key_sid'])
  expect(errors({ validate_signature: false, auth_token_secondary: HEX })).toEqual(['auth_token_secondary'])
  expect(errors(COMPLETE)).toEqual([])
})

it.each<TwilioParams>([
  { ...COMPLETE, public_url: 'https://h/twilio/voice' },
  { ...COMPLETE, public_url: 'https://h/kav/twilio/status/' },
  { ...COMPLETE, validate_signature: false, stream_token: 'optional' },
  { ...COMPLETE, api_key_secret: 's' },
])('whatever is told as an error does not start: %j', (params) => {
  const { path, message } = plugin.check!(params).find(({ severity }) => severity === 'error')!
  expect(() => plugin.create(params, testContext())).toThrow(`${path.join('.')} ${message}`)
})

it('takes a public URL whose scheme is written in capitals', () => {
  expect(valid({ public_url: 'HTTPS://voice.example.com' })).toBe(true)
  expect(settingsOf({ public_url: 'HTTPS://Voice.example.com' }).public_url).toBe('https://Voice.example.com')
})

it.each<[TwilioParams, string]>([
  [{}, 'auth_token and public_url missing'],
  [{ auth_token: 't' }, 'public_url missing'],
  [{ auth_token: '', public_url: 'https://h' }, 'auth_token missing'],
])('signatures that cannot be checked are a start-up error: %j', (params, message) => {
  expect(() => plugin.create(params, testContext())).toThrow(message)
})
