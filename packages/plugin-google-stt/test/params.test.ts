import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import plugin from '../src/index.ts'
import { clientSettings } from '../src/client-options.ts'
import { resolveParams } from '../src/params.ts'

// The core's own copy: the one that will judge these params.
const ofCore = createRequire(new URL('../../core/package.json', import.meta.url))
const { Ajv2020 } = ofCore('ajv/dist/2020.js')

const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  useDefaults: true,
  allowUnionTypes: true,
  formats: { 'file-path': true },
}).compile(plugin.params)

const warnings = (params: object) =>
  (plugin.check?.({ language: 'he-IL', ...params }) ?? []).map(
    (warning) => `${warning.path.join('/')}: ${warning.message}`,
  )

it('Hebrew in europe-west1 with us-central1 behind it and use_enhanced is valid, with its warnings', () => {
  const params = {
    language: 'he-IL',
    region: 'europe-west1',
    fallback_regions: ['us-central1'],
    use_enhanced: true,
  }
  expect(validate(structuredClone(params))).toBe(true)
  expect(warnings(params)).toEqual([
    expect.stringMatching(/^use_enhanced: api v2 has no enhanced variants/),
    'region: "europe-west1" is not in Google\'s list of v2 locations, and he-IL (iw-IL) is not known to stream there (as of 2026-11); known to stream it: "eu" (chirp_3), "us" (chirp_3)',
    'fallback_regions/0: he-IL (iw-IL) with model "long" is not known to stream in "us-central1" (as of 2026-11); known to stream it: "eu" (chirp_3), "us" (chirp_3)',
  ])
})

it('what is known to stream has no warnings', () => {
  expect(warnings({})).toEqual([])
  expect(warnings({ region: 'us' })).toEqual([])
  expect(warnings({ language: 'en-US', region: 'us-central1' })).toEqual([])
})

it('Hebrew with chirp_2 is warned about, with what does stream', () => {
  expect(warnings({ region: 'us-central1', model: 'chirp_2' })).toEqual([
    expect.stringMatching(/^region: he-IL \(iw-IL\) with model "chirp_2" is not known.*"eu" \(chirp_3\)/),
  ])
})

it('v1 takes its three endpoints and no others', () => {
  expect(validate({ api: 'v1', language: 'he-IL', region: 'us' })).toBe(true)
  expect(validate({ api: 'v1', language: 'he-IL', region: 'europe-west1' })).toBe(false)
  expect(validate({ api: 'v1', language: 'he-IL', fallback_regions: ['us-central1'] })).toBe(false)
  expect(warnings({ api: 'v1', use_enhanced: true })).toEqual([
    expect.stringMatching(/^use_enhanced: Hebrew has no enhanced model/),
  ])
})

it('a model of v2 in v1 is told before the pipeline is started', () => {
  expect(warnings({ api: 'v1', model: 'chirp_3' })).toEqual([
    expect.stringMatching(/^model: "chirp_3" exists in api v2 only/),
  ])
})

it('unknown fields and a missing language are errors', () => {
  expect(validate({ language: 'he-IL', langauge: 'x' })).toBe(false)
  expect(validate({})).toBe(false)
})

it.each([
  ['eu', {}, 'eu-speech.googleapis.com:443'],
  ['global', {}, 'speech.googleapis.com:443'],
  ['eu', { endpoint: 'speech-{region}.p.example:8443' }, 'speech-eu.p.example:8443'],
  ['eu', { endpoint: 'https://x', region_endpoints: { eu: 'http://127.0.0.1:9' } }, '127.0.0.1:9 plaintext'],
])('region %s with %o goes to %s', (region, params, expected) => {
  const settings = clientSettings(resolveParams({ language: 'he-IL', ...params }), region, '/')
  expect(`${settings.host}:${settings.port}${settings.plaintext ? ' plaintext' : ''}`).toBe(expected)
})
