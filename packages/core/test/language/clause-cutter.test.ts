import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from './any-text.ts'
import { createClauseCutter, type ClauseCutterOptions } from '../../src/language/clause-cutter.ts'
import { vectorsIn } from './vectors-in.ts'

function cut(tokens: readonly string[], options?: ClauseCutterOptions): string[] {
  const cutter = createClauseCutter(options)
  return [...tokens.flatMap((token) => cutter.push(token)), ...cutter.end()]
}

const SENTENCES = { firstClauseMinChars: Infinity }
const withoutSpace = (text: string): string => text.replace(/\s+/gu, '')

describe('sentences', () => {
  for (const { topic, text, pieces } of vectorsIn('clause-vectors.txt')) {
    it(`${topic}: ${JSON.stringify(text)}`, () => expect(cut([text], SENTENCES)).toEqual(pieces))
  }
})

describe('the first clause', () => {
  for (const { topic, text, pieces } of vectorsIn('first-clause-vectors.txt')) {
    it(`${topic}: ${text}`, () => expect(cut([text])).toEqual(pieces))
  }
})

describe('any text, in any tokens', () => {
  const snippet = fc.constantFrom(
    ...[
      'Dr. Levi',
      ' 5 p.m. ',
      'U.S. ',
      '. ',
      '... ',
      '!',
      '?! ',
      ', ',
      ' - ',
      '—',
      '\n',
      '1. ',
      ' 2. a',
      '3.50',
      '"',
      ') ',
    ],
    ...[
      'The ',
      'we ',
      'ד"ר ',
      'שלום',
      '، ',
      '؟ ',
      '你好',
      '。',
      '，',
      '」',
      'สวัสดี ',
      '👨‍👩‍👧',
      '🎉',
      '\u00a0»',
      '\u200f',
      '\t',
      '  ',
    ],
  )
  const text = fc
    .array(fc.oneof({ weight: 4, arbitrary: snippet }, { weight: 1, arbitrary: anyText() }), {
      maxLength: 60,
    })
    .map((parts) => parts.join(''))
  const options = fc.record({
    firstClauseMinChars: fc.constantFrom(1, 12, Infinity),
    maxClauseChars: fc.constantFrom(1, 10, 40, 180),
  })

  it('gives the same pieces however it is split, surrogate pairs included', () => {
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 30 })
    fc.assert(
      fc.property(text, cuts, options, (whole, at, chosen) => {
        const ends = [...new Set(at.filter((end) => end < whole.length))].sort((a, b) => a - b)
        const tokens = [0, ...ends].map((start, index) => whole.slice(start, ends[index]))
        expect(cut(tokens, chosen)).toEqual(cut([whole], chosen))
      }),
    )
  })

  it('loses and doubles no character, and yields no empty piece', () => {
    fc.assert(
      fc.property(text, options, (whole, chosen) => {
        const pieces = cut([whole], chosen)
        expect(withoutSpace(pieces.join(''))).toBe(withoutSpace(whole))
        expect(pieces.every((piece) => piece !== '' && piece === piece.trim())).toBe(true)
      }),
    )
  })

  it('keeps pieces within the limit, unless there is no space to part them at', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const limit = 40
        for (const piece of cut([whole], { maxClauseChars: limit })) {
          expect(piece.length).toBeLessThanOrEqual(limit * 4)
        }
      }),
    )
  })
})

describe('latency', () => {
  it('gives a sentence with the token after its stop, and a short form with the word after it', () => {
    const cutter = createClauseCutter()
    expect(cutter.push('Hello')).toEqual([])
    expect(cutter.push(' there.')).toEqual([])
    expect(cutter.push(' How')).toEqual(['Hello there.'])
    expect(cutter.push(' is 5 p.m.')).toEqual([])
    expect(cutter.push(' Please')).toEqual([])
    expect(cutter.push(' tell')).toEqual(['How is 5 p.m.'])
    expect(cutter.end()).toEqual(['Please tell'])
  })

  it('gives a line with its line break', () => {
    const cutter = createClauseCutter()
    expect(cutter.push('- one\n')).toEqual(['- one'])
  })

  it('is as new after its end', () => {
    const cutter = createClauseCutter()
    cutter.push('1. Sales\n2. Support')
    expect(cutter.end()).toEqual(['2. Support'])
    expect(cutter.push('Thank you for calling, how')).toEqual(['Thank you for calling,'])
  })

  it('comes to an end with endless text', () => {
    const pieces = cut(Array.from({ length: 1000 }, () => 'aaaaaaaaaa'))
    expect(pieces.join('')).toHaveLength(10_000)
  })
})

describe('a piece without a stop', () => {
  const words = (count: number): string =>
    Array.from({ length: count }, (_, index) => `word${index}`).join(' ')

  it('is parted at the last clause mark within the limit', () => {
    const text = `${words(10)}, ${words(30)}`
    expect(cut([text], { ...SENTENCES, maxClauseChars: 100 })[0]).toBe(`${words(10)},`)
  })

  it('is parted between two words when there is no clause mark', () => {
    const [first = ''] = cut([words(60)], SENTENCES)
    expect(first.length).toBeLessThanOrEqual(180)
    expect(first.length).toBeGreaterThan(170)
    expect(words(60).startsWith(`${first} `)).toBe(true)
  })

  it('is not parted inside a telephone number or a name', () => {
    const pieces = cut([`${'x'.repeat(30)} 03 555 1234 Dr. Levi and others came`], {
      ...SENTENCES,
      maxClauseChars: 40,
    })
    expect(pieces[0]).toBe('x'.repeat(30))
  })

  it('stays whole as a web address', () => {
    const address = `https://kav.dev/${'a1b2/'.repeat(60)}`
    expect(cut([`See ${address} please.`], SENTENCES)).toEqual([`See ${address}`, 'please.'])
  })

  it('is parted between words of Chinese and Thai', () => {
    const chinese = cut(['我想要一个很大的房间给我的家人住'.repeat(20)], SENTENCES)
    expect(chinese.length).toBeGreaterThan(1)
    expect(Math.max(...chinese.map((piece) => piece.length))).toBeLessThanOrEqual(180)
    const thai = cut(['สวัสดีครับผมชื่อกาฟยินดีที่ได้รู้จัก'.repeat(10)], SENTENCES)
    expect(thai.every((piece) => !/^\p{M}/u.test(piece) && piece.length <= 180)).toBe(true)
  })
})
