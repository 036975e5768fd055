import { joinText, sameWords, textAfter, wordsOf } from './turn-text.ts'

/**
 * Who speaks when. Pure: (state, event) -> (state, actions). Clocks and stages belong to `turn-loop.ts`.
 *
 * | # | event              | when                                    | then                                               |
 * |---|--------------------|-----------------------------------------|----------------------------------------------------|
 * | 1 | voice started      | always                                  | the endpoint timer stops                           |
 * | 2 | voice started      | agent speaking, barge-in by speech      | the barge-in timer starts (`minSpeechMs`)          |
 * | 3 | voice stopped      | always                                  | the barge-in timer stops                           |
 * | 4 | voice stopped      | there are words                         | the endpoint timer starts (`timeoutMs`)            |
 * | 5 | words changed      | caller silent                           | the endpoint timer starts anew (so a short answer  |
 * |   |                    |                                         | whose words come after the voice is not swallowed) |
 * | 6 | words changed      | agent active, no VAD, barge-in by speech| interrupt                                          |
 * | 7 | endpoint timer     | there are words                         | the turn ends; interrupt if the agent is active;   |
 * |   |                    |                                         | one reply starts on the best text at hand          |
 * | 8 | barge-in timer     | both still speaking                     | interrupt                                          |
 * | 9 | late final         | says what was answered                  | nothing                                            |
 * |10 | late final/partial | other words, no agent audio sent yet    | the reply starts anew on the new text              |
 * |11 | late final         | other words, agent already speaking     | the history is corrected                           |
 * |12 | reply audio        | —                                       | agent is speaking; if the caller is, too, the      |
 * |   |                    |                                         | barge-in timer starts                              |
 * |13 | reply ended        | —                                       | agent is silent                                    |
 *
 * "Late" is what comes for the segment that was still open when the turn ended, with no new voice since. With new
 * voice, only what goes beyond the answered words counts as said. `final` is a segment and never ends a turn.
 */
export interface TurnRulesOptions {
  readonly timeoutMs: number
  readonly bargeIn: { readonly mode: 'speech' | 'off'; readonly minSpeechMs: number }
  /** Whether voice events come at all; without them words alone decide. */
  readonly hasVad: boolean
}

export interface TurnState {
  readonly voice: boolean
  readonly agent: 'silent' | 'thinking' | 'speaking'
  /** Turns ended so far. */
  readonly turn: number
  /** Settled and still changing words of the running turn. */
  readonly finals: string
  readonly partial: string
  /** The turn being answered: its settled words, and the open segment's words that were answered early. */
  readonly answeredFinals: string
  readonly answeredPartial: string
  /** The open segment of the answered turn has not been closed by its final. */
  readonly segmentOpen: boolean
  /** New voice came since the turn ended. */
  readonly voiceSinceTurn: boolean
}

export type TurnEvent =
  | { readonly type: 'voice-started' }
  | { readonly type: 'voice-stopped' }
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'final'; readonly text: string }
  | { readonly type: 'timer'; readonly timer: TurnTimer }
  /** The first audio of a reply (or the greeting) went out. */
  | { readonly type: 'agent-speaking' }
  /** The reply is over: heard, failed or cancelled. */
  | { readonly type: 'agent-silent' }

export type TurnTimer = 'endpoint' | 'barge-in'

export type TurnAction =
  | { readonly type: 'start-timer'; readonly timer: TurnTimer; readonly ms: number }
  | { readonly type: 'stop-timer'; readonly timer: TurnTimer }
  | { readonly type: 'interrupt' }
  | { readonly type: 'start-reply'; readonly turn: number; readonly text: string }
  | { readonly type: 'restart-reply'; readonly turn: number; readonly text: string }
  | { readonly type: 'correct-history'; readonly turn: number; readonly text: string }

export interface TurnStep {
  readonly state: TurnState
  readonly actions: readonly TurnAction[]
}

export const INITIAL_TURN_STATE: TurnState = Object.freeze({
  voice: false,
  agent: 'silent',
  turn: 0,
  finals: '',
  partial: '',
  answeredFinals: '',
  answeredPartial: '',
  segmentOpen: false,
  voiceSinceTurn: false,
})

export function applyTurnRules(state: TurnState, event: TurnEvent, options: TurnRulesOptions): TurnStep {
  switch (event.type) {
    case 'voice-started':
      return voiceStarted(state, options)
    case 'voice-stopped':
      return voiceStopped(state, options)
    case 'partial':
    case 'final':
      return wordsCame(state, event, options)
    case 'timer':
      return event.timer === 'endpoint' ? endTurn(state) : bargeIn(state)
    case 'agent-speaking':
      return agentSpeaking(state, options)
    case 'agent-silent':
      return { state: { ...state, agent: 'silent' }, actions: [] }
  }
}

function voiceStarted(state: TurnState, options: TurnRulesOptions): TurnStep {
  const actions: TurnAction[] = [{ type: 'stop-timer', timer: 'endpoint' }]
  if (state.agent === 'speaking') actions.push(...bargeInTimer(options))
  return { state: { ...state, voice: true, voiceSinceTurn: true }, actions }
}

function voiceStopped(state: TurnState, options: TurnRulesOptions): TurnStep {
  const actions: TurnAction[] = [{ type: 'stop-timer', timer: 'barge-in' }]
  if (saidText(state) !== '') actions.push(endpointTimer(options))
  return { state: { ...state, voice: false }, actions }
}

function wordsCame(
  state: TurnState,
  event: { readonly type: 'partial' | 'final'; readonly text: string },
  options: TurnRulesOptions,
): TurnStep {
  if (state.segmentOpen && !state.voiceSinceTurn && state.agent !== 'silent') return lateWords(state, event)
  const text = state.segmentOpen ? textAfter(state.answeredPartial, event.text) : event.text.trim()
  const next: TurnState =
    event.type === 'final'
      ? {
          ...state,
          finals: joinText(state.finals, text),
          partial: '',
          segmentOpen: false,
        }
      : { ...state, partial: text }
  if (sameWords(saidText(next), saidText(state))) return { state: next, actions: [] }
  const actions: TurnAction[] = []
  let agent = state.agent
  if (agent !== 'silent' && !options.hasVad && options.bargeIn.mode === 'speech') {
    actions.push({ type: 'interrupt' })
    agent = 'silent'
  }
  if (!state.voice) actions.push(endpointTimer(options))
  return { state: { ...next, agent }, actions }
}

function lateWords(
  state: TurnState,
  event: { readonly type: 'partial' | 'final'; readonly text: string },
): TurnStep {
  const next: TurnState = { ...state, segmentOpen: event.type !== 'final' }
  const corrected = joinText(state.answeredFinals, event.text)
  if (wordsOf(event.text).length === 0 || sameWords(event.text, state.answeredPartial))
    return { state: next, actions: [] }
  const answered = { ...next, answeredPartial: event.text.trim() }
  if (state.agent === 'thinking') {
    return { state: answered, actions: [{ type: 'restart-reply', turn: state.turn, text: corrected }] }
  }
  if (event.type === 'partial') return { state: next, actions: [] }
  return { state: answered, actions: [{ type: 'correct-history', turn: state.turn, text: corrected }] }
}

function endTurn(state: TurnState): TurnStep {
  const text = saidText(state)
  if (text === '' || state.voice) return { state, actions: [] }
  const turn = state.turn + 1
  const actions: TurnAction[] = []
  if (state.agent !== 'silent') actions.push({ type: 'interrupt' })
  actions.push({ type: 'start-reply', turn, text })
  return {
    state: {
      ...state,
      turn,
      agent: 'thinking',
      finals: '',
      partial: '',
      answeredFinals: state.finals,
      answeredPartial: state.partial,
      segmentOpen: state.partial !== '',
      voiceSinceTurn: false,
    },
    actions,
  }
}

function agentSpeaking(state: TurnState, options: TurnRulesOptions): TurnStep {
  return { state: { ...state, agent: 'speaking' }, actions: state.voice ? bargeInTimer(options) : [] }
}

function bargeIn(state: TurnState): TurnStep {
  if (!state.voice || state.agent !== 'speaking') return { state, actions: [] }
  return { state: { ...state, agent: 'silent' }, actions: [{ type: 'interrupt' }] }
}

function bargeInTimer(options: TurnRulesOptions): readonly TurnAction[] {
  if (options.bargeIn.mode === 'off') return []
  return [{ type: 'start-timer', timer: 'barge-in', ms: options.bargeIn.minSpeechMs }]
}

function endpointTimer(options: TurnRulesOptions): TurnAction {
  return { type: 'start-timer', timer: 'endpoint', ms: options.timeoutMs }
}

/** The best text at hand for the running turn. */
export function saidText(state: TurnState): string {
  return joinText(state.finals, state.partial)
}
