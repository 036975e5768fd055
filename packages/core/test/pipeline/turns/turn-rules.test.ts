import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameWords } from '../../../src/pipeline/turns/turn-text.ts'
import { applyTurnRules } from '../../../src/pipeline/turns/turn-rules.ts'
import {
  INITIAL_TURN_STATE,
  type TurnAction,
  type TurnEvent,
  type TurnState,
} from '../../../src/pipeline/turns/turn-state.ts'
import { OPTIONS } from './rules-options.ts'

const event: fc.Arbitrary<TurnEvent> = fc.oneof(
  fc.constantFrom<TurnEvent>(
    { type: 'voice-started' },
    { type: 'voice-started', isOther: true, pausedMs: 500 },
    { type: 'voice-is-near' },
    { type: 'voice-stopped' },
    { type: 'voice-stopped', isOwn: true },
    { type: 'turn-judged', doneProbability: 0.9, silentMs: 100 },
    { type: 'told-done', sure: true },
    { type: 'told-done', sure: false, silentMs: 200 },
    { type: 'told-resumed' },
    { type: 'key' },
    { type: 'agent-speaking' },
    { type: 'agent-silent' },
  ),
  fc.record({
    type: fc.constantFrom('partial', 'final'),
    text: fc.constantFrom('one', 'one two', 'three', 'mm-hm', '', 'yeah'),
  }),
  fc.record({
    type: fc.constantFrom('partial', 'final'),
    text: fc.constantFrom('one moment', 'one moment three', 'one'),
    ownShare: fc.constantFrom(0.3, 0.7, 1),
  }),
  fc.record({
    type: fc.constant('final'),
    text: fc.constantFrom('one', 'three', 'mm-hm'),
    unclear: fc.constant(true),
    overdue: fc.boolean(),
  }),
  fc.record({ type: fc.constant('keys'), text: fc.constantFrom('12', '#') }),
  fc.record({
    type: fc.constant('timer'),
    timer: fc.constantFrom('endpoint', 'prepare', 'barge-in', 'false-start', 'idle', 'wordless', 'quiet'),
  }),
)

const options = fc.record({
  mode: fc.constantFrom('speech', 'words', 'off'),
  preemptive: fc.boolean(),
  hasVad: fc.boolean(),
  sttJudges: fc.constantFrom(
    () => true,
    () => false,
  ),
})

/** What the stages would hold after these actions. */
interface Stages {
  reply: 'none' | 'running' | 'paused'
  prepared: string | undefined
  ducked: boolean
}

function carryOut(stages: Stages, action: TurnAction): void {
  switch (action.type) {
    case 'prepare-reply':
      expect(stages.prepared).toBeUndefined()
      stages.prepared = action.text
      return
    case 'discard-prepared':
      expect(stages.prepared).toBeDefined()
      stages.prepared = undefined
      return
    case 'start-reply':
    case 'say':
      expect(stages.reply).toBe('none')
      stages.reply = 'running'
      // What was prepared is adopted, so it must have been prepared on these words.
      if (action.type === 'start-reply' && stages.prepared !== undefined) {
        expect(sameWords(stages.prepared, action.text)).toBe(true)
        stages.prepared = undefined
      }
      return
    case 'restart-reply':
      stages.reply = 'running'
      return
    case 'duck-reply':
    case 'unduck-reply':
      expect(stages.ducked).toBe(action.type === 'unduck-reply')
      stages.ducked = action.type === 'duck-reply'
      return
    case 'pause-reply':
      expect(stages.reply).toBe('running')
      stages.reply = 'paused'
      return
    case 'resume-reply':
      expect(stages.reply).toBe('paused')
      stages.reply = 'running'
      return
    case 'cancel-reply':
    case 'interrupt':
      stages.reply = 'none'
  }
}

describe('the turn rules', () => {
  it('never have two replies at once, and never lose one, for any order of events', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), options, (events, { mode, ...rest }) => {
        const bargeIn = { ...OPTIONS.bargeIn, mode: mode as 'speech', ducks: true }
        const rules = { ...OPTIONS, ...rest, bargeIn }
        let state: TurnState = INITIAL_TURN_STATE
        const stages: Stages = { reply: 'none', prepared: undefined, ducked: false }
        for (const each of events) {
          // Only a reply that runs can begin to be heard, or end.
          if (each.type === 'agent-speaking' && stages.reply !== 'running') continue
          if (each.type === 'agent-silent' && stages.reply !== 'running') continue
          if (each.type === 'agent-silent') stages.reply = 'none'
          const before = state
          const step = applyTurnRules(state, each, rules)
          state = step.state
          for (const action of step.actions) carryOut(stages, action)
          expect(state.turn).toBeGreaterThanOrEqual(before.turn)
          // Half an entry of keys is never answered, nor what was said beside it.
          if (before.keying && each.type !== 'keys') expect(state.turn).toBe(before.turn)
          expect(state.agent === 'silent').toBe(stages.reply === 'none')
          // Softer exactly while both speak, and never left so.
          const both = mode === 'speech' && state.agent === 'speaking' && state.voice
          expect(stages.ducked).toBe(both && !state.shielded && !state.givingUp)
          expect(state.agent === 'paused').toBe(stages.reply === 'paused')
          expect(state.prepared !== '').toBe(stages.prepared !== undefined)
        }
      }),
      { numRuns: 3000 },
    )
  }, 60_000)

  it('leave a state alone that an event does not concern, and share nothing with it', () => {
    const frozen = Object.freeze({ ...INITIAL_TURN_STATE })
    expect(applyTurnRules(frozen, { type: 'timer', timer: 'endpoint' }, OPTIONS)).toEqual({
      state: frozen,
      actions: [],
    })
    expect(applyTurnRules(frozen, { type: 'timer', timer: 'barge-in' }, OPTIONS)).toEqual({
      state: frozen,
      actions: [],
    })
  })

  it('leave out the words of a quieter voice over the agent, and no others', () => {
    const speaking: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', answering: true }
    const other = applyTurnRules(speaking, { type: 'voice-started', isOther: true }, OPTIONS)
    expect(other.actions).toEqual([])
    const words = applyTurnRules(other.state, { type: 'partial', text: 'the weather today' }, OPTIONS)
    expect(words.actions).toEqual([{ type: 'words-overheard', text: 'the weather today' }])
    const near = applyTurnRules(words.state, { type: 'voice-is-near' }, OPTIONS)
    const taken = applyTurnRules(near.state, { type: 'partial', text: 'no wait' }, OPTIONS)
    expect(taken.actions.map(({ type }) => type)).toContain('interrupt')
  })

  it('let half a listener’s word stand until more of it comes, and no word that is one by itself', () => {
    const speaking: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', answering: true }
    const spoken = applyTurnRules(speaking, { type: 'voice-started' }, OPTIONS).state
    const rules = {
      ...OPTIONS,
      bargeIn: { ...OPTIONS.bargeIn, backchannels: () => ['mm hm', 'yeah', 'noted'] },
    }
    const after = (text: string, state = spoken) => applyTurnRules(state, { type: 'partial', text }, rules)
    const half = after('yeah ye')
    expect(half.actions.map(({ type }) => type)).not.toContain('interrupt')
    expect(after('yeah yesterday', half.state).actions).toContainEqual({ type: 'interrupt', by: 'caller' })
    expect(after('no').actions).toContainEqual({ type: 'interrupt', by: 'caller' })
  })

  it('know of a turn that its words silenced the agent, until it ends', () => {
    const speaking: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', answering: true }
    const voice = applyTurnRules(speaking, { type: 'voice-started' }, OPTIONS).state
    const taken = applyTurnRules(voice, { type: 'partial', text: 'not that' }, OPTIONS).state
    expect(taken.tookFloor).toBe(true)
    const silent = applyTurnRules(taken, { type: 'voice-stopped' }, OPTIONS).state
    expect(applyTurnRules(silent, { type: 'timer', timer: 'endpoint' }, OPTIONS).state.tookFloor).toBe(false)
  })

  it('know that the last words are not here yet, until words come', () => {
    const spoken = applyTurnRules(INITIAL_TURN_STATE, { type: 'partial', text: 'one' }, OPTIONS).state
    const silent = applyTurnRules(spoken, { type: 'voice-stopped', wordsLag: true }, OPTIONS).state
    expect(silent.wordsLag).toBe(true)
    expect(applyTurnRules(silent, { type: 'partial', text: 'one two' }, OPTIONS).state.wordsLag).toBe(false)
    expect(applyTurnRules(silent, { type: 'voice-stopped' }, OPTIONS).state.wordsLag).toBe(false)
  })

  it('leave out the agent’s own words where no voice of the caller was heard', () => {
    const speaking: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', answering: true }
    const own = applyTurnRules(speaking, { type: 'partial', text: 'moment please' }, OPTIONS)
    expect(own.actions).toEqual([{ type: 'words-overheard', text: 'moment please' }])
    const others = applyTurnRules(speaking, { type: 'partial', text: 'please wait' }, OPTIONS)
    expect(others.actions.map(({ type }) => type)).toContain('interrupt')
    const voiced = applyTurnRules(speaking, { type: 'voice-started' }, OPTIONS)
    const repeated = applyTurnRules(voiced.state, { type: 'partial', text: 'moment please' }, OPTIONS)
    expect(repeated.actions.map(({ type }) => type)).toContain('interrupt')
  })

  describe('of a listener who agrees', () => {
    const typesOf = (agent: TurnState['agent'], text: string, agentSaid: string): readonly string[] => {
      const state: TurnState = { ...INITIAL_TURN_STATE, agent, answering: true, voice: true }
      const options = { ...OPTIONS, agentSaid: () => agentSaid }
      return applyTurnRules(state, { type: 'partial', text }, options).actions.map(({ type }) => type)
    }

    it('leave the agent the word where it asks nothing', () => {
      expect(typesOf('speaking', 'sure', 'There are three plans.')).not.toContain('interrupt')
      expect(typesOf('speaking', 'yeah of course', 'There are three plans.')).not.toContain('interrupt')
      expect(typesOf('speaking', 'sure but', 'There are three plans.')).toContain('interrupt')
      expect(typesOf('paused', 'sure', 'There are three plans.')).not.toContain('cancel-reply')
    })

    it('take an answer where it asks, and a turn that goes on where nothing of it was heard', () => {
      expect(typesOf('speaking', 'sure', 'Shall I book it? It takes a minute.')).toContain('interrupt')
      expect(typesOf('paused', 'sure', 'Shall I book it? It takes a minute.')).toContain('cancel-reply')
      expect(typesOf('thinking', 'sure', '')).toContain('cancel-reply')
    })

    it('forget a listener’s words as soon as any others would be answered', () => {
      const state: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', answering: true }
      const options = { ...OPTIONS, waitMs: (text: string) => (text === '' ? 320 : 1600) }
      const timerOf = (text: string): unknown =>
        applyTurnRules(state, { type: 'final', text }, options).actions.find(
          ({ type }) => type === 'start-timer',
        )
      expect(timerOf('yeah')).toEqual({ type: 'start-timer', timer: 'endpoint', ms: 320 })
      expect(timerOf('but wait')).toEqual({ type: 'start-timer', timer: 'endpoint', ms: 1600 })
    })
  })

  it('take a quieter voice for the caller where the agent is silent', () => {
    const heard = applyTurnRules(INITIAL_TURN_STATE, { type: 'voice-started', isOther: true }, OPTIONS)
    expect(heard.state.voice).toBe(true)
  })

  it('count a pause of the caller within a turn, and not the silence of one who waits for the answer', () => {
    const after = (pausedMs: number, state: TurnState): number =>
      applyTurnRules(state, { type: 'voice-started', pausedMs }, OPTIONS).state.longestPauseMs
    const open: TurnState = { ...INITIAL_TURN_STATE, finals: 'I would like' }
    expect(after(600, open)).toBe(600)
    expect(after(600, { ...open, longestPauseMs: 800 })).toBe(800)
    expect(after(1500, open)).toBe(0)
    expect(after(600, INITIAL_TURN_STATE)).toBe(0)
    expect(after(600, { ...INITIAL_TURN_STATE, agent: 'thinking', answering: true })).toBe(600)
  })

  it('count a mark that the recogniser wrote into a partial before the turn was over', () => {
    const heard = (...texts: string[]): number =>
      texts.reduce(
        (state, text) => applyTurnRules(state, { type: 'partial', text }, OPTIONS).state,
        INITIAL_TURN_STATE,
      ).earlyMarks
    expect(heard('I moved.', 'I moved. The new')).toBe(1)
    expect(heard('I moved', 'I moved to', 'I moved to Boston.')).toBe(0)
  })

  it('wait for more words behind a partial that lags, and not behind a final', () => {
    const endpointMs = (type: 'partial' | 'final', options = OPTIONS): number | undefined =>
      applyTurnRules(
        INITIAL_TURN_STATE,
        { type, text: 'to Boston', silentMs: 2000 },
        options,
      ).actions.flatMap((action) =>
        action.type === 'start-timer' && action.timer === 'endpoint' ? [action.ms] : [],
      )[0]
    expect(endpointMs('partial')).toBe(OPTIONS.wordsSettleMs)
    expect(endpointMs('final')).toBe(0)
    // Where less is likely to follow, less is waited for: a third of the whole wait.
    expect(endpointMs('partial', { ...OPTIONS, waitMs: () => 150 })).toBe(50)
  })

  it('go on waiting for the words of a quieter voice that has stopped', () => {
    const paused: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', finals: 'one', overheard: true }
    expect(applyTurnRules(paused, { type: 'voice-stopped' }, OPTIONS)).toEqual({ state: paused, actions: [] })
  })

  it('leave a greeting that may not be interrupted as loud as it is', () => {
    const rules = { ...OPTIONS, bargeIn: { ...OPTIONS.bargeIn, ducks: true } }
    const greeting: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', shielded: true }
    expect(applyTurnRules(greeting, { type: 'voice-started' }, rules).state.ducked).toBe(false)
  })
})
