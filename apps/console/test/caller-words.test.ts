import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterFinal,
  afterPartial,
  afterReply,
  afterTurn,
  type CallerWords,
  NO_WORDS,
  wordsShown,
} from '../src/live/caller-words.ts'

type Came = readonly ['partial' | 'final', string] | readonly ['turn' | 'reply']

function shownAfter(came: readonly Came[], words: CallerWords = NO_WORDS): string | undefined {
  const end = came.reduce((state, [kind, text = '']) => {
    if (kind === 'partial') return afterPartial(state, text)
    if (kind === 'final') return afterFinal(state, text)
    return kind === 'turn' ? afterTurn(state) : afterReply(state)
  }, words)
  return wordsShown(end)
}

describe('what the caller is saying', () => {
  it('is every segment since the last turn', () => {
    expect(
      shownAfter([
        ['partial', 'weasels have'],
        ['final', 'Weasels have eaten it.'],
        ['partial', 'and'],
      ]),
    ).toBe('Weasels have eaten it. and')
  })

  it('is nothing when what settles a turn’s words comes behind the turn', () => {
    const turn: readonly Came[] = [['partial', 'weasels have eaten'], ['turn']]
    expect(shownAfter([...turn, ['final', 'Weasels have eaten.']])).toBeUndefined()
    expect(shownAfter([...turn, ['final', 'weasel has eaten it']])).toBeUndefined()
    expect(shownAfter([...turn, ['partial', 'weasels have eaten']])).toBeUndefined()
    expect(shownAfter([...turn, ['partial', 'the weasels have eaten']])).toBeUndefined()
    expect(shownAfter([['final', 'yes'], ['turn'], ['final', 'Yes.']])).toBeUndefined()
    expect(shownAfter([['partial', '…'], ['turn'], ['final', '…']])).toBeUndefined()
  })

  it('is what was said behind the turn, where a segment goes on', () => {
    const turn: readonly Came[] = [['partial', 'weasels have eaten'], ['turn']]
    expect(shownAfter([...turn, ['partial', 'weasels have eaten our phone']])).toBe('our phone')
    expect(
      shownAfter([
        ...turn,
        ['partial', 'Weasels have eaten our'],
        ['final', 'Weasels have eaten our phone.'],
      ]),
    ).toBe('our phone.')
    expect(shownAfter([...turn, ['final', 'weasels have eaten'], ['partial', 'weasels have']])).toBe(
      'weasels have',
    )
    expect(shownAfter([...turn, ['partial', 'stop that']])).toBe('stop that')
  })

  it('goes when the agent took no notice of it', () => {
    expect(shownAfter([['partial', 'mm'], ['final', 'mm-hm'], ['reply']])).toBeUndefined()
    expect(shownAfter([['final', 'mm-hm'], ['reply'], ['partial', 'and']])).toBe('and')
  })
})

const word = fc.constantFrom('weasels', 'have', 'eaten', 'our', 'phone', 'שלום', 'כן', '16:30', 'yes')
const segment = fc.array(word, { minLength: 1, maxLength: 6 })

/** A segment as recognition tells it: word by word, and at last with signs. */
function told(words: readonly string[]): readonly Came[] {
  const partials = words.map((_word, index) => ['partial', words.slice(0, index + 1).join(' ')] as const)
  return [...partials, ['final', `${words.join(' ')}.`]]
}

describe('in whatever order things come', () => {
  it('nothing is left of a turn that took all, wherever in its last segment it ended', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 3 }), segment, fc.nat(), (before, last, cut) => {
        const all = told(last)
        // At the earliest when all of its words were told.
        const at = all.length - 1 + (cut % 2)
        const came: readonly Came[] = [
          ...before.flatMap(told),
          ...all.slice(0, at),
          ['turn'],
          ...all.slice(at),
        ]
        expect(shownAfter(came)).toBeUndefined()
      }),
    )
  })

  it('what is said behind a turn that ended early is shown once, and all of it', () => {
    fc.assert(
      fc.property(segment, segment, (taken, more) => {
        const whole = [...taken, ...more]
        const after = told(whole).slice(taken.length)
        const came: readonly Came[] = [...told(taken).slice(0, -1), ['turn'], ...after]
        expect(shownAfter(came)).toBe(`${more.join(' ')}.`)
        expect(shownAfter([...came, ['turn']])).toBeUndefined()
      }),
    )
  })

  it('a new turn is shown as it is said, however the one before was settled', () => {
    fc.assert(
      fc.property(segment, segment, fc.boolean(), (first, second, isLate) => {
        const settled = told(first)
        const [last] = settled.slice(-1)
        const before: readonly Came[] = isLate
          ? [...settled.slice(0, -1), ['turn'], last!]
          : [...settled, ['turn']]
        for (let count = 1; count <= second.length; count++)
          expect(shownAfter([...before, ...told(second).slice(0, count)])).toBe(
            second.slice(0, count).join(' '),
          )
      }),
    )
  })
})
