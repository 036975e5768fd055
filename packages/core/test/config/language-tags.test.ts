import { describe, expect, it } from 'vitest'
import { commonerTag, isLanguageTag, meantLanguage } from '../../src/config/checks/language-tags.ts'

describe('a tag that is well-formed and seldom known', () => {
  it.each([
    ['iw-IL', 'he-IL'],
    ['iw', 'he-IL'],
    ['deu', 'de-DE'],
    ['heb-IL', 'he-IL'],
    ['en-UK', 'en-GB'],
    ['en-USA', 'en-US'],
    ['en-EN', 'en-US'],
    ['he-HE', 'he-IL'],
    ['jp', 'ja-JP'],
    ['us', 'en-US'],
    ['IL', 'he-IL'],
    ['tl-PH', 'fil-PH'],
  ])('%s is %s', (written, meant) => {
    expect(commonerTag(written)).toBe(meant)
  })

  it.each([
    'he',
    'he-IL',
    'en-us',
    'zh-CN',
    'cmn-CN',
    'yue-HK',
    'no-NO',
    'nb',
    'es-419',
    'sr-Latn-RS',
    'qaa',
    'multi',
  ])('%s is as it should be', (written) => {
    expect(isLanguageTag(written)).toBe(true)
    expect(commonerTag(written)).toBeUndefined()
  })
})

describe('what is no tag', () => {
  it.each([
    ['he_IL', 'he-IL'],
    ['en–US', 'en-US'],
    ['en‑US', 'en-US'],
    ['he-IL\u200f', 'he-IL'],
    ['iw_IL', 'he-IL'],
    ['en_UK', 'en-GB'],
    ['fr_FR.UTF-8', 'fr-FR'],
    ['English (US)', 'en-US'],
    ['English (UK)', 'en-GB'],
    ['Portuguese, BR', 'pt-BR'],
    ['עברית', 'he-IL'],
    ['jp-JP', 'ja-JP'],
    ['he-', 'he'],
  ])('%s is meant for %s', (written, meant) => {
    expect(meantLanguage(written)).toBe(meant)
  })

  it.each(['auto', 'klingonish', 'en-US,he-IL', '', 'constructor', '__proto__', 'constructor_IL'])(
    '%s is not guessed',
    (written) => {
      expect(meantLanguage(written)).toBeUndefined()
    },
  )
})
