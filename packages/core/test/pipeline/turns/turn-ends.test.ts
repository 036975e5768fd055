import { describe, expect, it } from 'vitest'
import { applyTurnRules } from '../../../src/pipeline/turns/turn-rules.ts'
import {
  INITIAL_TURN_STATE,
  type TurnEvent,
  type TurnRulesOptions,
  type TurnState,
} from '../../../src/pipeline/turns/turn-state.ts'
import { OPTIONS } from './rules-options.ts'

const BY_STT: TurnRulesOptions = { ...OPTIONS, sttJudges: () => true }
const DONE: TurnEvent = { type: 'told-done', sure: true }
const MAYBE: TurnEvent = { type: 'told-done', sure: false }
const TIMER: TurnEvent = { type: 'timer', timer: 'endpoint' }

/** A caller who has said this, and whose voice is still on. */
const SAID: TurnState = { ...INITIAL_TURN_STATE, finals: 'two tickets', voice: true, sound: true }

function play(state: TurnState, events: readonly TurnEvent[], options = BY_STT) {
  const all = []
  for (const event of events) {
    const step = applyTurnRules(state, event, options)
    state = step.state
    all.push(...step.actions)
  }
  return { state, actions: all, types: all.map(({ type }) => type) }
}

describe('a recogniser that judges turns (turns.by: stt)', () => {
  it('ends the turn at once where it is sure, also before the voice is found to have stopped', () => {
    const { actions, state } = play(SAID, [DONE])
    expect(actions).toContainEqual({ type: 'start-reply', turn: 1, text: 'two tickets' })
    expect(state.agent).toBe('thinking')
  })

  it('has a reply prepared where it is not sure, which is discarded when it takes that back', () => {
    const maybe = play(SAID, [MAYBE])
    expect(maybe.actions).toEqual([{ type: 'prepare-reply', text: 'two tickets' }])
    expect(play(maybe.state, [{ type: 'told-resumed' }]).types).toEqual(['stop-timer', 'discard-prepared'])
    expect(play(maybe.state, [DONE]).types).not.toContain('discard-prepared')
    expect(play(SAID, [MAYBE], { ...BY_STT, preemptive: false }).actions).toEqual([])
  })

  it.each<[string, TurnState]>([
    ['nothing was said', { ...SAID, finals: '' }],
    ['the caller is in an entry of keys', { ...SAID, keying: true }],
  ])('ends nothing where %s', (_where, state) => {
    expect(play(state, [DONE]).actions).toEqual([])
  })

  it('ends the turn of a caller who has spoken over the agent', () => {
    const over: TurnState = { ...SAID, agent: 'speaking', answering: true }
    expect(play(over, [DONE]).types).toEqual(expect.arrayContaining(['interrupt', 'start-reply']))
    const listening = play({ ...over, finals: 'mm hm' }, [DONE])
    expect(listening.types).not.toContain('start-reply')
  })

  it('is counted where it has not told the end, and after two in a row the rules decide', () => {
    const silent: TurnState = { ...SAID, voice: false, sound: false }
    const missed = play(silent, [TIMER])
    expect(missed.types).toEqual(expect.arrayContaining(['turn-end-missed', 'start-reply']))
    const again = play({ ...silent, missedEnds: 1 }, [TIMER])
    expect(again.state.missedEnds).toBe(2)
    const bysRules = play({ ...silent, missedEnds: 2 }, [TIMER])
    expect(bysRules.types).not.toContain('turn-end-missed')
    expect(bysRules.types).toContain('start-reply')
    expect(play({ ...silent, missedEnds: 2 }, [DONE]).state.missedEnds).toBe(0)
  })
})

describe('the same word by turns.by: rules', () => {
  const waits: boolean[] = []
  const BY_RULES: TurnRulesOptions = {
    ...OPTIONS,
    waitMs: (_text, { toldDone }) => (waits.push(toldDone), toldDone ? 120 : 320),
  }

  it('is one more piece of evidence: the wait is reckoned anew, and is none while the voice is on', () => {
    const silent: TurnState = { ...SAID, voice: false, sound: false }
    const told = play(silent, [{ ...DONE, silentMs: 50 }], BY_RULES)
    expect(told.actions).toEqual([{ type: 'start-timer', timer: 'endpoint', ms: 70 }])
    expect(play(SAID, [DONE], BY_RULES).actions).toEqual([])
    expect(play(silent, [MAYBE], BY_RULES).actions).toEqual([])
  })

  it.each<[string, TurnEvent]>([
    ['new words', { type: 'final', text: 'for tonight' }],
    ['voice', { type: 'voice-started' }],
    ['the recogniser, which takes it back', { type: 'told-resumed' }],
  ])('is gone with %s', (_with, event) => {
    expect(play({ ...SAID, voice: false, toldDone: true }, [event], BY_RULES).state.toldDone).toBe(false)
  })
})
