import { expect, it } from 'vitest'
import { liveCheck } from '../src/index.ts'
import { serve } from './open-for-test.ts'

it('compares the voices configured with those Google lists for their languages', async () => {
  const server = await serve({
    voices: { 'he-IL': ['he-IL-Wavenet-A', 'he-IL-Chirp3-HD-Kore'], 'en-US': ['en-US-Wavenet-F'] },
  })
  const params = {
    language: 'iw-IL',
    voice: 'he-IL-Wavenet-A',
    voices: { 'en-US': 'en-US-Wavenet-Q', 'fr-FR': 'fr-FR-Wavenet-A' },
    endpoint: server.endpoint,
  }
  expect(await liveCheck(params, { baseDir: '/' })).toEqual([
    { level: 'ok', region: 'global', message: '"he-IL-Wavenet-A" is listed for he-IL' },
    {
      level: 'error',
      region: 'global',
      message: '"en-US-Wavenet-Q" is not listed for en-US; listed are en-US-Wavenet-F and others',
    },
    { level: 'error', region: 'global', message: 'Google lists no voice for fr-FR' },
  ])
})

it('a server that cannot be reached is a fault', async () => {
  await expect(
    liveCheck({ language: 'he-IL', endpoint: 'http://127.0.0.1:1' }, { baseDir: '/' }),
  ).rejects.toMatchObject({ class: 'network' })
})
