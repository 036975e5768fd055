import { describe, expect, it } from 'vitest'
import { createDoneModel } from '../../packages/core/dist/language/completeness/done-probability.js'
import { calibrate, areaUnderCurve, unseenExamples } from '../turn-taking/train/calibrate.mjs'
import { createTurnExamples, examplesOfSpeech } from '../turn-taking/train/examples.mjs'
import { fit, frequentWords, pack } from '../turn-taking/train/fit.mjs'
import { templateTurns } from '../turn-taking/train/templates/turns.mjs'
import { writtenTurns } from '../turn-taking/train/written/written-turns.mjs'
import { UNSEEN_HALVES, unseenPhrases } from '../turn-taking/unseen/unseen-phrases.mjs'

describe('turns from patterns', () => {
  it.each(['en', 'he'])('are the same each time, without a slot or a choice left open: %s', (language) => {
    const turns = templateTurns(language)
    expect(templateTurns(language)).toEqual(turns)
    for (const { text } of turns) expect(text).not.toMatch(/[{}()|]|undefined|^$/u)
  })
})

describe('examples', () => {
  it('of a turn are all of it, which is complete, and each beginning, which is not', () => {
    const examples = createTurnExamples('en')({ text: 'I lost my card.', split: 'valid' })
    expect(examples.map(({ words, complete }) => [words.join(' '), complete])).toEqual([
      ['i lost my card', true],
      ['i', false],
      ['i lost', false],
      ['i lost my', false],
    ])
  })

  it('count most where a pause is written, then behind a mark, then beside a conjunction', () => {
    const examples = createTurnExamples('en')({
      text: 'at 9.30 please, I lost it and left | today',
      split: 'valid',
    })
    const weights = Object.fromEntries(examples.map(({ words, weight }) => [words.join(' '), weight]))
    expect(weights['at 9.30 please i lost it and left']).toBe(1)
    expect(weights['at 9.30 please']).toBe(0.5)
    expect(weights['at 9.30 please i lost it']).toBe(0.4)
    expect(weights['at 9.30 please i']).toBe(0.05)
  })

  it('of speech are what stands before a pause, and the end', () => {
    const words = [
      { text: 'it', startMs: 0, endMs: 100 },
      { text: 'broke', startMs: 100, endMs: 400 },
      { text: 'today', startMs: 700, endMs: 900 },
    ]
    const examples = examplesOfSpeech([{ meeting: 'one', words }])
    expect(examples.map((one) => [one.words.join(' '), one.complete])).toEqual([
      ['it broke', false],
      ['it broke today', true],
    ])
  })
})

it('a model learns what ends in one word and goes on behind another, the same each time', () => {
  const examples = Array.from({ length: 400 }, (_, at) => ({
    words: [`w${at % 7}`, at % 2 === 0 ? 'please' : 'the'],
    complete: at % 2 === 0,
    weight: 1,
  }))
  const train = () => {
    const frequent = frequentWords(examples, 10)
    return pack(fit(examples, { frequent }), frequent, 512)
  }
  const packed = train()
  expect(train()).toEqual(packed)
  const model = createDoneModel(packed)
  expect(model(['new', 'please'])).toBeGreaterThan(0.7)
  expect(model(['new', 'the'])).toBeLessThan(0.3)
})

describe('phrases that nothing is trained on', () => {
  it.each(['en', 'he'])('are in no training, and each in one half: %s', (language) => {
    const trained = new Set(
      [...writtenTurns(language), ...templateTurns(language)].map(({ text }) => text.replaceAll(' | ', ' ')),
    )
    const phrases = unseenPhrases(language)
    expect(phrases.length).toBeGreaterThan(150)
    expect(new Set(phrases.map(({ half }) => half))).toEqual(new Set(UNSEEN_HALVES))
    expect(phrases.map(({ parts }) => parts.join(' ')).filter((text) => trained.has(text))).toEqual([])
  })

  it('take from a model what it is surer of than right', () => {
    const model = (words) => (words.length % 2 === 0 ? 0.001 : 0.999)
    const { slope } = calibrate(model, 'en')
    expect(Math.abs(slope)).toBeLessThan(0.3)
    expect(unseenExamples('en', 'choose').some(({ complete }) => !complete)).toBe(true)
  })
})

it('the area under the curve is the share of pairs in the right order', () => {
  const judged = [
    { complete: true, done: 0.9 },
    { complete: true, done: 0.4 },
    { complete: false, done: 0.4 },
    { complete: false, done: 0.1 },
  ]
  expect(areaUnderCurve(judged)).toBe((1 + 1 + 0.5 + 1) / 4)
})
