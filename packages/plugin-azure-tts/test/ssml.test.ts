import { expect, it } from 'vitest'
import type { TtsWordTime } from '@kav/core'
import plugin, { type AzureTtsParams } from '../src/index.ts'
import { resolveParams } from '../src/params.ts'
import { toSsml } from '../src/ssml.ts'
import { provide, serve, whole } from './open-for-test.ts'

const ssml = (params: Partial<AzureTtsParams>, text: string, language?: string): string =>
  toSsml(resolveParams({ voice: 'he-IL-HilaNeural', ...params }), text, language)

it('a plain sentence is the voice’s own, in the voice’s language', () => {
  expect(ssml({}, 'שלום')).toBe(
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="http://www.w3.org/2001/mstts" xml:lang="he-IL"><voice name="he-IL-HilaNeural">שלום</voice></speak>',
  )
})

it('style, rate, pitch and silences stand around the text', () => {
  const all = ssml(
    { style: 'cheerful', style_degree: 1.5, rate: '+10%', pitch: '-2st', trailing_silence_ms: 50 },
    'x',
  )
  expect(all).toContain(
    '<mstts:silence type="Tailing-exact" value="50ms"/><mstts:express-as style="cheerful" styledegree="1.5"><prosody rate="+10%" pitch="-2st">x</prosody></mstts:express-as>',
  )
})

it('text cannot become markup, and what XML cannot hold is left out', () => {
  expect(ssml({}, `a<b>&"c"'d'\u0000\u001b\ud800e`)).toContain(
    '>a&lt;b&gt;&amp;&quot;c&quot;&apos;d&apos;e</voice>',
  )
  expect(ssml({}, '</voice><voice name="x">')).not.toContain('<voice name="x">')
})

it('a call that was switched to another language gets that language’s voice, where there is one', () => {
  const voices = { 'en-US': 'en-US-JennyNeural' }
  expect(ssml({ voices }, 'hi', 'en-US')).toContain('xml:lang="en-US"><voice name="en-US-JennyNeural">')
  expect(ssml({ voices }, 'hi', 'ru-RU')).toContain('he-IL-HilaNeural')
})

it('word times come with the audio where they are asked for', async () => {
  const server = await serve()
  const words: TtsWordTime[] = []
  const { provider } = provide({ host: server.host })
  await whole(provider, 'one two', { onWord: (time) => words.push(time) })
  expect(words).toEqual([
    { word: 'one', startMs: 0 },
    { word: 'two', startMs: 240 },
  ])
  await whole(provider, 'three')
  expect(words).toHaveLength(2)
})

it('what changes the sound changes the voice’s key', () => {
  const key = (params: Partial<AzureTtsParams>) => provide(params).provider.voiceKey
  expect(key({})).toBe(key({ key: 'another-key', region: 'northeurope' }))
  expect(new Set([key({}), key({ rate: '+5%' }), key({ voice: 'he-IL-AvriNeural' })]).size).toBe(3)
})

it('unknown regions, missing keys and odd voices are warned about', () => {
  const warnings = (params: Partial<AzureTtsParams>) =>
    plugin.check?.({ voice: 'he-IL-HilaNeural', key: 'k', ...params })?.map(({ message }) => message)
  expect(warnings({})).toEqual([])
  expect(warnings({ region: 'westeurop' })?.[0]).toContain('did you mean "westeurope"?')
  expect(warnings({ key: '' })).toEqual(['no key: set key or token_file'])
  expect(warnings({ voice: 'Hila' })?.[0]).toContain('he-IL-HilaNeural')
})
