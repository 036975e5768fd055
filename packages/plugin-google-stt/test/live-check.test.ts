import { expect, it } from 'vitest'
import { liveCheck } from '../src/index.ts'
import { serve } from './open-for-test.ts'

it('compares each region with what the Locations API lists', async () => {
  const server = await serve({
    locations: {
      eu: { 'iw-IL': ['chirp_3'], 'en-US': ['chirp_3'] },
      us: { 'iw-IL': ['chirp_2'] },
      global: { 'en-US': ['long'] },
    },
  })
  const findings = await liveCheck(
    {
      language: 'he-IL',
      region: 'eu',
      fallback_regions: ['us', 'global', 'europe-west1'],
      endpoint: server.endpoint,
    },
    { baseDir: '/' },
  )
  expect(findings).toEqual([
    { level: 'ok', region: 'eu', message: '"eu" lists chirp_3 for iw-IL' },
    { level: 'error', region: 'us', message: '"us" does not list chirp_3 for iw-IL; it lists chirp_2' },
    { level: 'error', region: 'global', message: '"global" lists no model for iw-IL' },
    {
      level: 'error',
      region: 'europe-west1',
      message: 'Google lists no location "europe-west1" for this project',
    },
  ])
})

it('a server that cannot be reached is a fault', async () => {
  await expect(
    liveCheck({ language: 'he-IL', endpoint: 'http://127.0.0.1:1' }, { baseDir: '/' }),
  ).rejects.toMatchObject({ class: 'network' })
})
