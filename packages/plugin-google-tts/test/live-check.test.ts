import { liveCheckContract, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { liveCheck } from '../src/index.ts'
import { serve } from './open-for-test.ts'

const VOICES = { 'he-IL': ['he-IL-Wavenet-A', 'he-IL-Chirp3-HD-Kore'], 'en-US': ['en-US-Wavenet-F'] }
const NOBODY = { language: 'he-IL', endpoint: 'http://127.0.0.1:1' }

it('compares the voices configured with those Google lists for their languages', async () => {
  const server = await serve({ voices: VOICES })
  const params = {
    language: 'iw-IL',
    voice: 'he-IL-Wavenet-A',
    voices: { 'en-US': 'en-US-Wavenet-Q', 'fr-FR': 'fr-FR-Wavenet-A' },
    endpoint: server.endpoint,
  }
  expect(await liveCheck(params, testContext())).toEqual([
    { level: 'ok', region: 'global', message: '"he-IL-Wavenet-A" is listed for he-IL' },
    {
      level: 'error',
      region: 'global',
      message: '"en-US-Wavenet-Q" is not listed for en-US',
      fix: 'Set voices.en-US to "en-US-Wavenet-F", the nearest that is listed.',
    },
    {
      level: 'error',
      region: 'global',
      message: 'Google lists no voice for fr-FR',
      fix: 'Check the language fr-FR, and try region: global, which has most voices.',
    },
  ])
})

it('a voice that is near none is told with some that are listed', async () => {
  const { endpoint } = await serve({ voices: VOICES })
  const findings = await liveCheck(
    { language: 'he-IL', voice: 'he-IL-Standard-Zephyr', endpoint },
    testContext(),
  )
  expect(findings[0]!.fix).toBe('Set voice to one that is listed: he-IL-Wavenet-A, he-IL-Chirp3-HD-Kore.')
})

it('a server that cannot be reached is a finding', async () => {
  const fix = expect.stringMatching(/port 443.*endpoint/)
  expect(await liveCheck(NOBODY, testContext())).toMatchObject([{ level: 'error', fix }])
})

describe('the contract of a live check', () => {
  const cases = liveCheckContract({ checks: { nobody: () => liveCheck(NOBODY, testContext()) }, secrets: [] })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
