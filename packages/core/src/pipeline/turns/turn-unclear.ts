import type { TurnRulesOptions, TurnState, TurnStep } from './turn-state.ts'
import { endpointTimer, sayText, startIdle, step, stop } from './turn-steps.ts'
import { meaningfulWords } from './turn-text.ts'

/**
 * What the recogniser is not sure of: the turn rules 29 and 30. Pure. Mumbling is nothing the model should be asked:
 * its words are dropped, and the caller is asked to say it again where nobody speaks. Not time and again: somebody
 * else's talk in the room is mumbling too.
 */

/** Asked so often in a row, until words are understood. */
export const MAX_ASKED_AGAIN = 2

/** The words are taken back already; `step` is what that has led to. */
export function unclearWords(taken: TurnStep, text: string, options: TurnRulesOptions): TurnStep {
  const { state, actions } = taken
  const nothingSaid = state.finals === '' && state.partial === ''
  const matters = meaningfulWords(text, options.bargeIn.backchannels()) > 0
  if (!nothingSaid || !matters || state.agent !== 'silent' || state.noise) return taken
  const next = { ...state, unclear: true }
  return state.voice ? step(next, ...actions) : step(next, ...actions, endpointTimer(state, options))
}

/** The caller is silent, and nothing else was said. */
export function askAgain(state: TurnState, options: TurnRulesOptions): TurnStep {
  const next = { ...state, unclear: false }
  const { line } = options.unclear
  if (line !== '' && state.unclearAsked < MAX_ASKED_AGAIN) {
    return sayText({ ...next, unclearAsked: state.unclearAsked + 1 }, line, false)
  }
  const idle = startIdle(next, options)
  return step(idle.state, stop('endpoint'), ...idle.actions)
}
