import { describe, expect, it } from 'vitest'
import { applyTurnRules } from '../../../src/pipeline/turns/turn-rules.ts'
import { INITIAL_TURN_STATE, type TurnEvent, type TurnState } from '../../../src/pipeline/turns/turn-state.ts'
import { mayBecomeListeners } from '../../../src/pipeline/turns/turn-text.ts'
import { OPTIONS } from './rules-options.ts'

const RULES = {
  ...OPTIONS,
  bargeIn: { ...OPTIONS.bargeIn, ducks: true, backchannels: () => ['mm hm', 'i see', 'yeah', 'no way'] },
}
const SPEAKS: TurnState = { ...INITIAL_TURN_STATE, agent: 'speaking', answering: true }
const VOICE: TurnEvent = { type: 'voice-started' }
const BARGE_IN: TurnEvent = { type: 'timer', timer: 'barge-in' }
const sound = (of: 'loud' | 'quiet' | 'pause' | 'goes-on'): TurnEvent => ({
  type: 'caller-sounds',
  sound: of,
})
const partial = (text: string, voicedMs = 200): TurnEvent => ({ type: 'partial', text, voicedMs })

/** The events one after the other; what the last of them did. */
function after(...events: readonly TurnEvent[]) {
  const first = { state: SPEAKS, actions: [] as readonly { readonly type: string }[] }
  const { state, actions } = events.reduce(({ state: before }, event) => {
    const { state: next, actions: done } = applyTurnRules(before, event, RULES)
    return { state: next, actions: done }
  }, first)
  return { state, actions, types: actions.map(({ type }) => type) }
}

describe('what may become a listener’s words', () => {
  it('does not silence the agent before the next words come', () => {
    expect(after(VOICE, partial('I')).types).not.toContain('interrupt')
    expect(after(VOICE, partial('I'), partial('I see')).types).not.toContain('interrupt')
    expect(after(VOICE, partial('yeah I')).types).not.toContain('interrupt')
    expect(after(VOICE, partial('I'), partial('I want')).types).toContain('interrupt')
    expect(after(VOICE, partial('I'), { type: 'final', text: 'I' }).types).toContain('interrupt')
  })

  it('pauses it once the voice has lasted for more than such words', () => {
    const said = after(VOICE, partial('I', 200))
    expect(said.actions).toContainEqual({ type: 'start-timer', timer: 'barge-in', ms: 300 })
    expect(after(VOICE, partial('I'), BARGE_IN).types).toContain('pause-reply')
    // And it goes on when that was all.
    const seen = after(VOICE, partial('I'), BARGE_IN, partial('I see'), { type: 'voice-stopped' })
    expect(seen.state.agent).toBe('paused')
    expect(applyTurnRules(seen.state, { type: 'timer', timer: 'endpoint' }, RULES).actions).toContainEqual({
      type: 'resume-reply',
    })
    expect(after(VOICE, partial('I'), BARGE_IN, partial('I want')).types).toContain('cancel-reply')
  })

  it('is no answer: "no" may be all of it', () => {
    expect(after(VOICE, partial('no')).types).toContain('interrupt')
    const becomes = (text: string): boolean =>
      mayBecomeListeners(text, ['that makes sense', 'no way', 'yeah'], (words) => words === 'no')
    expect(['that', 'that makes', 'yeah that'].map(becomes)).toEqual([true, true, true])
    expect(['no', 'that makes sense', 'not that', 'makes', 'tha', ''].map(becomes)).not.toContain(true)
  })
})

describe('a voice without words', () => {
  it('that is just over does not stop the agent', () => {
    expect(after(VOICE, BARGE_IN).types).toContain('pause-reply')
    expect(after(VOICE, sound('pause'), BARGE_IN).types).not.toContain('pause-reply')
    const stopped = after(VOICE, sound('pause'), BARGE_IN, { type: 'voice-stopped' })
    expect(stopped.types).not.toContain('pause-reply')
    expect(stopped.state.bargeInDue).toBe(false)
  })

  it('stops it where it goes on after all', () => {
    expect(after(VOICE, sound('pause'), BARGE_IN, sound('goes-on')).types).toContain('pause-reply')
    expect(after(VOICE, sound('pause'), sound('goes-on')).types).not.toContain('pause-reply')
  })
})

describe('a sound as loud as the caller', () => {
  it('makes the agent softer before it is known to be a voice, and never stops it', () => {
    const loud = after(sound('loud'))
    expect(loud.types).toEqual(['duck-reply'])
    expect(after(sound('loud'), sound('quiet')).types).toEqual(['unduck-reply'])
    expect(after(sound('loud'), VOICE).state).toMatchObject({ ducked: true, loud: false })
  })

  it('is somebody whose words are not the agent’s echo, though no voice was found', () => {
    const said = partial('one moment')
    expect(after(said).types).toEqual(['words-overheard'])
    expect(after(sound('loud'), sound('quiet'), said).types).toContain('interrupt')
  })

  it('does not where the line is noisy', () => {
    const noisy = { ...SPEAKS, noise: true, sound: true }
    expect(applyTurnRules(noisy, sound('loud'), RULES).actions).toEqual([])
  })
})
