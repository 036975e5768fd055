import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactValue, redactWritten, withoutSpans } from '../../src/redaction/redact-text.ts'
import { createRedaction, type SaidBefore } from '../../src/redaction/redaction.ts'
import type { RedactionSettings } from '../../src/redaction/redaction-settings.ts'
import { NOTHING } from './nothing-private.ts'
import { AGENT_CARDS, CARDS, EMAILS, NATIONAL_IDS, PHONES, type Vector, WRITTEN_CARDS } from './vectors.ts'

const EVERYTHING = { ...NOTHING, cards: true, phones: true, emails: true, nationalIds: true }
const FIRST: SaidBefore = { digits: [], card: false, sentences: false, sinceMs: 0 }

function show(
  text: string,
  settings: Partial<RedactionSettings>,
  said: SaidBefore | undefined = FIRST,
): string {
  const { spans } = createRedaction({ ...NOTHING, ...settings }).find(text, said)
  return withoutSpans(text, spans)
}

/** 13 to 19 digits with their check. */
const card = fc
  .tuple(fc.constantFrom('34', '4', '51', '2223', '6011', '36', '9', '7'), fc.integer({ min: 13, max: 19 }))
  .chain(([prefix, length]) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), {
        minLength: length - prefix.length - 1,
        maxLength: length - prefix.length - 1,
      })
      .map((digits) => withCheck(prefix + digits.join(''))),
  )

function withCheck(digits: string): string {
  let sum = 0
  for (let at = digits.length - 1, double = true; at >= 0; at--, double = !double) {
    const digit = Number(digits[at]) * (double ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return digits + ((10 - (sum % 10)) % 10)
}

const gap = fc.constantFrom(' ', '-', '  ', ' - ', '.', ', ', '\u00a0', '–', ' uh ', '\u200f ')
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
/** Read out: digit by digit in words here and there, in groups of any length. */
const spokenCard = card.chain((digits) =>
  fc
    .array(fc.tuple(gap, fc.boolean(), fc.boolean()), { minLength: digits.length, maxLength: digits.length })
    .map((how) =>
      how
        .map(([between, apart, word], at) => {
          const digit = digits[at]!
          const isWord = word && apart
          return `${at > 0 && (apart || how[at - 1]![2]) ? between : ''}${isWord ? ` ${WORDS[Number(digit)]} ` : digit}`
        })
        .join(''),
    )
    .map((text) => ({ digits, text })),
)

const digitsOf = (text: string): string =>
  WORDS.reduce((all, word, digit) => all.replaceAll(word, String(digit)), text).replaceAll(/[^0-9]/g, '')

describe('what is taken out of a text', () => {
  const table = (vectors: readonly Vector[], settings: Partial<RedactionSettings>): void => {
    it.each(vectors)('%s', (text, shown) => expect(show(text, settings)).toBe(shown))
  }
  describe('of card numbers', () => table(CARDS, { cards: true }))
  describe('of card numbers that the agent says', () =>
    it.each(AGENT_CARDS)('%s', (text, shown) =>
      expect(show(text, { cards: true }, { ...FIRST, sentences: true })).toBe(shown),
    ))
  describe('of card numbers that were written', () =>
    it.each(WRITTEN_CARDS)('%s', (text, shown) =>
      expect(
        redactWritten(text, createRedaction({ ...NOTHING, cards: true }), new Set(), () => undefined),
      ).toBe(shown),
    ))
  describe('of phone numbers', () => table(PHONES, { phones: true }))
  describe('of e-mail addresses', () => table(EMAILS, { emails: true }))
  describe('of national ids', () => table(NATIONAL_IDS, { nationalIds: true }))

  it('is what a pattern of the operator’s fits, by its name', () => {
    const words = { policy: 'POL-[0-9]{4}' }
    expect(show('it is pol-1234, not POL-12', { words })).toBe('it is [policy], not POL-12')
    // What is hidden already is no word any more.
    expect(show('[card] card', { words: { thing: 'card' } })).toBe('[card] [thing]')
  })

  it('never leaves a card number, however it is spaced and read out', () => {
    fc.assert(
      fc.property(spokenCard, fc.constantFrom('', 'it is ', 'הכרטיס '), ({ digits, text }, before) => {
        const shown = show(`${before}${text} thanks`, { cards: true })
        expect(shown).toContain('[card]')
        expect(digitsOf(shown)).not.toContain(digits.slice(0, 7))
      }),
    )
  })

  it('never leaves a card number that words or the ends of sentences break', () => {
    const broken = fc.constantFrom(
      ' please ',
      '. ',
      ', and the last four are ',
      '! ',
      ' sorry, that was ',
      '; ',
      ' again, ',
    )
    const scripts = fc.constantFrom('0123456789', '०१२३४५६७८९', '٠١٢٣٤٥٦٧٨٩', '０１２３４５６７８９')
    const groups = fc.tuple(
      fc.constantFrom(
        '4111111111111111',
        '5555555555554444',
        '378282246310005',
        '6011111111111117',
        '4000000000000002',
      ),
      fc.array(fc.tuple(fc.integer({ min: 2, max: 6 }), broken), { minLength: 2, maxLength: 4 }),
      scripts,
      fc.boolean(),
    )
    fc.assert(
      fc.property(groups, ([digits, cuts, script, sentences]) => {
        const parts: string[] = []
        let at = 0
        for (const [length, between] of cuts) {
          if (at + length >= digits.length - 1) break
          parts.push(digits.slice(at, at + length), between)
          at += length
        }
        parts.push(digits.slice(at))
        const said = parts
          .map((part) =>
            /^[0-9]/.test(part) ? Array.from(part, (digit) => script[Number(digit)]).join('') : part,
          )
          .join('')
        const shown = show(`it is ${said}. Yes`, { cards: true }, { ...FIRST, sentences })
        expect(shown.match(/\p{Nd}/gu) ?? []).toEqual([])
      }),
    )
  })

  it('never leaves a card number in what was written', () => {
    fc.assert(
      fc.property(card, fc.constantFrom('', ' ', '-'), (digits, between) => {
        const spaced = digits.replaceAll(/(.{4})(?=.)/g, `$1${between}`)
        const told = { asked: `{"card":"${spaced}"}`, deep: [{ n: Number(digits) }] }
        const redaction = createRedaction({ ...NOTHING, cards: true })
        const shown = JSON.stringify(redactValue(told, redaction, new Set(), () => undefined))
        expect(shown.replaceAll(/[ -]/g, '')).not.toContain(digits)
        expect(shown).toContain('[card]')
      }),
    )
  })

  it('never leaves a card number that is parted over the fields of a value', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 16 })
    const cards = fc.constantFrom(
      '4111111111111111',
      '5555555555554444',
      '378282246310005',
      '6011000990139424',
    )
    fc.assert(
      fc.property(cards, parts, fc.boolean(), fc.boolean(), (digits, sizes, isList, asNumbers) => {
        let at = 0
        const pieces = [...sizes, 19]
          .map((size) => digits.slice(at, (at += size)))
          .filter((piece) => piece !== '')
        // A number has no zeros in front.
        const values = pieces.map((piece) => (asNumbers && !piece.startsWith('0') ? Number(piece) : piece))
        const told = isList
          ? { of: values, who: 'Dana' }
          : Object.fromEntries(
              values.map((value, index) => [`group_${String.fromCodePoint(97 + index)}`, value]),
            )
        const redaction = createRedaction({ ...NOTHING, cards: true })
        for (const shown of [
          JSON.stringify(redactValue(told, redaction, new Set(), () => undefined)),
          redactWritten(JSON.stringify(told), redaction, new Set(), () => undefined),
        ])
          expect(shown.replaceAll(/[^0-9]/g, '')).toBe('')
      }),
      { examples: [['4111111111111111', [1, 1, 1, 1, 1, 1, 2, 1], false, false]] },
    )
  })

  it('leaves values that are no parts of a card, and what is no plain value', () => {
    const redaction = createRedaction({ ...NOTHING, cards: true })
    const when = new Date(0)
    const told = { id: 4111, at: when, sizes: [12, 30, 8], of: { price: 1111, note: 'for two' }, none: null }
    expect(redactValue(told, redaction, new Set(), () => undefined)).toEqual(told)
    const ring: unknown[] = [1]
    ring.push(ring, ring, ring)
    expect(JSON.stringify(redactValue(ring, redaction, new Set(), () => undefined))).toContain('[deep]')
  })

  it('is the same when it is done again', () => {
    const text = fc.array(
      fc.oneof(
        fc.constantFrom(...[CARDS, PHONES, EMAILS, NATIONAL_IDS].flat()).map(([of]) => of),
        fc.string(),
      ),
    )
    fc.assert(
      fc.property(text, (parts) => {
        const once = show(parts.join(' and so '), EVERYTHING, undefined)
        expect(show(once, EVERYTHING, undefined)).toBe(once)
      }),
    )
  })

  it('is also what another number beside it stood in the way of', () => {
    for (const text of [
      'it is 054-123-4567 and so 4111 is the first, 1111 the second, 1111 the third and 1111 the last',
      'it’s four one one one and then 1111, uh, 1111 and, wait, 1111 and so 03-6123456',
    ])
      expect(show(text, EVERYTHING, undefined)).not.toMatch(/111/)
  })

  it('is nothing of a text without digits and addresses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/[\p{Nd}@]/u.test(text))
        expect(show(text, EVERYTHING)).toBe(text)
      }),
    )
  })

  it('takes a time that grows with the text and no faster', () => {
    for (const piece of [
      'for ',
      'for to 4 ',
      '{"a":4,',
      'three ones ',
      '4242 ',
      'four ',
      'a at b dot ',
      '1@1.',
      'GB82 ',
      '5-',
      '[card',
      'ו',
    ])
      expect(show(piece.repeat(20_000), EVERYTHING).length).toBeGreaterThan(0)
  }, 20_000)
})
