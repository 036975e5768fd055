import { describe, expect, it } from 'vitest'
import { createOwedSounds, type OwedSounds, type PrivateSound } from '../../src/telemetry/private-sounds.ts'

const sound = (kind: string, from_ms: number, to_ms: number): PrivateSound => ({
  ...{ who: 'caller', kind, from_ms, to_ms, by: 'words' },
})
const CARD = sound('card', 1000, 2000)

/** What is told, step by step: `card 1000-2000`. */
function told(...steps: readonly ((owed: OwedSounds) => void)[]): readonly string[] {
  const found: string[] = []
  const owed = createOwedSounds(({ kind, from_ms, to_ms }) => found.push(`${kind} ${from_ms}-${to_ms}`))
  return steps.map((step) => {
    step(owed)
    return found.splice(0).join(', ')
  })
}

describe('a sound of the caller is told once', () => {
  it('where words that were left out have it, and no final', () => {
    expect(told((owed) => owed.final('words_overheard', [CARD]))).toEqual(['card 1000-2000'])
  })

  it('where words that were left out say again what a final has said, also before the last turn', () => {
    expect(
      told(
        (owed) => owed.final('final', [CARD]),
        (owed) => owed.final('words_overheard', [CARD]),
        (owed) => owed.turn(false, [CARD]),
        (owed) => owed.final('words_overheard', [CARD]),
        (owed) => owed.final('words_overheard', [CARD, CARD]),
      ),
    ).toEqual(['card 1000-2000', '', '', '', 'card 1000-2000'])
  })

  it('where words that were left out come between a partial and its final', () => {
    expect(
      told(
        (owed) => owed.partial('it is', []),
        (owed) => owed.final('words_overheard', [CARD]),
        (owed) => owed.final('final', [sound('card', 1500, 1900)]),
        (owed) => owed.over(),
      ),
    ).toEqual(['', '', 'card 1500-1900', ''])
  })

  it('where its final comes behind the turn, which is then said again, and the next has its own', () => {
    expect(
      told(
        (owed) => owed.partial('it is', [CARD]),
        (owed) => owed.turn(false, [CARD]),
        (owed) => owed.final('final', [CARD]),
        (owed) => owed.turn(true, [CARD]),
        (owed) => owed.turn(false, [CARD]),
      ),
    ).toEqual(['', '', 'card 1000-2000', '', 'card 1000-2000'])
  })

  it('where the turn is said again, and is told anew where it has one more', () => {
    expect(
      told(
        (owed) => owed.final('final', [CARD]),
        (owed) => owed.turn(false, [CARD]),
        (owed) => owed.turn(true, [CARD]),
        (owed) => owed.turn(true, [CARD, sound('card', 5000, 6000)]),
      ),
    ).toEqual(['card 1000-2000', '', '', 'card 1000-2000, card 5000-6000'])
  })

  it('where the turn has one more than its final, and none of the turn before', () => {
    expect(
      told(
        (owed) => owed.final('final', [CARD]),
        (owed) => owed.turn(false, [CARD]),
        (owed) => owed.turn(false, [sound('card', 3000, 4000)]),
        (owed) => owed.turn(false, [sound('phone', 5000, 6000)]),
      ),
    ).toEqual(['card 1000-2000', '', 'card 3000-4000', 'phone 5000-6000'])
  })

  it('where digits become a card, and where keys are read out', () => {
    expect(
      told(
        (owed) => owed.final('final', [sound('digits', 1000, 2000)]),
        (owed) => owed.turn(false, [CARD]),
        (owed) => owed.pressed(CARD),
        (owed) => owed.turn(false, [CARD, sound('key', 1000, 2000)]),
      ),
    ).toEqual(['digits 1000-2000', '', 'card 1000-2000', ''])
  })

  it('where two lie nearly over each other, and as two where nobody would miss what is between', () => {
    const after = (gapMs: number) => (owed: OwedSounds) =>
      owed.final('final', [sound('card', 3000 + gapMs, 4000), CARD, sound('phone', 1500, 3000)])
    expect(told(after(600), after(601))).toEqual(['card 1000-4000', 'card 1000-3000, card 3601-4000'])
    expect(told((owed) => owed.final('final', [sound('card', 0, 5000), CARD]))).toEqual(['card 0-5000'])
  })

  it('from where the first partial had it, when none comes any more', () => {
    expect(
      told(
        (owed) => owed.partial('it is', [CARD]),
        (owed) => owed.partial('it is so', [sound('card', 1700, 2500)]),
        (owed) => owed.partial('it is so', [sound('digits', 1000, 2500)]),
        (owed) => owed.over(),
        (owed) => owed.over(),
      ),
    ).toEqual(['', '', '', 'card 1000-2500', ''])
  })
})
