import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedaction } from '../../src/redaction/redaction.ts'
import { type SaidWord, stretchOf } from '../../src/redaction/said-times.ts'
import { NOTHING } from './nothing-private.ts'

const WITHIN = { fromMs: 0, toMs: 60_000 }
const redaction = createRedaction({ ...NOTHING, cards: true, phones: true, emails: true })

/** A word every half second, a little apart. */
const timed = (said: string): SaidWord[] =>
  said.split(' ').map((word, at) => ({ word, startMs: 1000 + at * 500, endMs: 1400 + at * 500 }))

function stretches(text: string, words: readonly SaidWord[]) {
  const { spans } = redaction.find(text, { digits: [], card: false, sentences: false, sinceMs: 0 })
  return spans.map((span) => stretchOf(text, span, words, WITHIN))
}
/** The words that begin within it. */
const heardIn = (words: readonly SaidWord[], found: ReturnType<typeof stretchOf>): string =>
  words
    .filter(({ startMs, endMs }) => startMs >= found!.fromMs && endMs <= found!.toMs)
    .map(({ word }) => word)
    .join(' ')

describe('the stretch of what was said that holds something private', () => {
  it.each([
    ['my card is 4242 4242 4242 4242 thanks', 'my card is 4242 4242 4242 4242 thanks', '4242 4242 4242 4242'],
    // Written as one number, said as many words.
    [
      'My card is 4242424242424242, thanks.',
      'my card is four two four two four two four two four two four two four two four two thanks',
      'four two four two four two four two four two four two four two four two',
    ],
    [
      'Call 415-223-4567 now',
      'call four one five two two three four five six seven now',
      'four one five two two three four five six seven',
    ],
    [
      'write to dana@example.com please',
      'write to dana at example dot com please',
      'dana at example dot com',
    ],
    // Other words than the text has: all that is not known to be something else.
    ['It’s 4242 4242 4242 4242, OK?', 'it is 4242 4242 4242 4242 okay', 'it is 4242 4242 4242 4242 okay'],
    [
      'הכרטיס 4242 4242 4242 4242 בבקשה',
      'הכרטיס ארבע שתיים ארבע שתיים ארבע שתיים ארבע שתיים בבקשה',
      'ארבע שתיים ארבע שתיים ארבע שתיים ארבע שתיים',
    ],
  ])('%s', (text, said, hidden) => {
    const words = timed(said)
    const [found] = stretches(text, words)
    expect(heardIn(words, found)).toBe(hidden)
  })

  it('reaches into the silence beside it, and not into the words', () => {
    const words = timed('it is 4242 4242 4242 4242 thanks')
    expect(stretches('it is 4242 4242 4242 4242 thanks', words)).toEqual([{ fromMs: 1900, toMs: 4000 }])
  })

  it.each<[string, (word: SaidWord, at: number) => SaidWord]>([
    ['none', (word) => ({ ...word, startMs: NaN })],
    ['all the same', (word) => ({ ...word, startMs: 0, endMs: 0 })],
    ['backwards', (word, at) => ({ ...word, startMs: 9000 - at, endMs: 9000 })],
    [
      'seconds for milliseconds',
      ({ word, startMs, endMs }) => ({ word, startMs: startMs / 1000, endMs: endMs / 1000 }),
    ],
    ['after the call', (word) => ({ ...word, startMs: word.startMs + 90_000, endMs: word.endMs + 90_000 })],
  ])('is not known where the times are %s', (_what, spoil) => {
    const text = 'it is 4242 4242 4242 4242 thanks'
    expect(stretches(text, timed(text).map(spoil))).toEqual([undefined])
    expect(stretches(text, [])).toEqual([undefined])
  })

  it('holds every word of the number, whatever else was said and however both are written', () => {
    const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
    const talk = fc.array(fc.constantFrom('my', 'card', 'is', 'uh', 'two', 'four', 'well,', 'and', '4'), {
      maxLength: 6,
    })
    const groups = fc.constantFrom([4, 4, 4, 4], [16], [1, 3, 4, 4, 4], [2, 2, 4, 8])
    fc.assert(
      fc.property(
        talk,
        groups,
        fc.boolean(),
        talk,
        fc.boolean(),
        (before, sizes, inWords, behind, sloppy) => {
          const card = '4000056655665556'
          let at = 0
          const written = sizes.map((size) => card.slice(at, (at += size)))
          const spoken = inWords ? Array.from(card, (digit) => DIGITS[Number(digit)]!) : written
          const text = [...before, ...written, ...behind].join(' ')
          // Recognisers leave sounds of thinking out of one of them.
          const kept = (words: string[]) => (sloppy ? words.filter((word) => word !== 'uh') : words)
          const words = timed([...kept(before), ...spoken, ...kept(behind)].join(' '))
          const start = [...before, ''].join(' ').length
          const found = stretchOf(text, { start, end: start + written.join(' ').length }, words, WITHIN)
          // All of a card in one short word: then nothing is known.
          if (found === undefined) return spoken.length === 1
          const first = kept(before).length
          expect(found.fromMs).toBeLessThanOrEqual(words[first]!.startMs)
          expect(found.toMs).toBeGreaterThanOrEqual(words[first + spoken.length - 1]!.endMs)
          return true
        },
      ),
    )
  })
})
