import { describe, expect, it } from 'vitest'
import { DoubtfulWords, type ToldAgain } from '../../../src/pipeline/hearing/doubtful-words.ts'

function told(...finals: readonly [string, number][]): DoubtfulWords {
  const words = new DoubtfulWords()
  for (const [text, readTo] of finals) words.add(text, readTo)
  return words
}

const again = (...texts: readonly string[]): ToldAgain =>
  told(...texts.map((text, index): [string, number] => [text, 100 * (index + 1)])).heardFrom(0)!

describe('what a session says that hears audio once more', () => {
  it.each([
    ['all that was told, and more', 'I want a pizza', ['I want a pizza, please.'], ['please.']],
    ['in other pieces', 'one two three four', ['one two', 'Three four five', 'six'], ['', 'five', 'six']],
    ['a little otherwise', 'I would like a pizza', ['I’d like a pizza and soup'], ['and soup']],
    ['something else altogether', 'hello', ['what do you cost'], ['what do you cost']],
    ['the same word once more', 'no', ['no no'], ['no']],
    ['nothing first', 'no', ['', 'no', 'no'], ['', '', 'no']],
    ['in a language that parts no words', '我要披萨', ['我要披萨谢谢'], ['谢谢']],
  ])('%s: only what is new is new', (_what, before, finals, expected) => {
    const hears = again(before)
    expect(finals.map((final) => hears.inFinal(final))).toEqual(expected)
  })

  it('a partial is nothing new on its way through what was told, nor when it is ahead of its final', () => {
    const hears = again('I want', 'a pizza')
    const partials = ['I', 'I want', 'a', 'I want a pizza', 'I want a pizza please', 'a pizza please']
    expect(partials.map((partial) => hears.inPartial(partial))).toEqual(['', '', '', '', 'please', 'please'])
  })

  it('what is answered is not expected, nor what was told behind it without its beginning', () => {
    const words = told(['my name is', 100], ['Dana Levi', 200])
    expect(words.end).toBe(200)
    words.answered(100)
    expect(words.heardFrom(100)!.inFinal('Levi, yes')).toBe('yes')
    expect(words.heardFrom(200)).toBeUndefined()
    words.settle(undefined)
    expect(words.heardFrom(0)).toBeUndefined()
  })

  it('keeps what is still expected where a final with a time answered the rest', () => {
    const words = told(['one two', 100], ['three', 200])
    const hears = words.heardFrom(0)!
    hears.inFinal('one two')
    words.settle(hears)
    expect(words.heardFrom(0)!.inFinal('three four')).toBe('four')
  })

  it('looks through no more than can have been said', () => {
    const flood = 'word '.repeat(5000)
    expect(told([flood, 100]).heardFrom(0)).toBeUndefined()
  })
})
