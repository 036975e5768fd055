import { openSpeechRestServer, type SpeechRestScript } from '@kav/azure-speech/testing'
import { liveCheckContract, testContext } from '@kav/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import plugin, { type AzureTtsParams } from '../src/index.ts'
import { liveCheck } from '../src/live-check.ts'

const KEY = 'very-secret-key-0123456789'

/** Fields as the service lists them (learn.microsoft.com, "Get a list of voices"). */
const VOICES = [
  { ShortName: 'he-IL-HilaNeural', Locale: 'he-IL', Status: 'GA' },
  { ShortName: 'he-IL-AvriNeural', Locale: 'he-IL', Status: 'GA' },
  {
    ShortName: 'en-US-JennyNeural',
    Locale: 'en-US',
    StyleList: ['cheerful', 'customerservice'],
    Status: 'GA',
  },
  {
    ShortName: 'en-US-AvaMultilingualNeural',
    Locale: 'en-US',
    SecondaryLocaleList: ['en-US', 'he-IL', 'fr-FR'],
    Status: 'GA',
  },
  { ShortName: 'fr-FR-OldNeural', Locale: 'fr-FR', Status: 'Deprecated' },
  { Locale: 'xx-XX' },
]

async function check(params: Partial<AzureTtsParams>, script: SpeechRestScript = {}) {
  const server = await openSpeechRestServer({ secrets: { westeurope: KEY }, voices: VOICES, ...script })
  onTestFinished(() => server.close())
  const given = { voice: 'he-IL-HilaNeural', key: KEY, ...params }
  const findings = await liveCheck(given, testContext(), ({ region }) => server.placeOf(region))
  expect(JSON.stringify(findings)).not.toContain(KEY)
  return findings
}

it('each configured voice is looked for', async () => {
  const voices = { 'en-US': 'en-US-JennyNeural', fr: 'en-US-AvaMultilingualNeural' }
  expect(await check({ voices })).toEqual([
    { level: 'ok', message: 'region westeurope answers and lists the voice "he-IL-HilaNeural" (voice)' },
    {
      level: 'ok',
      message: 'region westeurope answers and lists the voice "en-US-JennyNeural" (voices.en-US)',
    },
    {
      level: 'ok',
      message: 'region westeurope answers and lists the voice "en-US-AvaMultilingualNeural" (voices.fr)',
    },
  ])
})

it.each([
  [
    'misspelt',
    { voice: 'he-IL-HillaNeural' },
    'error',
    'Set voice to "he-IL-HilaNeural", the nearest that is listed.',
  ],
  [
    'far from all',
    { voice: 'he-IL-Zzzzzzzzzzzz' },
    'error',
    'Set voice to a voice of he-IL: he-IL-HilaNeural, he-IL-AvriNeural.',
  ],
  [
    'of a language nobody speaks',
    { voice: 'xx-XX-Nobody12345' },
    'error',
    'Set voice to a voice that is listed in this region; none speaks xx-XX there.',
  ],
  [
    'without the style',
    { voice: 'en-US-JennyNeural', style: 'sad' },
    'warning',
    'Set style to one that it has: cheerful, customerservice.',
  ],
  ['without styles', { style: 'sad' }, 'warning', 'Leave style out, or choose a voice that has styles.'],
  [
    'about to go',
    { voice: 'fr-FR-OldNeural' },
    'warning',
    'Set voice to a voice that is listed in this region; none speaks fr-FR there.',
  ],
])('a voice that is %s', async (_what, params, level, fix) => {
  expect(await check(params)).toMatchObject([{ level, fix }])
})

it('a voice that does not speak what it is set for', async () => {
  const findings = await check({ voices: { 'he-IL': 'en-US-JennyNeural' } })
  expect(findings[1]).toMatchObject({
    level: 'warning',
    message: 'the voice "en-US-JennyNeural" (voices.he-IL) does not speak he-IL',
    fix: 'Set voices.he-IL to a voice of he-IL: he-IL-HilaNeural, he-IL-AvriNeural.',
  })
})

it('a refused key is one finding, whatever is configured', async () => {
  const findings = await check({ key: 'another', voices: { 'en-US': 'en-US-JennyNeural' } })
  expect(findings).toMatchObject([{ level: 'error', fix: expect.stringContaining('this very region') }])
})

it('a voice of one’s own is in no list: only the key is asked about', async () => {
  expect(await check({ voice: 'DeskNeural', endpoint_id: 'e-1' })).toEqual([
    { level: 'ok', message: 'region westeurope takes the key' },
  ])
})

it('an answer that is no list is told', async () => {
  expect(await check({}, { voices: [] })).toMatchObject([
    { level: 'warning', message: expect.stringContaining('no list') },
  ])
})

it('without key or token nobody is asked', async () => {
  expect(await check({ key: '' })).toMatchObject([{ level: 'error', fix: 'Set key or token_file.' }])
  expect(await check({ key: '', token_file: 'none.token' })).toMatchObject([
    {
      level: 'error',
      message: expect.stringContaining('none.token'),
      fix: expect.stringContaining('token_file'),
    },
  ])
})

it('a container of voices is asked at its host', async () => {
  const { host, close } = await openSpeechRestServer({ voices: VOICES })
  onTestFinished(close)
  const findings = await plugin.liveCheck!({ voice: 'he-IL-HilaNeural', host }, testContext())
  expect(findings).toMatchObject([{ level: 'ok' }])
})

describe('the contract of a live check', () => {
  const cases = liveCheckContract({
    checks: {
      'without a key': () => plugin.liveCheck!({ voice: 'he-IL-HilaNeural' }, testContext()),
      refused: async () => {
        const server = await openSpeechRestServer({})
        const params = { voice: 'he-IL-HilaNeural', key: KEY }
        const findings = await liveCheck(params, testContext(), ({ region }) => server.placeOf(region))
        await server.close()
        return findings
      },
    },
    secrets: [KEY],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
