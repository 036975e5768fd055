import { describe, expect, it } from 'vitest'
import { applyTurnRules } from '../../../src/pipeline/turns/turn-rules.ts'
import { INITIAL_TURN_STATE, type TurnEvent, type TurnState } from '../../../src/pipeline/turns/turn-state.ts'
import { saidText } from '../../../src/pipeline/turns/turn-steps.ts'
import { OPTIONS } from './rules-options.ts'

const SAYS = {
  ...OPTIONS,
  agentSaid: () => 'There are three plans that would fit you, the small one has ten.',
}
const SPEAKS: TurnState = {
  ...INITIAL_TURN_STATE,
  agent: 'speaking',
  turn: 1,
  voice: true,
  voiceSinceTurn: true,
}

/** The events one after the other; what was done, without timers. */
function after(state: TurnState, ...events: readonly TurnEvent[]) {
  const actions: string[] = []
  for (const event of events) {
    const step = applyTurnRules(state, event, SAYS)
    state = step.state
    actions.push(...step.actions.map(({ type }) => type).filter((type) => !type.endsWith('-timer')))
  }
  return { state, actions }
}

const partial = (text: string, ownShare?: number): TurnEvent => ({
  type: 'partial',
  text,
  ...(ownShare !== undefined && { ownShare }),
})
const final = (text: string, ownShare?: number): TurnEvent => ({
  type: 'final',
  text,
  ...(ownShare !== undefined && { ownShare }),
})

describe('words that a recogniser makes of the agent’s echo', () => {
  it('are left out although a voice was believed, where most of the sound was its echo', () => {
    const { state, actions } = after(SPEAKS, partial('there are', 0.7), partial('there are three pl', 0.7))
    expect(actions).toEqual(['words-overheard', 'words-overheard'])
    expect(saidText(state)).toBe('')
  })

  it('are left out whatever they are where all of the sound was its echo', () => {
    expect(after(SPEAKS, partial('fair tree', 1)).actions).toEqual(['words-overheard'])
  })

  it('wait for the next ones while their sound is still looked for in what was played', () => {
    const likely = (text: string): TurnEvent => ({ ...partial(text), likelyOwn: true }) as TurnEvent
    const { state, actions } = after(SPEAKS, likely('there are'))
    expect(actions).toEqual(['words-overheard'])
    // It was a caller after all, or the agent after all.
    expect(after(state, partial('there are')).actions).toEqual(['interrupt'])
    expect(after(state, partial('there are three', 0.7)).actions).toEqual(['words-overheard'])
    // Other words are nobody else's, and a final would not come again.
    expect(after(SPEAKS, likely('are there')).actions).toEqual(['interrupt'])
    expect(after(SPEAKS, { ...final('there are'), likelyOwn: true } as TurnEvent).actions).toContain(
      'interrupt',
    )
  })

  it('are left out of the final, too, long after the agent has spoken', () => {
    const { state, actions } = after(
      SPEAKS,
      partial('there are three', 0.9),
      { type: 'voice-stopped', isOwn: true },
      { type: 'agent-silent' },
      final('There are three.'),
    )
    expect(actions).toEqual(['words-overheard', 'words-overheard'])
    expect(saidText(state)).toBe('')
    expect(after(state, partial('three please')).state.partial).toBe('three please')
  })

  it('go on word for word while the echo is not known for a moment', () => {
    const { actions } = after(SPEAKS, partial('there are three', 1), partial('there are three plans that'))
    expect(actions).toEqual(['words-overheard', 'words-overheard'])
  })

  it('are taken from those of a caller who speaks behind them', () => {
    const { state, actions } = after(
      SPEAKS,
      partial('there are three', 1),
      partial('there are three wait', 0.5),
      final('There are three wait a moment.', 0.2),
    )
    expect(actions.slice(0, 2)).toEqual(['words-overheard', 'interrupt'])
    expect(saidText(state)).toBe('wait a moment.')
  })
})

describe('a caller on a line with an echo', () => {
  it('is heard in the words of the agent, said with a voice of their own', () => {
    expect(after(SPEAKS, partial('the small one', 0.5)).actions).toEqual(['interrupt'])
    expect(after(SPEAKS, partial('the small one')).actions).toEqual(['interrupt'])
  })

  it('is heard in other words although the echo is louder', () => {
    expect(after(SPEAKS, partial('wait', 0.8)).actions).toEqual(['interrupt'])
  })
})

describe('a voice that was the agent’s echo', () => {
  const paused: TurnState = { ...SPEAKS, agent: 'paused' }

  it('lets a paused reply go on at once, and an unheard one be heard', () => {
    expect(after(paused, { type: 'voice-stopped', isOwn: true }).actions).toEqual(['resume-reply'])
    const held: TurnState = { ...SPEAKS, agent: 'thinking', held: true }
    expect(after(held, { type: 'voice-stopped', isOwn: true }).actions).toEqual(['release-reply'])
  })

  it('is waited behind for words where it was somebody’s', () => {
    expect(after(paused, { type: 'voice-stopped' }).actions).toEqual([])
  })
})
