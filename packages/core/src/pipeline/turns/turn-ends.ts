import { falseStart } from './turn-noise.ts'
import type { TurnEvent, TurnRulesOptions, TurnState, TurnStep } from './turn-state.ts'
import {
  endpointTimer,
  endTurn,
  forgetWaiting,
  forgetWords,
  isWaiting,
  meaning,
  prepare,
  saidText,
  step,
  stop,
} from './turn-steps.ts'
import { askAgain } from './turn-unclear.ts'
import { MAX_MISSED_ENDS } from './turn-wait.ts'

/**
 * How a turn ends: the turn rules 11 to 13 and 33, by a wait that is over, and 38 to 42, by the recogniser's own word.
 * Pure.
 */

/** The wait is over. */
export function endpointReached(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (state.voice || state.keying) return step(state)
  const done = callerIsDone(state, options)
  const isOver = done.actions.some(({ type }) => type === 'start-reply' || type === 'restart-reply')
  if (!isOver || !judgedByStt(state, options)) return done
  const missed = { ...done.state, missedEnds: state.missedEnds + 1 }
  return step(missed, { type: 'turn-end-missed' }, ...done.actions)
}

/** Only a silence that is still being waited out: whoever spoke again, or is being answered, is not judged. */
export function turnJudged(
  state: TurnState,
  { doneProbability, silentMs }: Extract<TurnEvent, { type: 'turn-judged' }>,
  options: TurnRulesOptions,
): TurnStep {
  if (state.voice || state.noise || state.keying || state.agent !== 'silent') return step(state)
  const judged = { ...state, doneProbability }
  return saidText(judged) === '' ? step(judged) : step(judged, endpointTimer(judged, options, silentMs))
}

/** The recogniser says that the caller is done. */
export function toldDone(
  before: TurnState,
  { sure, silentMs }: Extract<TurnEvent, { type: 'told-done' }>,
  options: TurnRulesOptions,
): TurnStep {
  const state = { ...before, missedEnds: 0 }
  if (state.keying || saidText(state) === '') return step(state)
  if (judgedByStt(state, options)) return sure ? callerIsDone(state, options) : prepare(state, [], options)
  if (!sure || state.agent !== 'silent') return step(state)
  const told = { ...state, toldDone: true }
  return state.voice ? step(told) : step(told, endpointTimer(told, options, silentMs))
}

/** It takes that back: there is no use for a reply to the words so far. */
export function toldResumed(before: TurnState): TurnStep {
  const state = { ...before, toldDone: false }
  if (state.prepared === '') return step(state, stop('prepare'))
  return step({ ...state, prepared: '' }, stop('prepare'), { type: 'discard-prepared' })
}

/** The recogniser judges the turns of this call, and does so now. */
function judgedByStt({ missedEnds }: TurnState, { sttJudges }: TurnRulesOptions): boolean {
  return missedEnds < MAX_MISSED_ENDS && sttJudges()
}

function callerIsDone(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (saidText(state) === '') {
    return state.unclear && state.agent === 'silent' ? askAgain(state, options) : step(state)
  }
  if (state.agent === 'silent') return endTurn(state)
  if (state.agent === 'thinking' && !state.shielded) {
    return isWaiting(state, options) ? falseStart(forgetWaiting(state)) : endTurn(state)
  }
  if (meaning(state, options) === 0) return falseStart(forgetWords(state))
  if (options.bargeIn.mode === 'speech' && !state.shielded) {
    const ended = endTurn({ ...state, agent: 'silent' })
    return step(ended.state, { type: 'interrupt', by: 'caller' }, ...ended.actions)
  }
  return step({ ...state, turnDue: true })
}
