import { describe, expect, it } from 'vitest'
import { createModelText, type TextPiece } from '../../src/language/model-text/index.ts'

const TOOLS = ['book', 'book_table', 'find', 'hang_up']

function read(chunks: readonly string[]) {
  const text = createModelText({ isDeclared: (name) => TOOLS.includes(name), names: TOOLS, hold: false })
  const pieces: TextPiece[] = [...chunks.flatMap((chunk) => text.push(chunk)), ...text.end()]
  return {
    words: pieces.map((piece) => (piece.type === 'words' ? piece.text : '')).join(''),
    calls: pieces.flatMap((piece) =>
      piece.type === 'call' ? [[piece.name, JSON.parse(piece.arguments) as unknown] as const] : [],
    ),
  }
}

/** Letter by letter, and whole. */
function bothWays(text: string) {
  const whole = read([text])
  expect(read([...text])).toEqual(whole)
  return whole
}

describe('a call with no mark around it', () => {
  it.each([
    'book(size=4)',
    'book( size = 4 )',
    'book({"size": 4})',
    'book {"size":4}',
    'book\n{"size":4}',
    '>>>book\n{"size":4}',
    'call:book{"size":4}',
    'functions.book({"size": 4})',
    'functions.book{"size":4}',
    'Action: book\nAction Input: {"size": 4}',
    'Action: book {"size": 4}',
    '<book>{"size":4}</book>',
  ])('%j is made and not said', (call) => {
    expect(bothWays(call)).toEqual({ words: '', calls: [['book', { size: 4 }]] })
    const { words, calls } = bothWays(`Let me see. ${call}\nOne moment.`)
    expect(calls).toEqual([['book', { size: 4 }]])
    expect(words.replaceAll(/\s+/g, ' ')).toBe('Let me see. One moment.')
  })

  it.each([
    'hang_up()',
    'hang_up( )',
    '[hang_up]',
    '[hang_up()]',
    '<hang_up/>',
    '<hang_up />',
    '<hang_up></hang_up>',
    'Action: hang_up',
    'Action: hang_up\nAction Input: {}',
  ])('%j ends the call', (call) => {
    const { words, calls } = bothWays(`Goodbye! ${call}`)
    expect([words.trim(), calls]).toEqual(['Goodbye!', [['hang_up', {}]]])
  })

  it('is that of the longer name, where one begins with another', () => {
    expect(bothWays('book_table(size=4)').calls).toEqual([['book_table', { size: 4 }]])
  })

  it.each([
    ['book {"id":9007199254740993}', '{"id":9007199254740993}'],
    ['book(id=9007199254740993)', '{"id":"9007199254740993"}'],
    ['book({"id": 9007199254740993})', '{"id":"9007199254740993"}'],
  ])('%s keeps each of its digits', (call, args) => {
    const text = createModelText({ isDeclared: () => true, names: TOOLS, hold: false })
    expect(text.push(call)).toMatchObject([{ type: 'call', arguments: args }])
  })
})

describe('words', () => {
  it.each([
    'I can book a table and find you.',
    'Your book(s) are here.',
    'Your book (the red one) is here.',
    'book',
    'find',
    'Book()',
    'A notebook() or my.book()',
    'Say [name] or <b>nine</b>.',
    'Use [books] or <books/>.',
    'read(size=4) is none',
    'Action: nothing is needed.',
    'The next action: find out.',
    'I will find {Dana}.',
    'book(',
    'book(size=4',
    'book(size=large)',
    'book {size}',
    '<book>nine</book>',
    'Action: book\nAction Inp',
    '>> and >>>',
    'a < b and b > c',
    'We find: it is nine.',
    'call: nine',
  ])('%j are said', (text) => {
    expect(bothWays(text)).toEqual({ words: text, calls: [] })
  })

  it.each([
    'A booking is',
    'You can book a table',
    'Your book(the red one',
    'Your <restaurants',
    'Assistants book us',
    'One.\nThe next',
    'Run `code',
    'A ✿ flower',
    `book {"note":"${'x'.repeat(9_000)}`,
  ])('%j come before the end where they can be nothing else', (said) => {
    const text = createModelText({ isDeclared: () => true, names: TOOLS, hold: false })
    const pieces = text.push(said)
    expect(pieces.map((piece) => (piece.type === 'words' ? piece.text : '')).join('')).toBe(said)
  })

  it('of a thought are no call', () => {
    const { words, calls } = bothWays('<think>I could book(size=4) or [hang_up].</think>At nine.')
    expect([words, calls]).toEqual(['At nine.', []])
  })

  it('come at once where no name begins', () => {
    const text = createModelText({ isDeclared: () => true, names: TOOLS, hold: false })
    expect(text.push('We open at nine')).toEqual([{ type: 'words', text: 'We open at nine' }])
    expect(text.push(' to b')).toEqual([{ type: 'words', text: ' to ' }])
  })
})

describe('what else models write beside their words', () => {
  it.each([
    'We open <co: 0>at nine</co: 0>.',
    'We open <co: 0,1>at nine</co: 0,1>.',
    'We open at nine.[|endofturn|]',
    '[|assistant|]We open at nine.',
    'We open at nine.[|endofturn|]\n[|user|]And on Sunday?',
    '<details type="reasoning" done="true"><summary>Thought for 2 s</summary>They ask.</details>We open at nine.',
    'Final Answer: We open at nine.',
  ])('%j: only its words are said', (text) => {
    const { words, calls } = bothWays(text)
    expect([words.trim(), calls]).toEqual(['We open at nine.', []])
  })

  it.each(['The final answer is nine.', 'Final', 'a [| b', '<co', '[|', 'Call <company> at nine.'])(
    '%j is words',
    (text) => {
      expect(bothWays(text)).toEqual({ words: text, calls: [] })
    },
  )
})
