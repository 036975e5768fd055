import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyTurnRules } from '../../../src/pipeline/turns/turn-rules.ts'
import {
  INITIAL_TURN_STATE,
  type TurnAction,
  type TurnEvent,
  type TurnRulesOptions,
  type TurnState,
} from '../../../src/pipeline/turns/turn-state.ts'
import { OPTIONS as ALL_RULES } from './rules-options.ts'

/** Nothing is said but answers: what is counted here is turns. */
const OPTIONS: TurnRulesOptions = {
  ...ALL_RULES,
  preemptive: false,
  presence: () => [],
  idle: { ...ALL_RULES.idle, patience: () => ({ afterMs: 0, prompts: [] }) },
}

const VOICE: readonly TurnEvent[] = [{ type: 'voice-started' }, { type: 'voice-stopped' }]
const final = (text: string): TurnEvent => ({ type: 'final', text })
const partial = (text: string): TurnEvent => ({ type: 'partial', text })
const ENDPOINT: TurnEvent = { type: 'timer', timer: 'endpoint' }
/** The caller is heard to say this, and it is settled. */
const says = (text: string): readonly TurnEvent[] => [...VOICE, final(text)]
const ANSWERED: readonly TurnEvent[] = [ENDPOINT, { type: 'agent-speaking' }]
const HEARD: TurnEvent = { type: 'agent-silent' }

function play(events: readonly TurnEvent[], options: TurnRulesOptions = OPTIONS) {
  let state: TurnState = INITIAL_TURN_STATE
  const actions: TurnAction[] = []
  for (const event of events) {
    const step = applyTurnRules(state, event, options)
    state = step.state
    actions.push(...step.actions)
  }
  const of = (type: TurnAction['type']) => actions.filter((action) => action.type === type)
  return { state, of, turns: actions.flatMap((one) => (one.type === 'start-reply' ? [one.text] : [])) }
}

const withoutVad = { ...OPTIONS, hasVad: false }

describe('the same final twice', () => {
  it.each([
    ['at once', [...says('a table for two'), final('A table for two.'), ENDPOINT]],
    ['four', [...says('four'), final('four'), ENDPOINT]],
    ['when it is being answered', [...says('a table for two'), ENDPOINT, final('A table for two.')]],
    ['when the answer is heard', [...says('a table for two'), ...ANSWERED, final('A table for two.')]],
    ['with its partial', [...says('yes'), ...ANSWERED, partial('yes'), final('yes')]],
  ])('(%s) is one, and the second is counted', (_how, events) => {
    const { turns, of } = play(events)
    expect(turns).toHaveLength(1)
    expect(turns[0]).not.toMatch(/two.*two|four.*four/)
    expect(of('final-repeated')).toHaveLength(1)
    expect([...of('interrupt'), ...of('cancel-reply'), ...of('restart-reply')]).toEqual([])
  })

  it('is two where the caller spoke again', () => {
    expect(play([...says('four'), ...says('four'), ENDPOINT]).turns).toEqual(['four four'])
    expect(play([...says('yes'), ...ANSWERED, HEARD, final('yes'), ENDPOINT]).turns).toEqual(['yes', 'yes'])
  })

  it('is two where nobody could tell whether the caller spoke again', () => {
    expect(play([final('four'), final('four'), ENDPOINT], withoutVad).turns).toEqual(['four four'])
    expect(play([final('yes'), ...ANSWERED, final('yes'), ENDPOINT], withoutVad).turns).toEqual([
      'yes',
      'yes',
    ])
  })

  it('is one without a detector, too, where partials tell of words', () => {
    expect(play([partial('four'), final('four'), final('four'), ENDPOINT], withoutVad).turns).toEqual([
      'four',
    ])
  })

  it('changes no conversation, whatever is said', () => {
    const word = fc.constantFrom('one', 'two', 'yes', 'a', 'table', 'no')
    const said = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(fc.array(fc.tuple(said, fc.boolean()), { maxLength: 6 }), (script) => {
        const conversation = (copies: number) =>
          play(
            script.flatMap(([text, ends]) => [
              ...VOICE,
              ...Array.from({ length: copies }, () => final(text)),
              ...(ends ? [...ANSWERED, HEARD] : []),
            ]),
          ).turns
        expect(conversation(2)).toEqual(conversation(1))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a final that corrects the one before', () => {
  const ten = 'a table for ten'
  const two = 'a table for two'

  it('takes its place in the turn', () => {
    expect(play([...says('good evening'), ...says(ten), final(two), ENDPOINT]).turns).toEqual([
      `good evening ${two}`,
    ])
  })

  it('begins the answer anew where nothing of it was heard', () => {
    const { turns, of } = play([...says('hello there'), ...says(ten), ENDPOINT, final(two), final(two)])
    expect(turns).toEqual([`hello there ${ten}`])
    expect(of('restart-reply')).toEqual([{ type: 'restart-reply', turn: 1, text: `hello there ${two}` }])
    expect(of('final-repeated')).toHaveLength(1)
  })

  it('corrects what is remembered where the answer is being heard', () => {
    const { of } = play([...says(ten), ...ANSWERED, final(two)])
    expect(of('correct-history')).toEqual([{ type: 'correct-history', turn: 1, text: two }])
    expect(of('interrupt')).toEqual([])
  })

  it('is no correction when the caller spoke in between', () => {
    expect(play([...says(ten), ...says(two), ENDPOINT]).turns).toEqual([`${ten} ${two}`])
  })
})

describe('a recogniser whose finals hold the whole turn so far', () => {
  it.each([
    ['finals', []],
    ['partials and finals', [partial('I want a table for two at')]],
  ])('is understood by its %s', (_how, between) => {
    const { turns } = play([
      ...says('I want a table'),
      ...says('I want a table for two'),
      ...between,
      ...says('I want a table for two at eight'),
      ENDPOINT,
    ])
    expect(turns).toEqual(['I want a table for two at eight'])
  })

  it.each([
    ['I', 'I want a table', 'I want a table for two'],
    ['good morning', 'good morning can I book', 'good morning can I book a table'],
    ['אני רוצה', 'אני רוצה להזמין שולחן לשניים', 'אני רוצה להזמין שולחן לשניים הערב'],
  ])('and whose first has fewer words than tell: %s', (...finals) => {
    expect(play([...finals.flatMap(says), ENDPOINT]).turns).toEqual([finals.at(-1)])
    expect(
      play([...finals.flatMap((text) => [...VOICE, partial(text), final(text)]), ENDPOINT]).turns,
    ).toEqual([finals.at(-1)])
  })

  it.each([
    ['no', 'no no stop it now'],
    ['five', 'five six seven eight'],
    ['0 5', '0 5 4 4 1'],
    ['yes', 'yes please'],
  ])('is not made of what is said twice: %s', (one, other) => {
    expect(play([...says(one), ...says(other), ENDPOINT]).turns).toEqual([`${one} ${other}`])
  })

  it('is not taken for one when digits come twice', () => {
    expect(play([...says('zero five'), ...says('zero five two'), ENDPOINT]).turns).toEqual([
      'zero five zero five two',
    ])
    expect(play([...says('five five five'), ...says('five five five two'), ENDPOINT]).turns).toEqual([
      'five five five five five five two',
    ])
  })

  it('may change its mind about the beginning', () => {
    const { turns } = play([
      ...says('I want a table'),
      ...says('I want a table for ten'),
      ...says('I want a table for two at eight'),
      ENDPOINT,
    ])
    expect(turns).toEqual(['I want a table for two at eight'])
  })

  it('goes on with a turn whose answer nobody has heard', () => {
    const { of } = play([...says('I want a table'), ENDPOINT, ...says('I want a table for two'), ENDPOINT])
    expect(of('restart-reply')).toEqual([{ type: 'restart-reply', turn: 1, text: 'I want a table for two' }])
  })

  it('gives the same turn as one that tells segments, however it is cut', () => {
    const words =
      'could I please have a quiet table for two people at eight this evening by the window'.split(' ')
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 3, max: words.length }), { maxLength: 5 }), (cuts) => {
        const ends = [...cuts, words.length].sort((a, b) => a - b)
        const wholes = ends.map((end) => words.slice(0, end).join(' '))
        const { turns } = play([
          ...wholes.flatMap((text) => [...VOICE, partial(text), final(text)]),
          ENDPOINT,
        ])
        expect(turns).toEqual([words.join(' ')])
      }),
      { numRuns: 200 },
    )
  })
})
