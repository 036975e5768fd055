import { liveCheckContract, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { liveCheck } from '../src/index.ts'
import { openSpeechServer } from '../src/testing/index.ts'
import { serve } from './open-for-test.ts'

const LOCATIONS = {
  eu: { 'iw-IL': ['chirp_3'], 'en-US': ['chirp_3'] },
  us: { 'iw-IL': ['chirp_2'] },
  global: { 'en-US': ['long'] },
}
const NOBODY = { language: 'he-IL', endpoint: 'http://127.0.0.1:1' }

it('compares each region with what the Locations API lists', async () => {
  const { endpoint } = await serve({ locations: LOCATIONS })
  const fallback_regions = ['us', 'global', 'europe-west1']
  const findings = await liveCheck(
    { language: 'he-IL', region: 'eu', fallback_regions, endpoint },
    testContext(),
  )
  expect(findings).toEqual([
    { level: 'ok', region: 'eu', message: '"eu" lists chirp_3 for iw-IL' },
    {
      level: 'error',
      region: 'us',
      message: '"us" does not list chirp_3 for iw-IL; it lists chirp_2',
      fix: 'Set model to "chirp_2", or leave this region out.',
    },
    {
      level: 'error',
      region: 'global',
      message: '"global" lists no model for iw-IL',
      fix: 'Check language and model: no region lists long for iw-IL.',
    },
    {
      level: 'error',
      region: 'europe-west1',
      message: 'Google lists no location "europe-west1" for this project',
      fix: 'Check language and model: no region lists long for iw-IL.',
    },
  ])
})

it.each([
  [{ region: 'ue' }, 'Set the region to "eu" instead of "ue".'],
  [{ region: 'europe-west1' }, 'Leave "europe-west1" out and take one that lists chirp_3 for iw-IL: eu.'],
  [{ language: 'en-UX', region: 'eu' }, 'Set language to "en-US", the nearest that is listed there.'],
])('%o is told with what is near', async (given, fix) => {
  const { endpoint } = await serve({ locations: LOCATIONS })
  const params = { language: 'he-IL', model: 'chirp_3', endpoint, ...given }
  expect(await liveCheck(params, testContext())).toMatchObject([{ level: 'error', fix }])
})

it('a model that the built-in table does not know to stream is a doubt', async () => {
  const { endpoint } = await serve({ locations: { us: { 'iw-IL': ['chirp_2'] } } })
  const params = { language: 'he-IL', region: 'us', model: 'chirp_2', endpoint }
  const fix = expect.stringContaining('Place a call')
  expect(await liveCheck(params, testContext())).toMatchObject([{ level: 'warning', fix }])
})

it('v1 cannot be asked', async () => {
  const findings = await liveCheck({ language: 'he-IL', api: 'v1', region: 'global' }, testContext())
  expect(findings).toMatchObject([{ level: 'warning', fix: expect.stringContaining('set api to v2') }])
})

it('a server that cannot be reached is a finding of each region', async () => {
  const findings = await liveCheck({ ...NOBODY, fallback_regions: ['us'] }, testContext())
  expect(findings).toMatchObject([
    { level: 'error', region: 'eu', fix: expect.stringMatching(/port 443.*endpoint/) },
    { level: 'error', region: 'us' },
  ])
})

it('credentials that are none are a finding', async () => {
  const params = { language: 'he-IL', credentials: 'none.json', project: 'p' }
  expect(await liveCheck(params, testContext({ baseDir: '/nowhere' }))).toMatchObject([
    {
      level: 'error',
      message: expect.stringContaining('no usable credentials'),
      fix: expect.stringContaining('stt.params.credentials'),
    },
  ])
})

describe('the contract of a live check', () => {
  const cases = liveCheckContract({
    checks: {
      'not listed': async () => {
        const server = await openSpeechServer({ locations: LOCATIONS })
        const findings = await liveCheck({ language: 'fr-FR', endpoint: server.endpoint }, testContext())
        await server.close()
        return findings
      },
      nobody: () => liveCheck(NOBODY, testContext()),
    },
    secrets: [],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
