import type { TurnAction, TurnRulesOptions, TurnState, TurnStep, TurnTimer } from './turn-state.ts'
import { endsInHalfOfOne, joinText, mayBecomeListeners, meaningfulWords, sameWords } from './turn-text.ts'

/** What several of the turn rules do. Pure. */

export function step(state: TurnState, ...actions: readonly TurnAction[]): TurnStep {
  return { state, actions }
}

export function start(timer: TurnTimer, ms: number): TurnAction {
  return { type: 'start-timer', timer, ms }
}

export function stop(timer: TurnTimer): TurnAction {
  return { type: 'stop-timer', timer }
}

/** The best text at hand for the running turn. */
export function saidText(state: TurnState): string {
  return joinText(state.finals, state.partial)
}

/**
 * How many words of the running turn are more than a listener's noise. Over the agent half a listener's word is none
 * until more of it comes, and "yes" is no answer where it asks nothing.
 */
export function meaning(state: TurnState, options: TurnRulesOptions): number {
  const phrases = listenersPhrases(state, options)
  const count = meaningfulWords(saidText(state), phrases)
  const { mayBeHalf } = options.bargeIn
  const half = isOverAgent(state) && count === 1 && endsInHalfOfOne(state.partial, phrases, mayBeHalf)
  return half ? 0 : count
}

/** The next words may show that the caller only listens. */
export function mayListen(state: TurnState, options: TurnRulesOptions): boolean {
  const { mode, standsAlone } = options.bargeIn
  if (mode !== 'speech' || !isOverAgent(state) || state.partial === '') return false
  return mayBecomeListeners(saidText(state), listenersPhrases(state, options), standsAlone)
}

function isOverAgent({ agent }: TurnState): boolean {
  return agent === 'speaking' || agent === 'paused'
}

function listenersPhrases(state: TurnState, { bargeIn, agentSaid }: TurnRulesOptions): readonly string[] {
  const listeners = bargeIn.backchannels()
  const agrees = isOverAgent(state) && !/[?？؟]/u.test(agentSaid())
  return agrees ? [...listeners, ...bargeIn.agreements()] : listeners
}

/** Nobody has more to say who only listens, or asks whether anybody is there: the answer is on its way. */
export function isWaiting(state: TurnState, { bargeIn, presence }: TurnRulesOptions): boolean {
  const phrases = [...bargeIn.backchannels(), ...presence()]
  // Of a partial the last phrase may be half said: "hello, are you".
  return state.answering && meaningfulWords(saidText(state), phrases, state.partial !== '') === 0
}

/** After that the turn is over, unless something comes. `silentMs`: how long ago the voice stopped. */
export function endpointTimer(state: TurnState, options: TurnRulesOptions, silentMs = 0): TurnAction {
  const waitMs = endpointWaitMs(state, options)
  // A sound that is not believed has no end that could be counted from.
  return start('endpoint', state.noise ? waitMs : Math.max(0, waitMs - silentMs))
}

/** From when the voice stopped. */
export function endpointWaitMs(state: TurnState, options: TurnRulesOptions): number {
  // The words of somebody who listens, or waits, are no beginning of a sentence, whatever they look like.
  const listens = state.agent !== 'silent' && (meaning(state, options) === 0 || isWaiting(state, options))
  return options.waitMs(listens ? '' : saidText(state), state)
}

export function bargeInTimer(state: TurnState, options: TurnRulesOptions): readonly TurnAction[] {
  if (options.bargeIn.mode !== 'speech' || state.shielded) return []
  return [start('barge-in', options.bargeIn.minSpeechMs)]
}

/** Both sides are silent from now on. */
export function startIdle(state: TurnState, options: TurnRulesOptions): TurnStep {
  // A prompt asks something, too: what is waited for is still the answer to the question before it.
  const awaited = state.idlePrompts === 0 ? options.idle.awaited(state.lastTurn) : state.awaited
  const { afterMs } = options.idle.patience(awaited, state.idlePrompts)
  return afterMs === 0 ? step(state) : step({ ...state, awaited, idle: 'running' }, start('idle', afterMs))
}

/** While the turn's end is waited for, its reply is made, in case these are all the words. */
export function prepare(
  state: TurnState,
  actions: readonly TurnAction[],
  options: TurnRulesOptions,
): TurnStep {
  const text = saidText(state)
  if (!options.preemptive || state.agent !== 'silent' || state.continued || state.keying)
    return step(state, ...actions)
  if (text === '' || sameWords(state.prepared, text)) return step(state, ...actions)
  return step({ ...state, prepared: text }, ...actions, { type: 'prepare-reply', text })
}

export function endTurn(state: TurnState): TurnStep {
  const text = saidText(state)
  const turn = state.continued ? state.turn : state.turn + 1
  const next: TurnState = {
    ...state,
    turn,
    agent: 'thinking',
    answering: true,
    shielded: false,
    held: false,
    finals: '',
    partial: '',
    answeredFinals: state.finals,
    answeredPartial: state.partial,
    segmentOpen: state.partial !== '',
    // A sound that is not believed starts no new segment: what comes is told apart by its words.
    voiceSinceTurn: state.noise,
    loudSinceTurn: false,
    continued: false,
    doneProbability: undefined,
    toldDone: false,
    tookFloor: false,
    prepared: '',
    turnDue: false,
    unclear: false,
    unclearAsked: 0,
    idle: 'off',
    idlePrompts: 0,
    // Voice that had its words, and is over, is answered: a cough behind it has a wait of its own.
    unworded: state.unworded && state.sound,
  }
  const answered = next.unworded ? [] : [stop('wordless')]
  return step(next, ...answered, stop('endpoint'), stop('prepare'), stop('idle'), {
    type: state.continued ? 'restart-reply' : 'start-reply',
    turn,
    text,
  })
}

/** Words that were no more than a listener's noise; their segment may still go on. */
export function forgetWords(state: TurnState): TurnState {
  return {
    ...state,
    finals: '',
    partial: '',
    answeredFinals: '',
    answeredPartial: state.partial,
    segmentOpen: state.partial !== '',
    voiceSinceTurn: true,
  }
}

/** The same of a caller who waits: the turn that is being answered may yet go on. */
export function forgetWaiting(state: TurnState): TurnState {
  return { ...forgetWords(state), answeredFinals: joinText(state.answeredFinals, state.answeredPartial) }
}

/** Speaks a text of the configuration. */
export function sayText(state: TurnState, text: string, thenHangUp: boolean): TurnStep {
  const next: TurnState = {
    ...state,
    agent: 'thinking',
    answering: false,
    idle: 'off',
    answeredFinals: '',
    answeredPartial: '',
    segmentOpen: false,
  }
  return step(next, stop('idle'), { type: 'say', text, thenHangUp })
}
