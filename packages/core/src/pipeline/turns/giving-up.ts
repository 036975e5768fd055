import type { TurnEvent, TurnRulesOptions, TurnState, TurnStep, TurnTimer } from './turn-state.ts'
import { start, step, stop } from './turn-steps.ts'

/** The turn rules for the end of a call that nothing comes of: 31 and 32. Pure. */

const TIMERS: readonly TurnTimer[] = ['endpoint', 'prepare', 'barge-in', 'false-start', 'idle', 'quiet']

/** The last words are said. While the caller speaks they wait, but not for a noise that never ends. */
export function giveUp(state: TurnState, { noiseAfterMs }: TurnRulesOptions): TurnStep {
  const held = state.voice
  const next: TurnState = {
    ...state,
    givingUp: true,
    agent: 'thinking',
    answering: false,
    shielded: true,
    held,
    prepared: '',
    turnDue: false,
    idle: 'off',
  }
  return step(
    next,
    ...TIMERS.map(stop),
    ...(state.prepared === '' ? [] : [{ type: 'discard-prepared' as const }]),
    { type: 'give-up' },
    ...(held ? [{ type: 'hold-reply' as const }, start('wordless', noiseAfterMs)] : [stop('wordless')]),
  )
}

/** Nothing the caller says or presses stops the last words, and nothing is answered any more: nobody could. */
export function whileGivingUp(state: TurnState, event: TurnEvent): TurnStep {
  const quiet = event.type === 'voice-stopped' || (event.type === 'timer' && event.timer === 'wordless')
  if (!state.held || !quiet) return step(state)
  return step({ ...state, held: false }, stop('wordless'), { type: 'release-reply' })
}
