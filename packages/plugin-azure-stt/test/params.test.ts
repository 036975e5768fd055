import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import plugin, { type AzureSttParams } from '../src/index.ts'
import { resolveParams } from '../src/params.ts'

// The core's own copy: the one that will judge these params.
const ofCore = createRequire(new URL('../../core/package.json', import.meta.url))
const { Ajv2020 } = ofCore('ajv/dist/2020.js')

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(plugin.params)
const warnings = (params: Partial<AzureSttParams>): string[] =>
  (plugin.check?.({ language: 'he-IL', key: 'k'.repeat(32), ...params }) ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )

it('every param has a description, and all but the language a default', () => {
  for (const [name, property] of Object.entries(plugin.params.properties)) {
    expect(property, name).toHaveProperty('description')
    if (name !== 'language') expect(property, name).toHaveProperty('default')
  }
})

it('a valid block passes, a wrong type and an unknown name do not', () => {
  expect(validate({ language: 'he-IL', region: 'westeurope' })).toBe(true)
  expect(validate({ language: 'he-IL', segmentation_silence_ms: '500' })).toBe(false)
  expect(validate({ language: 'he-IL', regoin: 'westeurope' })).toBe(false)
  expect(validate({ region: 'westeurope' })).toBe(false)
})

it('a healthy block warns of nothing', () => {
  expect(warnings({})).toEqual([])
})

it('an unknown region is warned about, with what was meant', () => {
  expect(warnings({ region: 'west-europe' })).toEqual([
    'region: "west-europe" is not a known region of the Speech service (as of 2026-11); did you mean "westeurope"?',
  ])
})

it('a fallback region without a key of its own is warned about', () => {
  expect(warnings({ fallback_regions: ['northeurope'] })).toEqual([
    'fallback_regions.0: Azure keys are valid in one region: give "northeurope" its own under region_keys, or it will refuse the call',
  ])
  expect(
    warnings({ fallback_regions: ['northeurope'], region_keys: { northeurope: 'x'.repeat(32) } }),
  ).toEqual([])
})

it('no key at all, and settings that undo each other, are warned about', () => {
  expect(warnings({ key: '' })).toEqual(['region: no key: set key, region_keys, or token_file'])
  expect(warnings({ segmentation_strategy: 'semantic' })[0]).toContain('segmentation_silence_ms')
  expect(warnings({ languages: ['en-US', 'ar-IL'] })[0]).toContain('"he-IL"')
})

it('defaults are filled in where the loader has not', () => {
  expect(resolveParams({ language: 'he-IL' })).toMatchObject({
    region: 'westeurope',
    connect_timeout_ms: 3000,
    segmentation_silence_ms: 500,
  })
})
