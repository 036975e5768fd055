import type { TurnAction, TurnRulesOptions, TurnState, TurnStep } from './turn-state.ts'
import { bargeInTimer, endpointTimer, prepare, saidText, start, startIdle, step, stop } from './turn-steps.ts'

/**
 * The turn rules for voice: 1 to 5, and what keeps a television from muting the agent: 22, 23. Pure.
 * `voice` is what is believed; `sound` is what the detector says.
 */

/** Final words that have stood this long are answered although voice goes on. */
export const FINAL_STANDS_MS = 3000
/** So long without voice, and the line is quiet again: the next voice is believed. */
export const QUIET_MS = 2000
/** Behind a voice without words that was still on when the idle caller was due. */
const IDLE_GRACE_MS = 1500

/** Somebody speaks who is not the caller, while the agent has the word. */
export function otherVoiceStarted(state: TurnState): TurnStep {
  return step({ ...state, overheard: true, loud: false })
}

export function voiceStarted(
  before: TurnState,
  pausedMs: number | undefined,
  options: TurnRulesOptions,
): TurnStep {
  const state = {
    ...before,
    overheard: false,
    loud: false,
    pauses: false,
    bargeInDue: false,
    doneProbability: undefined,
    toldDone: false,
    longestPauseMs: longestPauseMs(before, pausedMs),
  }
  if (state.noise) return step({ ...state, sound: true, finalStands: false }, stop('quiet'))
  const actions: TurnAction[] = [stop('endpoint'), stop('prepare'), stop('false-start'), stop('quiet')]
  if (state.agent === 'speaking') actions.push(...bargeInTimer(state, options))
  const held = state.agent === 'thinking' && !state.shielded
  if (held && !state.held) actions.push({ type: 'hold-reply' })
  const next: TurnState = {
    ...state,
    voice: true,
    sound: true,
    voiceSinceTurn: true,
    finalStands: false,
    held: held || state.held,
  }
  // Not anew with each voice: a television pauses, too.
  if (!state.unworded) actions.push(wordlessTimer(next, options))
  return step({ ...next, unworded: true }, ...actions)
}

/** After a longer silence a caller does not go on, but asks whether anybody is there. */
const LONGEST_OWN_PAUSE_MS = 900

/** The caller was silent in the middle of a turn; or was taken to be done, and goes on before an answer was heard. */
function longestPauseMs(state: TurnState, pausedMs: number | undefined): number {
  const { agent, answering } = state
  const inTurn = agent === 'silent' ? saidText(state) !== '' : agent === 'thinking' && answering
  const isPause = pausedMs !== undefined && pausedMs <= LONGEST_OWN_PAUSE_MS && inTurn
  return isPause ? Math.max(state.longestPauseMs, pausedMs) : state.longestPauseMs
}

/** `isOwn`: it was the agent's, which came back: no words are waited for. */
export function voiceStopped(before: TurnState, isOwn: boolean, options: TurnRulesOptions): TurnStep {
  const stopped = callerStopped(before, options)
  if (!isOwn || saidText(before) !== '') return stopped
  const goesOn = falseStart(stopped.state)
  return step(goesOn.state, ...stopped.actions, ...goesOn.actions)
}

function callerStopped(before: TurnState, options: TurnRulesOptions): TurnStep {
  const state = { ...before, pauses: false, bargeInDue: false }
  // What the detector heard was somebody else, and their words may still come.
  if (state.overheard && !state.sound) return step(state)
  const quiet = start('quiet', QUIET_MS)
  if (state.noise) return step({ ...state, sound: false }, quiet)
  return fellSilent({ ...state, voice: false, sound: false }, [quiet], options)
}

/** Voice has gone on, or come again and again, without new words. */
export function takenForNoise(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (!state.unworded) return step(state)
  const next = { ...state, noise: true, unworded: false, unclear: false, voice: false }
  return state.voice ? fellSilent(next, [], options) : step(next)
}

export function lineIsQuiet(state: TurnState): TurnStep {
  return step({ ...state, noise: false, unworded: false }, stop('wordless'))
}

/** New words: whatever sounds is the caller, and the wait for words begins anew. */
export function wordsAreHere(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (state.voice) return step({ ...state, unworded: true }, wordlessTimer(state, options))
  return step({ ...state, unworded: false, noise: state.noise && state.sound }, stop('wordless'))
}

export function falseStart(state: TurnState): TurnStep {
  if (state.voice) return step(state)
  if (state.agent === 'paused') return step({ ...state, agent: 'speaking' }, { type: 'resume-reply' })
  if (state.held) return step({ ...state, held: false }, { type: 'release-reply' })
  return step(state)
}

function fellSilent(state: TurnState, begun: readonly TurnAction[], options: TurnRulesOptions): TurnStep {
  const text = saidText(state)
  const actions = [...begun, stop('barge-in')]
  if (text !== '') return prepare(state, [...actions, endpointTimer(state, options)], options)
  if (state.unclear && state.agent === 'silent') {
    return step(state, ...actions, endpointTimer(state, options))
  }
  if (state.agent === 'paused' || state.held) {
    return step(state, ...actions, start('false-start', options.bargeIn.falseStartMs))
  }
  if (state.agent !== 'silent' || state.idle === 'running') return step(state, ...actions)
  if (state.idle === 'due')
    return step({ ...state, idle: 'running' }, ...actions, start('idle', IDLE_GRACE_MS))
  const idle = startIdle(state, options)
  return step(idle.state, ...actions, ...idle.actions)
}

function wordlessTimer({ finals, partial }: TurnState, { noiseAfterMs }: TurnRulesOptions): TurnAction {
  const final = finals !== '' && partial === ''
  return start('wordless', final ? Math.min(FINAL_STANDS_MS, noiseAfterMs) : noiseAfterMs)
}
