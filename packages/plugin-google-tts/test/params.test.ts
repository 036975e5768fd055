import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import plugin from '../src/index.ts'
import { splitText } from '../src/split-text.ts'

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

it('the schema takes what it should and nothing else', () => {
  expect(validate({ language: 'he-IL', voice: 'he-IL-Wavenet-A' })).toBe(true)
  expect(validate({ language: 'he-IL', voise: 'x' })).toBe(false)
  expect(validate({ language: 'he-IL', speaking_rate: 5 })).toBe(false)
  expect(validate({})).toBe(false)
})

it('combinations that work have no warnings', () => {
  expect(warnings({ voice: 'he-IL-Wavenet-A' })).toEqual([])
  expect(warnings({ voice: 'he-IL-Chirp3-HD-Kore', streaming: 'on' })).toEqual([])
  expect(warnings({ language: 'iw-IL', voice: 'he-IL-Wavenet-B' })).toEqual([])
  expect(warnings({ model: 'gemini-2.5-flash-tts', voice: 'Kore', streaming: 'on' })).toEqual([])
})

it.each([
  [{ voice: 'en-US-Wavenet-A' }, /^voice: "en-US-Wavenet-A" is not a voice of he-IL/],
  [{ voices: { 'en-US': 'de-DE-Wavenet-A' } }, /^voices\/en-US: .* is not a voice of en-US/],
  [{ voice: 'he-IL-Wavenet-A', streaming: 'on' }, /^streaming: .*he-IL-Chirp3-HD-Kore/],
  [{ voice: 'he-IL-Chirp3-HD-Kore', pitch: 2 }, /^pitch: /],
  [{ voice: 'he-IL-Wavenet-A', input: 'markup' }, /^input: /],
  [{ voice: 'he-IL-Chirp3-HD-Kore', volume_gain_db: 2 }, /^volume_gain_db: a stream has none/],
  [
    { voice: 'he-IL-Chirp3-HD-Kore', streaming: 'on', effects_profile: ['x'] },
    /^effects_profile: has no effect while streaming/,
  ],
])('%o is warned about', (params, message) => {
  expect(warnings(params)).toEqual([expect.stringMatching(message)])
})

it('text is cut at sentences, then at spaces, then anywhere, and never inside a character', () => {
  expect(splitText('One two. Three four.', 12)).toEqual(['One two.', 'Three four.'])
  expect(splitText('one two three', 8)).toEqual(['one two', 'three'])
  expect(splitText('אבגד', 3)).toEqual(['א', 'ב', 'ג', 'ד'])
  expect(splitText('a🙂b', 4)).toEqual(['a', 'b'])
  expect(splitText('  … ', 100)).toEqual([])
})
