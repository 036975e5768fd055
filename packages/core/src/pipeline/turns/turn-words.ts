import { withoutEcho } from './echo-words.ts'
import {
  addedWords,
  beyondOverdue,
  correctAnswered,
  correctInTurn,
  correctWhole,
  isStalePartial,
  lastFinalAgain,
  saysItAgain,
  settled,
} from './turn-finals.ts'
import { wordsAreHere } from './turn-noise.ts'
import type { TurnAction, TurnRulesOptions, TurnState, TurnStep, WordsHeard } from './turn-state.ts'
import {
  endpointTimer,
  endpointWaitMs,
  isWaiting,
  mayListen,
  meaning,
  prepare,
  saidText,
  start,
  startIdle,
  step,
  stop,
} from './turn-steps.ts'
import { unclearWords } from './turn-unclear.ts'
import { endOfTurn, endsInMark, joinText, sameWords, containsWords, textAfter, wordsOf } from './turn-text.ts'

/** The turn rules for words: 6 to 10, 16 to 18; for words that were said before see `turn-finals.ts`. Pure. */

export function wordsCame(state: TurnState, heard: WordsHeard, options: TurnRulesOptions): TurnStep {
  const beyond = withoutEcho(state, heard, options)
  if (beyond.text === undefined) return step(beyond.state, { type: 'words-overheard', text: heard.text })
  return callersWordsCame(beyond.state, { ...heard, text: beyond.text }, options)
}

function callersWordsCame(before: TurnState, heard: WordsHeard, options: TurnRulesOptions): TurnStep {
  const state = saysItAgain(before, heard) ? { ...before, segmentOpen: false, answeredPartial: '' } : before
  if (heard.type === 'final' && heard.unclear === true) {
    return unclearWords(callersWordsCame(state, { type: 'final', text: '' }, options), heard.text, options)
  }
  const final = heard.type === 'final'
  if (!final && isStalePartial(state, heard.text, options)) return step(state)
  const again = final ? saidAgain(state, heard, options) : undefined
  if (again) return again
  const said = beyondOverdue(state, heard.text)
  const late = state.segmentOpen && !state.voiceSinceTurn && state.agent !== 'silent'
  if (late) return lateWords(state, heard, said, options)
  if (isNotTheCaller(state, said, options)) return step(state, { type: 'words-overheard', text: said })
  const { text, cumulative } = addedWords(
    state,
    state.segmentOpen ? textAfter(state.answeredPartial, said) : said,
  )
  const next: TurnState = final
    ? {
        ...settled({ ...state, cumulative }, heard, text, options),
        finals: endOfTurn(joinText(state.finals, text)),
        partial: '',
        segmentOpen: false,
      }
    : {
        ...state,
        earlyMarks:
          state.earlyMarks +
          (endsInMark(state.partial) && wordsOf(text).length > wordsOf(state.partial).length ? 1 : 0),
        // A partial may yet become what was said before.
        cumulative: state.cumulative || cumulative,
        partial: text,
        finalStands: state.finalStands && text === '',
      }
  if (sameWords(saidText(next), saidText(state)) && !(final && showsMeaning(state, next, options))) {
    const repeated = final && !state.segmentOpen && sameWords(said, state.last?.said ?? '')
    if (repeated && wordsOf(said).length > 0) return step(next, { type: 'final-repeated' })
    return final && next.voice && saidText(next) !== '' ? wordsAreHere(next, options) : step(next)
  }
  return newWords(next, heard, options)
}

/** Over the agent: somebody else's words, or its own on their way back, where no voice of the caller was heard. */
function isNotTheCaller(state: TurnState, said: string, options: TurnRulesOptions): boolean {
  if (state.overheard) return state.agent !== 'silent'
  const heardNobody = options.hasVad && !state.voice && !state.voiceSinceTurn && !state.loudSinceTurn
  return heardNobody && state.agent === 'speaking' && containsWords(options.agentSaid(), said)
}

/** The final says that nothing comes behind words that could have become a listener's. */
function showsMeaning(before: TurnState, now: TurnState, options: TurnRulesOptions): boolean {
  if (before.agent !== 'speaking' && before.agent !== 'paused') return false
  return meaning(now, options) > 0 && (mayListen(before, options) || meaning(before, options) === 0)
}

/** The recogniser tells of the segment that it settled last. */
function saidAgain(state: TurnState, heard: WordsHeard, options: TurnRulesOptions): TurnStep | undefined {
  const said = heard.text
  const again = lastFinalAgain(state, said)
  if (again === 'same') return step(state, { type: 'final-repeated' })
  const corrected = again === 'corrected' ? correctInTurn(state, said) : correctWhole(state, said)
  if (corrected) return newWords({ ...corrected, partial: '' }, heard, options)
  return again === 'corrected' ? correctAnswered(state, said) : undefined
}

function newWords(state: TurnState, heard: WordsHeard, options: TurnRulesOptions): TurnStep {
  const final = heard.type === 'final'
  const actions: TurnAction[] = [stop('idle')]
  let next: TurnState = { ...state, idle: 'off', toldDone: false, wordsDueMs: 0 }
  if (next.agent === 'thinking' && !next.shielded && !isWaiting(next, options)) {
    // Nothing of the reply was heard: what comes now belongs to the turn that it answers, if it answers one.
    actions.push({ type: 'cancel-reply', by: 'caller' })
    next = next.answering ? reopenTurn(next) : { ...next, agent: 'silent', held: false }
  } else if (meaning(next, options) > 0 && mayListen(next, options)) {
    if (next.agent === 'speaking' && next.voice) actions.push(phraseTimer(heard))
  } else if (next.agent === 'paused' && meaning(next, options) > 0) {
    actions.push({ type: 'cancel-reply', by: 'caller' })
    next = { ...next, agent: 'silent', tookFloor: true }
  } else if (next.agent === 'speaking' && wordsInterrupt(next, options)) {
    actions.push({ type: 'interrupt', by: 'caller' }, stop('barge-in'))
    next = { ...next, agent: 'silent', tookFloor: true }
  }
  if (next.prepared !== '' && !sameWords(next.prepared, saidText(next))) {
    actions.push({ type: 'discard-prepared' })
    next = { ...next, prepared: '' }
  }
  const believed = wordsAreHere(next, options)
  next = believed.state
  actions.push(...believed.actions)
  if (next.voice) return step(next, ...actions)
  if (saidText(next) === '') return wordsTakenBack(next, actions, options)
  actions.push(stop('false-start'), wordsEndpoint(next, heard, options))
  if (final) return prepare(next, [...actions, stop('prepare')], options)
  // Partials come in bursts: only one that stands is worth asking the model.
  return step(next, ...actions, start('prepare', options.prepareAfterMs))
}

/** A voice that goes on so long has more to say than a listener. */
const PHRASE_VOICE_MS = 500

/** The rest of what may be a listener's phrase is waited for, but not for long. */
function phraseTimer({ voicedMs = 0 }: WordsHeard): TurnAction {
  return start('barge-in', Math.max(0, PHRASE_VOICE_MS - voicedMs))
}

/** Words that lag behind the voice do not begin the wait anew; but more of them may follow a partial. */
function wordsEndpoint(state: TurnState, heard: WordsHeard, options: TurnRulesOptions): TurnAction {
  const timer = endpointTimer(state, options, heard.silentMs)
  if (timer.type !== 'start-timer' || heard.type === 'final') return timer
  // Where the caller is likely done, less is likely to follow.
  const settleMs = Math.min(options.wordsSettleMs, endpointWaitMs(state, options) * SETTLE_SHARE)
  return timer.ms < settleMs ? start('endpoint', settleMs) : timer
}

/** Of the wait. */
const SETTLE_SHARE = 1 / 3

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
  if (state.agent !== 'silent') return step(state, ...stopped)
  const quiet = startIdle(state, options)
  return step(quiet.state, ...stopped, ...quiet.actions)
}

/** Puts the words of the answered turn in front of the new ones. */
function reopenTurn(state: TurnState): TurnState {
  return {
    ...state,
    agent: 'silent',
    held: false,
    continued: true,
    finals: endOfTurn(joinText(state.answeredFinals, state.answeredPartial, state.finals)),
  }
}

function wordsInterrupt(state: TurnState, options: TurnRulesOptions): boolean {
  if (state.shielded) return false
  const { mode, minWords } = options.bargeIn
  const words = meaning(state, options)
  if (mode === 'words') return words >= minWords
  return mode === 'speech' && words > 0
}

function lateWords(state: TurnState, heard: WordsHeard, said: string, options: TurnRulesOptions): TurnStep {
  const final = heard.type === 'final'
  const settledNow = final ? settled(state, heard, said, options) : state
  const next: TurnState = { ...settledNow, segmentOpen: !final }
  if (wordsOf(said).length === 0 || sameWords(said, state.answeredPartial)) return step(next)
  const text = endOfTurn(joinText(state.answeredFinals, said))
  const { turn } = state
  if (state.agent === 'thinking') {
    return step({ ...next, answeredPartial: said.trim() }, { type: 'restart-reply', turn, text })
  }
  // A partial may still change; only the final is worth correcting what was said.
  if (!final) return step(next)
  return step({ ...next, answeredPartial: said.trim() }, { type: 'correct-history', turn, text })
}
