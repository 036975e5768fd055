import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from './any-text.ts'
import { endpointWaitMs, utteranceShape } from '../../src/language/endpoint-wait.ts'
import { wordListsFor } from '../../src/language/word-lists.ts'
import { ENDPOINT_VECTORS } from './endpoint-vectors.ts'

describe('the shape of an utterance', () => {
  for (const [language, shapes] of Object.entries(ENDPOINT_VECTORS)) {
    for (const [shape, utterances] of Object.entries(shapes)) {
      for (const text of utterances) {
        it(`${language}: "${text}" is ${shape}`, () => expect(utteranceShape(text, language)).toBe(shape))
      }
    }
  }

  it('does not depend on case or on the space around', () => {
    expect(utteranceShape('  I WANT TO BOOK AND \n', 'en-GB')).toBe('unfinished')
  })
})

describe('the wait', () => {
  const options = { timeoutMs: 320, language: 'en-US' }

  it('has defaults of its own', () => {
    expect(endpointWaitMs('yes', options)).toBe(320)
    expect(endpointWaitMs('yes and', options)).toBe(1200)
    expect(endpointWaitMs('zero five', options)).toBe(900)
  })

  it('can be set', () => {
    expect(endpointWaitMs('yes and', { ...options, unfinishedWaitMs: 700 })).toBe(700)
    expect(endpointWaitMs('zero five', { ...options, numberWaitMs: 2000 })).toBe(2000)
  })

  it('is never shorter than the timeout', () => {
    expect(endpointWaitMs('yes and', { ...options, timeoutMs: 3000 })).toBe(3000)
    expect(endpointWaitMs('yes and', { ...options, unfinishedWaitMs: 0 })).toBe(320)
  })

  it('can be switched off', () => {
    expect(endpointWaitMs('yes and', { ...options, adaptive: false })).toBe(320)
  })

  it('is the timeout in a language without word lists', () => {
    expect(endpointWaitMs('und', { ...options, language: 'de-DE' })).toBe(320)
    expect(endpointWaitMs('and', { ...options, language: '' })).toBe(320)
  })

  it('knows Hebrew by its old code too', () => {
    expect(endpointWaitMs('כן אבל', { ...options, language: 'iw-IL' })).toBe(1200)
  })

  it('is one of the three numbers for any text', () => {
    fc.assert(
      fc.property(anyText(80), fc.constantFrom('en', 'he', 'xx'), (text, language) => {
        expect([320, 900, 1200]).toContain(endpointWaitMs(text, { timeoutMs: 320, language }))
      }),
    )
  })
})

describe('the word lists', () => {
  for (const language of ['en', 'he']) {
    it(`of ${language} are in small letters, without doubles or empty entries`, () => {
      for (const [name, list] of Object.entries(wordListsFor(language)!) as [string, readonly string[]][]) {
        expect(
          new Set(list).size,
          `${name}: ${list.filter((word, at) => list.indexOf(word) !== at).join()}`,
        ).toBe(list.length)
        for (const phrase of list) expect(phrase).toBe(phrase.toLowerCase().trim())
        expect(list).not.toContain('')
      }
    })
  }
})
