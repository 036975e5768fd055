import { describe, expect, it } from 'vitest'
import { checkConversationLanguage, languageWarnings } from '../../src/config/checks/language-checks.ts'
import { formatPath, type Path } from '../../src/config/source/problem.ts'
import type { Fields } from '../../src/config/source/value-shapes.ts'
import { readText } from './read-text.ts'

/** `path: the message up to its advice`, for params as they are written. */
function doubted(text: string): readonly string[] {
  const { value, source } = readText(text)
  const paramsOf = (path: Path): Fields | undefined =>
    [...path, 'params'].reduce<unknown>((held, part) => (held as Fields | undefined)?.[part], value) as
      Fields | undefined
  return languageWarnings(value, paramsOf, source).map(
    ({ path, message }) => `${formatPath(path)}: ${message.split('; ')[0]}`,
  )
}

const stage = (params: string): string => `{ plugin: x, params: { ${params} } }`

describe('stages that do not speak the same language', () => {
  it.each([
    [
      'a voice that begins with another',
      `stt: ${stage('language: he-IL')}\ntts: ${stage('voice: en-US-Chirp3-HD-Kore')}`,
      ['tts.params.voice: speaks "en-US", but the stt hears "he-IL"'],
    ],
    [
      'a voice in a fallback',
      `stt: ${stage('language: he-IL')}\ntts: { fallback: [${stage('language: fr-FR')}] }`,
      ['tts.fallback[0].params.language: speaks "fr-FR", but the stt hears "he-IL"'],
    ],
    [
      'a voice, where only the conversation says which',
      `conversation: { language: he-IL }\ntts: ${stage('language: fr-FR')}`,
      ['tts.params.language: speaks "fr-FR", but conversation.language is "he-IL"'],
    ],
    [
      'a model that speaks',
      `conversation: { language: he-IL }\nrealtime: ${stage('language: fr-FR')}`,
      [
        'conversation.language: is "he-IL", but the realtime hears "fr-FR": waiting and backchannels follow this one',
      ],
    ],
    [
      'a voice under a further language',
      `stt: ${stage('language: he-IL')}\nlanguages: { en-GB: { tts: ${stage('language: de-DE')} } }`,
      ['languages.en-GB.tts.params.language: speaks "de-DE", but it stands under "en-GB"'],
    ],
  ])('are doubted: %s', (_, text, found) => {
    expect(doubted(text)).toEqual(found)
  })

  it.each([
    ['another region', `stt: ${stage('language: en-US')}\ntts: ${stage('language: en-GB')}`],
    ['another code of it', `stt: ${stage('language: he-IL')}\ntts: ${stage('voice: he-IL-HilaNeural')}`],
    ['several at once', `stt: ${stage('languages: [he-IL, en-US]')}\ntts: ${stage('language: fr-FR')}`],
    ['one that finds out', `stt: ${stage('language: multi')}\ntts: ${stage('language: fr-FR')}`],
    ['a voice with a name', `stt: ${stage('language: he-IL')}\ntts: ${stage('voice: alloy')}`],
    ['a voice of no language', `stt: ${stage('language: he-IL')}\ntts: ${stage('voice: xx-YY-Kore')}`],
    [
      'the voice beside its language',
      `stt: ${stage('language: he-IL')}\ntts: ${stage('language: he-IL, voice: en-US-A')}`,
    ],
    [
      'a recogniser behind the first',
      `stt: { params: { language: he-IL }, fallback: [${stage('language: en-US')}] }`,
    ],
  ])('are right: %s', (_, text) => {
    expect(doubted(text)).toEqual([])
  })
})

describe('a language that few know', () => {
  it.each([
    ['language: iw-IL', 'stt.params.language'],
    ['language_code: iw-IL', 'stt.params.language_code'],
    ['languages: [en-US, iw-IL]', 'stt.params.languages[1]'],
    ['alternative_languages: [iw-IL]', 'stt.params.alternative_languages[0]'],
  ])('is told wherever a stage names it: %s', (params, path) => {
    expect(doubted(`stt: ${stage(params)}`)).toEqual([`${path}: "iw-IL" is a code that few providers know`])
  })

  it('is not looked for in other params', () => {
    expect(doubted(`stt: ${stage('language: "", region: iw-IL, regions: [iw-IL], languages: [1]')}`)).toEqual(
      [],
    )
  })
})

describe('a time zone that is none', () => {
  it.each([
    [
      '+03:00',
      '"+03:00" is no time zone; write its name, such as Asia/Jerusalem or Europe/Berlin (an offset knows no summer time)',
    ],
    [
      'UTC+3',
      '"UTC+3" is no time zone; write its name, such as Asia/Jerusalem or Europe/Berlin (an offset knows no summer time)',
    ],
    ['Atlantis', '"Atlantis" is no time zone; write its name, such as Asia/Jerusalem or Europe/Berlin'],
    ['Asia/Tel Aviv', '"Asia/Tel Aviv" is no time zone; did you mean "Asia/Tel_Aviv"?'],
  ])('is told with what to write: %s', (zone, message) => {
    const { value, source } = readText(`conversation: { time_zone: "${zone}" }`)
    expect(checkConversationLanguage(value, source).map((found) => found.message)).toEqual([message])
  })

  it('is not guessed from a value of the environment', () => {
    const { value, source } = readText('conversation: { time_zone: "${ZONE}" }', { ZONE: 'Asia/Tel Aviv' })
    expect(checkConversationLanguage(value, source).map((found) => found.message)).toEqual([
      '(from ${ZONE}) is no time zone; write its name, such as Asia/Jerusalem or Europe/Berlin',
    ])
  })
})
