import { describe, expect, it } from 'vitest'
import { createDoneModel } from '../../packages/core/dist/language/completeness/done-probability.js'
import { createTurnExamples, examplesOfSpeech } from '../turn-taking/train/examples.mjs'
import { fit, frequentWords, pack } from '../turn-taking/train/fit.mjs'
import { templateTurns } from '../turn-taking/train/templates/turns.mjs'

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
