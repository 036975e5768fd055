import { joinText, meaningfulWords, sameWords, textAfter, wordsOf } from './turn-text.ts'
import type { TurnAction, TurnEvent, TurnRulesOptions, TurnState, TurnStep, TurnTimer } from './turn-state.ts'

/**
 * Who speaks when. Pure: (state, event) -> (state, actions). Clocks and stages belong to `turn-loop.ts`.
 *
 * | #  | event                | when                                     | then                                          |
 * |----|----------------------|------------------------------------------|-----------------------------------------------|
 * |  1 | voice started        | always                                   | endpoint, prepare, false-start, idle stop     |
 * |  2 | voice started        | agent speaking, barge-in by speech       | the barge-in timer starts (`minSpeechMs`)     |
 * |  3 | voice started        | agent thinking                           | the unheard reply is held back                |
 * |  4 | voice stopped        | there are words                          | the endpoint timer starts (`waitMs(words)`);  |
 * |    |                      |                                          | agent silent: a reply is prepared on them     |
 * |  5 | voice stopped        | no words, reply paused or held           | the false-start timer starts                  |
 * |  6 | words changed        | caller silent                            | as 4 (so a short answer whose words come      |
 * |    |                      |                                          | after the voice is not swallowed); on a       |
 * |    |                      |                                          | partial once it has stood for the debounce    |
 * |  7 | words changed        | another reply was prepared               | it is discarded                               |
 * |  8 | words changed        | agent thinking                           | the reply is given up, its turn goes on       |
 * |  9 | words, no backchannel| reply paused                             | the reply is given up                         |
 * | 10 | words, no backchannel| agent speaking, enough by the mode       | interrupt                                     |
 * | 11 | endpoint timer       | words, agent silent                      | the turn ends; one reply starts on them       |
 * | 12 | endpoint timer       | only backchannels, agent speaking/paused | they are forgotten; a paused reply goes on    |
 * | 13 | endpoint timer       | words, agent speaking                    | by speech: interrupt, the turn ends; else the |
 * |    |                      |                                          | turn waits for the agent to finish            |
 * | 14 | barge-in timer       | both speaking, no backchannel            | the reply is paused (words: interrupt)        |
 * | 15 | false-start timer    | reply paused, held                       | it goes on, is released                       |
 * | 16 | late final           | says what was answered                   | nothing                                       |
 * | 17 | late final, partial  | other words, agent thinking              | the reply starts anew on the new text         |
 * | 18 | late final           | other words, agent speaking or paused    | the history is corrected                      |
 * | 19 | agent silent         | a turn waits; else caller silent         | the turn ends; the idle timer starts          |
 * | 20 | idle timer           | both silent                              | next prompt, then farewell and hang-up        |
 * | 21 | key; keys            | by option; always                        | interrupt; the turn ends with them            |
 *
 * "Late" is what comes for the segment that was open when the turn ended, with no new voice since. With new voice,
 * only what goes beyond the answered words counts as said. A final is a segment and never ends a turn.
 */
export function applyTurnRules(state: TurnState, event: TurnEvent, options: TurnRulesOptions): TurnStep {
  switch (event.type) {
    case 'voice-started':
      return voiceStarted(state, options)
    case 'voice-stopped':
      return voiceStopped(state, options)
    case 'partial':
    case 'final':
      return wordsCame(state, event.text, event.type === 'final', options)
    case 'key':
      return keyPressed(state, options)
    case 'keys':
      return keysCame(state, event.text, options)
    case 'timer':
      return TIMER_RULES[event.timer](state, options)
    case 'agent-begins':
      return step({ ...state, agent: 'thinking', answering: false, shielded: event.shielded }, stop('idle'))
    case 'agent-speaking':
      return agentSpeaking(state, options)
    case 'agent-silent':
      return agentSilent(state, options)
  }
}

/** The best text at hand for the running turn. */
export function saidText(state: TurnState): string {
  return joinText(state.finals, state.partial)
}

const TIMER_RULES: Readonly<Record<TurnTimer, (state: TurnState, options: TurnRulesOptions) => TurnStep>> = {
  endpoint: endpointReached,
  'barge-in': bargeIn,
  'false-start': falseStart,
  prepare: (state, options) => (state.voice ? step(state) : prepare(state, [], options)),
  idle: idleCaller,
}

function voiceStarted(state: TurnState, options: TurnRulesOptions): TurnStep {
  const actions: TurnAction[] = [stop('endpoint'), stop('prepare'), stop('false-start'), stop('idle')]
  if (state.agent === 'speaking') actions.push(...bargeInTimer(state, options))
  const held = state.agent === 'thinking' && !state.shielded
  if (held && !state.held) actions.push({ type: 'hold-reply' })
  return step({ ...state, voice: true, voiceSinceTurn: true, held: held || state.held }, ...actions)
}

function voiceStopped(state: TurnState, options: TurnRulesOptions): TurnStep {
  const text = saidText(state)
  const next: TurnState = { ...state, voice: false, bargeInDue: false }
  const actions: TurnAction[] = [stop('barge-in')]
  if (text !== '') {
    actions.push(start('endpoint', options.waitMs(text)))
    return prepare(next, actions, options)
  } else if (state.agent === 'paused' || state.held) {
    actions.push(start('false-start', options.bargeIn.falseStartMs))
  } else if (state.agent === 'silent') {
    actions.push(...idleTimer(options))
  }
  return step(next, ...actions)
}

function wordsCame(state: TurnState, said: string, final: boolean, options: TurnRulesOptions): TurnStep {
  const late = state.segmentOpen && !state.voiceSinceTurn && state.agent !== 'silent'
  if (late) return lateWords(state, said, final)
  const text = state.segmentOpen ? textAfter(state.answeredPartial, said) : said.trim()
  const next: TurnState = final
    ? { ...state, finals: joinText(state.finals, text), partial: '', segmentOpen: false }
    : { ...state, partial: text }
  if (sameWords(saidText(next), saidText(state))) return step(next)
  return newWords(next, final, options)
}

function newWords(state: TurnState, final: boolean, options: TurnRulesOptions): TurnStep {
  const actions: TurnAction[] = [stop('idle')]
  let next = state
  if (next.agent === 'thinking' && !next.shielded) {
    // Nothing of the reply was heard: what comes now belongs to the turn that it answers, if it answers one.
    actions.push({ type: 'cancel-reply' })
    next = next.answering ? reopenTurn(next) : { ...next, agent: 'silent', held: false }
  } else if (next.agent === 'paused' && meaning(next, options) > 0) {
    actions.push({ type: 'cancel-reply' })
    next = { ...next, agent: 'silent' }
  } else if (next.agent === 'speaking' && wordsInterrupt(next, options)) {
    actions.push({ type: 'interrupt' }, stop('barge-in'))
    next = { ...next, agent: 'silent', bargeInDue: false }
  }
  if (next.prepared !== '' && !sameWords(next.prepared, saidText(next))) {
    actions.push({ type: 'discard-prepared' })
    next = { ...next, prepared: '' }
  }
  if (next.voice) return step(next, ...actions)
  if (saidText(next) === '') return wordsTakenBack(next, actions, options)
  actions.push(stop('false-start'), start('endpoint', options.waitMs(saidText(next))))
  if (final) return prepare(next, [...actions, stop('prepare')], options)
  // Partials come in bursts: only one that stands is worth asking the model.
  return step(next, ...actions, start('prepare', options.prepareAfterMs))
}

/** A final took back what partials had said: there is no turn to end, and whoever waited for words goes on. */
function wordsTakenBack(
  state: TurnState,
  actions: readonly TurnAction[],
  options: TurnRulesOptions,
): TurnStep {
  const stopped = [...actions, stop('endpoint'), stop('prepare')]
  if (state.agent === 'paused' || state.held) {
    return step(state, ...stopped, start('false-start', options.bargeIn.falseStartMs))
  }
  return step(state, ...stopped, ...(state.agent === 'silent' ? idleTimer(options) : []))
}

/** While the turn's end is waited for, its reply is made, in case these are all the words. */
function prepare(state: TurnState, actions: readonly TurnAction[], options: TurnRulesOptions): TurnStep {
  const text = saidText(state)
  if (!options.preemptive || state.agent !== 'silent' || state.continued) return step(state, ...actions)
  if (text === '' || sameWords(state.prepared, text)) return step(state, ...actions)
  return step({ ...state, prepared: text }, ...actions, { type: 'prepare-reply', text })
}

/** Puts the words of the answered turn in front of the new ones. */
function reopenTurn(state: TurnState): TurnState {
  return {
    ...state,
    agent: 'silent',
    held: false,
    continued: true,
    finals: joinText(state.answeredFinals, state.answeredPartial, state.finals),
  }
}

function wordsInterrupt(state: TurnState, options: TurnRulesOptions): boolean {
  if (state.shielded) return false
  const { mode, minWords } = options.bargeIn
  const words = meaning(state, options)
  if (mode === 'words') return words >= minWords
  return mode === 'speech' && words > 0 && (state.bargeInDue || !options.hasVad)
}

function lateWords(state: TurnState, said: string, final: boolean): TurnStep {
  const next: TurnState = { ...state, segmentOpen: !final }
  if (wordsOf(said).length === 0 || sameWords(said, state.answeredPartial)) return step(next)
  const text = joinText(state.answeredFinals, said)
  const { turn } = state
  if (state.agent === 'thinking') {
    return step({ ...next, answeredPartial: said.trim() }, { type: 'restart-reply', turn, text })
  }
  // A partial may still change; only the final is worth correcting what was said.
  if (!final) return step(next)
  return step({ ...next, answeredPartial: said.trim() }, { type: 'correct-history', turn, text })
}

function endpointReached(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (saidText(state) === '' || state.voice) return step(state)
  if (state.agent === 'silent' || state.agent === 'thinking') return endTurn(state)
  if (meaning(state, options) === 0) {
    const forgotten = forgetWords(state)
    if (state.agent !== 'paused') return step(forgotten)
    return step({ ...forgotten, agent: 'speaking' }, { type: 'resume-reply' })
  }
  if (options.bargeIn.mode === 'speech' && !state.shielded) {
    const ended = endTurn({ ...state, agent: 'silent' })
    return step(ended.state, { type: 'interrupt' }, ...ended.actions)
  }
  return step({ ...state, turnDue: true })
}

/** Words that were no more than a listener's noise; their segment may still go on. */
function forgetWords(state: TurnState): TurnState {
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

function endTurn(state: TurnState): TurnStep {
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
    voiceSinceTurn: false,
    continued: false,
    prepared: '',
    turnDue: false,
    idlePrompts: 0,
  }
  return step(next, stop('endpoint'), stop('prepare'), stop('idle'), {
    type: state.continued ? 'restart-reply' : 'start-reply',
    turn,
    text,
  })
}

function bargeIn(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (!state.voice || state.agent !== 'speaking' || state.shielded) return step(state)
  const said = saidText(state) !== ''
  if (said && meaning(state, options) === 0) return step({ ...state, bargeInDue: true })
  if (said) return step({ ...state, agent: 'silent' }, { type: 'interrupt' })
  return step({ ...state, agent: 'paused' }, { type: 'pause-reply' })
}

function falseStart(state: TurnState): TurnStep {
  if (state.voice) return step(state)
  if (state.agent === 'paused') return step({ ...state, agent: 'speaking' }, { type: 'resume-reply' })
  if (state.held) return step({ ...state, held: false }, { type: 'release-reply' })
  return step(state)
}

function agentSpeaking(state: TurnState, options: TurnRulesOptions): TurnStep {
  const next: TurnState = { ...state, agent: 'speaking', held: false }
  return step(next, stop('idle'), ...(state.voice ? bargeInTimer(next, options) : []))
}

function agentSilent(state: TurnState, options: TurnRulesOptions): TurnStep {
  const next: TurnState = { ...state, agent: 'silent', shielded: false, held: false, bargeInDue: false }
  const actions: TurnAction[] = [stop('barge-in'), stop('false-start')]
  if (next.turnDue && !next.voice && saidText(next) !== '') {
    const ended = endTurn(next)
    return step(ended.state, ...actions, ...ended.actions)
  }
  if (!next.voice && saidText(next) === '') actions.push(...idleTimer(options))
  return step({ ...next, turnDue: false }, ...actions)
}

function idleCaller(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (state.agent !== 'silent' || state.voice || saidText(state) !== '') return step(state)
  const { prompts, farewell } = options.idle
  const prompt = prompts[state.idlePrompts]
  if (prompt === undefined && farewell === '') return step(state, { type: 'hang-up' })
  const say: TurnAction = { type: 'say', text: prompt ?? farewell, thenHangUp: prompt === undefined }
  return step(
    {
      ...state,
      agent: 'thinking',
      answering: false,
      idlePrompts: state.idlePrompts + 1,
      answeredFinals: '',
      answeredPartial: '',
      segmentOpen: false,
    },
    say,
  )
}

function keyPressed(state: TurnState, options: TurnRulesOptions): TurnStep {
  const interrupts = options.keysInterrupt && !state.shielded && state.agent !== 'silent'
  if (!interrupts) return step(state, stop('idle'))
  const action: TurnAction = { type: state.agent === 'speaking' ? 'interrupt' : 'cancel-reply' }
  return step(
    { ...state, agent: 'silent', held: false, bargeInDue: false },
    stop('idle'),
    stop('barge-in'),
    stop('false-start'),
    action,
  )
}

function keysCame(state: TurnState, text: string, options: TurnRulesOptions): TurnStep {
  const next: TurnState = { ...state, finals: joinText(saidText(state), text), partial: '' }
  if (next.agent === 'silent') return withoutPrepared(endTurn(next), state)
  if (next.agent === 'speaking' && (next.shielded || !options.keysInterrupt))
    return step({ ...next, turnDue: true })
  const ended = endTurn({ ...next, agent: 'silent' })
  return step(
    ended.state,
    { type: next.agent === 'speaking' ? 'interrupt' : 'cancel-reply' },
    ...ended.actions,
  )
}

function withoutPrepared(ended: TurnStep, before: TurnState): TurnStep {
  if (before.prepared === '') return ended
  return step(ended.state, { type: 'discard-prepared' }, ...ended.actions)
}

function meaning(state: TurnState, options: TurnRulesOptions): number {
  return meaningfulWords(saidText(state), options.bargeIn.backchannels())
}

function bargeInTimer(state: TurnState, options: TurnRulesOptions): readonly TurnAction[] {
  if (options.bargeIn.mode !== 'speech' || state.shielded) return []
  return [start('barge-in', options.bargeIn.minSpeechMs)]
}

function idleTimer(options: TurnRulesOptions): readonly TurnAction[] {
  return options.idle.afterMs === 0 ? [] : [start('idle', options.idle.afterMs)]
}

function start(timer: TurnTimer, ms: number): TurnAction {
  return { type: 'start-timer', timer, ms }
}

function stop(timer: TurnTimer): TurnAction {
  return { type: 'stop-timer', timer }
}

function step(state: TurnState, ...actions: readonly TurnAction[]): TurnStep {
  return { state, actions }
}
