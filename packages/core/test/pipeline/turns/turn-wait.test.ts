import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TurnEvidence } from '../../../src/pipeline/turns/turn-state.ts'
import { turnWaitMs, type TurnWaitOptions } from '../../../src/pipeline/turns/turn-wait.ts'
import { anyText } from '../../language/any-text.ts'

const OPTIONS: TurnWaitOptions = {
  by: 'rules',
  sttWaitMs: 2500,
  tellsTurns: false,
  adaptive: true,
  timeoutMs: 320,
  sureWaitMs: 120,
  unfinishedWaitMs: 1200,
  numberWaitMs: 900,
  patienceMs: 2000,
  hangoverMs: 180,
  language: 'en-US',
  expected: { kind: 'open' },
}
const NOTHING_KNOWN: TurnEvidence = {
  doneProbability: undefined,
  longestPauseMs: 0,
  partial: '',
  earlyMarks: 0,
  toldDone: false,
  wordsDueMs: 0,
  tookFloor: false,
  missedEnds: 0,
}

/** Neither surely done nor surely going on. */
const OPEN_WORDS = 'the door will not open'

const wait = (text: string, options: Partial<TurnWaitOptions> = {}, evidence = {}): number =>
  turnWaitMs(text, { ...NOTHING_KNOWN, ...evidence }, { ...OPTIONS, ...options })

describe('the wait by words alone', () => {
  it('is the timeout where nothing better is known', () => {
    expect(wait('yes')).toBe(320)
    expect(wait('no')).toBe(320)
  })

  it('is longer where more must come', () => {
    expect(wait('yes and')).toBe(1200)
    expect(wait('zero five')).toBe(900)
    expect(wait('yes and', { timeoutMs: 3000 })).toBe(3000)
    expect(wait('yes and', { unfinishedWaitMs: 0 })).toBe(320)
  })

  it('is longer behind words that hardly ever end a turn', () => {
    expect(wait('I need to talk to')).toBe(1200)
    expect(wait('I wanted to ask about')).toBe(1200)
    expect(wait('I need to talk to', { timeoutMs: 3000 })).toBe(3000)
    expect(wait('I have a question about my')).toBe(1200)
    expect(wait('can you tell me')).toBe(1200)
    expect(wait('can you tell me?')).toBe(320)
  })

  it('lies in between by how likely the caller is done, and by what an interruption costs', () => {
    const unsure = wait('the washing machine that I bought')
    const rather = wait(OPEN_WORDS)
    expect(unsure).toBeLessThan(1200)
    expect(rather).toBeLessThan(unsure)
    expect(rather).toBeGreaterThan(120)
    expect(wait('the washing machine that I bought', { patienceMs: 1000 })).toBeLessThan(unsure)
    expect(wait(OPEN_WORDS, { patienceMs: 4000 })).toBeGreaterThan(rather)
    expect(wait('the washing machine that I bought', { patienceMs: 0 })).toBe(320)
  })

  it('takes fragments for answers where something certain was asked for', () => {
    const expected = { kind: 'name' } as const
    expect(wait('we have an account', { expected })).toBe(320)
    expect(wait('to', { expected })).toBe(320)
    expect(wait('I need to talk to', { expected })).toBe(1200)
  })

  it('is short behind words that nearly always end a turn', () => {
    expect(wait('what time do you open')).toBe(120)
    expect(wait('what time do you open', { language: 'de-DE' })).toBe(320)
  })

  it('is that of open words where a number was asked for and none of it is said', () => {
    const expected = { kind: 'digits' } as const
    const open = wait('okay so that is')
    expect(open).toBeGreaterThan(320)
    expect(wait('okay so that is', { expected })).toBe(open)
    expect(wait('okay so that is', { expected: { kind: 'yes-no' } })).toBe(320)
  })

  it('is long behind words that ask to wait, unless they sound like all', () => {
    expect(wait('let me find it here we go')).toBe(1200)
    expect(wait('let me find it here we go', { expected: { kind: 'digits' } })).toBe(1200)
    expect(wait('one moment please')).toBe(120)
    expect(wait('let me find it?')).toBe(320)
    expect(wait('hang on let me see it is the white envelope')).toBeLessThan(500)
  })

  it('takes many digits for a whole number when they came without a pause', () => {
    expect(wait('nine four one three')).toBe(900)
    expect(wait('nine four one three seven')).toBe(320)
    expect(wait('nine four one three seven', {}, { longestPauseMs: 300 })).toBe(900)
    expect(wait('nine four one three seven', { expected: { kind: 'digits', count: 7 } })).toBe(900)
  })

  it('is the timeout in a language without word lists, and where it does not adapt', () => {
    expect(wait('und', { language: 'de-DE' })).toBe(320)
    expect(wait('yes and', { adaptive: false })).toBe(320)
    expect(wait('yes', { adaptive: false, expected: { kind: 'yes-no' } })).toBe(320)
  })
})

describe('the wait by what was asked', () => {
  it('is short once that is answered', () => {
    expect(wait('yes please', { expected: { kind: 'yes-no' } })).toBe(120)
    expect(wait('four seven one one', { expected: { kind: 'digits', count: 4 } })).toBe(120)
  })

  it('is long while a part of it is missing', () => {
    expect(wait('four seven', { expected: { kind: 'digits', count: 4 } })).toBe(900)
    expect(wait('March', { expected: { kind: 'date' } })).toBe(900)
  })

  it('is never cut short behind words that go on', () => {
    expect(wait('yes but', { expected: { kind: 'yes-no' } })).toBe(1200)
  })
})

describe('the wait while the last words are on their way', () => {
  it('is never shorter than the timeout, unless the recogniser says that the caller is done', () => {
    const lag = { wordsDueMs: 1000 }
    expect(wait('what time do you open', {}, lag)).toBe(320)
    expect(wait('yes please', { expected: { kind: 'yes-no' } }, lag)).toBe(320)
    expect(wait('I lost my card.', {}, { ...lag, partial: 'I lost my card.' })).toBe(320)
    expect(wait('I need to talk to', {}, lag)).toBe(1200)
    expect(wait('what time do you open', {}, { ...lag, toldDone: true })).toBe(120)
  })
})

describe('the wait behind words that silenced the agent', () => {
  it('is no longer than in a number, unless they end in "and" or "um"', () => {
    expect(wait('not that', {}, { tookFloor: true })).toBe(900)
    expect(wait('not that', { numberWaitMs: 400 }, { tookFloor: true })).toBe(400)
    expect(wait('not that', { numberWaitMs: 1200 }, { tookFloor: true })).toBe(900)
    expect(wait('no but', {}, { tookFloor: true })).toBe(1200)
    expect(wait('what time do you open', {}, { tookFloor: true })).toBe(120)
  })
})

describe('the wait by sentence marks', () => {
  it('is short behind one that the recogniser wrote before the sentence was settled', () => {
    expect(wait('the door will not open.', {}, { partial: 'the door will not open.' })).toBe(120)
    expect(wait('the door will not open.', {}, { partial: '' })).toBe(wait(OPEN_WORDS))
    expect(wait('I lost my card...', {}, { partial: 'I lost my card...' })).toBe(1200)
  })

  it('does not believe a full stop in a final: its segment is over, not the number', () => {
    expect(wait('zero five.')).toBe(900)
    expect(wait('zero five.', {}, { partial: 'zero five.' })).toBe(120)
    expect(wait('I want it and.')).toBe(1200)
    expect(wait('zero five?')).toBe(wait('is it zero five?'))
  })

  it('is not cut short by a recogniser that writes them anywhere', () => {
    expect(wait('the door will not open.', {}, { partial: 'the door will not open.', earlyMarks: 2 })).toBe(
      wait(OPEN_WORDS),
    )
  })
})

describe('the wait behind a question of the caller', () => {
  it('is short once it is whole', () => {
    expect(wait('when will my parcel arrive')).toBe(120)
    expect(wait('can you tell me')).toBe(1200)
  })
})

describe('the wait by the detector', () => {
  const sure = { doneProbability: 0.9 }
  const open = { doneProbability: 0.02 }

  it('is short where it is sure, long where it is sure of the opposite, and neither in between', () => {
    expect(wait('to Boston', { threshold: 0.5 }, sure)).toBe(120)
    expect(wait('to Boston', { threshold: 0.5 }, open)).toBe(1200)
    expect(wait('the door will not open', { threshold: 0.5 }, { doneProbability: 0.3 })).toBe(
      wait(OPEN_WORDS),
    )
  })

  it('does not outdo words that go on, nor a number', () => {
    expect(wait('to Boston and', { threshold: 0.5 }, sure)).toBe(1200)
    expect(wait('zero five', { threshold: 0.5 }, sure)).toBe(900)
  })

  it('outdoes a whole answer only where it is sure that more comes', () => {
    expect(wait('yes', { threshold: 0.5, expected: { kind: 'yes-no' } }, open)).toBe(1200)
    expect(wait('yes', { threshold: 0.5, expected: { kind: 'yes-no' } }, { doneProbability: 0.3 })).toBe(120)
  })

  it('judges a language without word lists', () => {
    expect(wait('und', { threshold: 0.5, language: 'de-DE' }, sure)).toBe(120)
  })
})

describe('the wait for a caller who pauses', () => {
  it('is a little more than their longest pause, within bounds', () => {
    expect(wait(OPEN_WORDS, {}, { longestPauseMs: 50 })).toBe(wait(OPEN_WORDS))
    expect(wait('yes', {}, { longestPauseMs: 100 })).toBe(320)
    expect(wait('the door will not open', {}, { longestPauseMs: 600 })).toBe(750)
    expect(wait('the door will not open', {}, { longestPauseMs: 5000 })).toBe(900)
  })

  it('does not matter where the caller is surely done', () => {
    const expected = { kind: 'yes-no' } as const
    expect(wait('yes', { expected }, { longestPauseMs: 600 })).toBe(120)
  })
})

it('is one of the bounds, or between them, for any text and evidence', () => {
  const evidence = fc.record({
    doneProbability: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    longestPauseMs: fc.integer({ min: 0, max: 10_000 }),
    partial: anyText(20),
    earlyMarks: fc.nat(3),
    toldDone: fc.boolean(),
    wordsDueMs: fc.integer({ min: 0, max: 1000 }),
    tookFloor: fc.boolean(),
    missedEnds: fc.nat(3),
  })
  fc.assert(
    fc.property(anyText(80), fc.constantFrom('en', 'he', 'xx'), evidence, (text, language, known) => {
      const ms = turnWaitMs(text, known, { ...OPTIONS, language, threshold: 0.5 })
      expect(ms).toBeGreaterThanOrEqual(120)
      expect(ms).toBeLessThanOrEqual(1200)
    }),
  )
})
