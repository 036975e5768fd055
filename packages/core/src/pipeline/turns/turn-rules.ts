import type { CallerSound } from '../hearing/voice-watch.ts'
import { giveUp, whileGivingUp } from './giving-up.ts'
import { operatorInterrupts, operatorSays, sayWaiting } from './operator-turn.ts'
import { endpointReached, toldDone, toldResumed, turnJudged } from './turn-ends.ts'
import {
  falseStart,
  lineIsQuiet,
  otherVoiceStarted,
  takenForNoise,
  voiceStarted,
  voiceStopped,
} from './turn-noise.ts'
import type { TurnAction, TurnEvent, TurnRulesOptions, TurnState, TurnStep, TurnTimer } from './turn-state.ts'
import {
  bargeInTimer,
  endTurn,
  mayListen,
  meaning,
  prepare,
  saidText,
  sayText,
  startIdle,
  step,
  stop,
} from './turn-steps.ts'
import { joinText } from './turn-text.ts'
import { wordsCame } from './turn-words.ts'

/**
 * Who speaks when. Pure: (state, event) -> (state, actions). Clocks and stages belong to `turn-loop.ts`. The
 * rules for voice stand in `turn-noise.ts`, those for words in `turn-words.ts`, `turn-finals.ts` and
 * `turn-unclear.ts`, those for the end of a turn in `turn-ends.ts`, those for the end of the call in `giving-up.ts`.
 *
 * | #  | event                | when                                     | then                                          |
 * |----|----------------------|------------------------------------------|-----------------------------------------------|
 * |  1 | voice started        | always                                   | endpoint, prepare, false-start stop           |
 * |  2 | voice started        | agent speaking, barge-in by speech       | the barge-in timer starts (`minSpeechMs`)     |
 * |  3 | voice started        | agent thinking                           | the unheard reply is held back                |
 * |  4 | voice stopped        | there are words                          | the endpoint timer starts (`waitMs(words)`);  |
 * |    |                      |                                          | agent silent: a reply is prepared on them     |
 * |  5 | voice stopped        | no words, reply paused or held           | the false-start timer starts                  |
 * |  6 | words changed        | caller silent                            | as 4 (so a short answer whose words come      |
 * |    |                      |                                          | after the voice is not swallowed); on a       |
 * |    |                      |                                          | partial once it has stood for the debounce    |
 * |  7 | words changed        | another reply was prepared               | it is discarded                               |
 * |  8 | words changed        | agent thinking; not only backchannels    | the reply is given up, its turn goes on       |
 * |    |                      | or "hello?" while it answers             |                                               |
 * |  9 | words, no backchannel| reply paused                             | the reply is given up                         |
 * | 10 | words, no backchannel| agent speaking, enough by the mode       | interrupt                                     |
 * | 11 | endpoint timer       | words, agent silent                      | the turn ends; one reply starts on them       |
 * | 12 | endpoint timer       | only backchannels, agent not silent      | they are forgotten; a paused reply goes on, a |
 * |    |                      |                                          | held one is released                          |
 * | 13 | endpoint timer       | words, agent speaking, or shielded       | by speech: interrupt, the turn ends; else the |
 * |    |                      |                                          | turn waits for the agent to finish            |
 * | 14 | barge-in timer       | both speaking, no backchannel            | the reply is paused (words: interrupt)        |
 * | 15 | false-start timer    | reply paused, held                       | it goes on, is released                       |
 * | 16 | late final           | says what was answered                   | nothing                                       |
 * | 17 | late final, partial  | other words, agent thinking              | the reply starts anew on the new text         |
 * | 18 | late final           | other words, agent speaking or paused    | the history is corrected                      |
 * | 19 | agent silent         | a turn waits; else caller silent         | the turn ends; the idle timer starts, by what |
 * |    |                      |                                          | was asked, or `hold_ms` after "hold on"       |
 * | 20 | idle timer           | both silent; voice: once it stops        | next prompt, then farewell and hang-up        |
 * | 21 | key                  | by option                                | interrupt; words said from here on wait for   |
 * |    | keys                 | always                                   | the whole entry: the turn ends with both      |
 * | 22 | wordless timer       | voice, on and off, without new words for | it is noise: as if it had stopped (4, 5, 20), |
 * |    |                      | `noiseAfterMs`; behind final words       | and from now on words alone decide            |
 * |    |                      | `FINAL_STANDS_MS`                        |                                               |
 * | 23 | quiet timer          | no voice for `QUIET_MS`                  | noise is over: voice is believed again        |
 * | 24 | agent leaves         | the caller is being handed over          | nothing interrupts; what is said waits        |
 * | 25 | agent stays          | that failed                              | a turn waits: it ends; else the line is said  |
 * | 26 | final, partial       | the last final again, nobody spoke since | nothing; the final is counted                 |
 * | 27 | final                | the last final put right, likewise       | in its place: as 6, 17 and 18                 |
 * | 28 | final, partial       | begins with the whole turn so far        | only what goes beyond it counts               |
 * | 29 | final, not sure      | always                                   | its words are taken back                      |
 * | 30 | endpoint timer       | after such a final, agent silent, no     | the caller is asked to say it again, twice in |
 * |    |                      | words; not in noise, not a backchannel   | a row at most                                 |
 * | 31 | failed too often     | always                                   | the last words are said, held back while the  |
 * |    |                      |                                          | caller speaks (at most `noiseAfterMs`)        |
 * | 32 | anything             | the last words are being said            | nothing stops them, nothing is answered       |
 * | 33 | turn judged          | both silent                              | the wait is reckoned anew (`turnWaitMs`)      |
 * | 34 | voice started        | in a turn, or before its answer is heard | the pause counts among this caller's own      |
 * | 35 | anything             | agent and caller speak, and it is not    | the agent is softer, and as loud as before    |
 * |    |                      | settled who has the word                 | once it is                                    |
 * | 36 | voice started        | agent not silent, quieter than caller    | nothing; words that come with it are left out |
 * | 37 | words                | agent speaking, its own, and no voice,   | they are its echo, and left out               |
 * |    |                      | nor sound as loud as the caller          |                                               |
 * | 38 | told done, sure      | by stt: words, not in an entry of keys   | as 11 to 13, also while the detector still    |
 * |    |                      |                                          | hears voice                                   |
 * | 39 | told done, not sure  | by stt: words, agent silent              | a reply is prepared on them                   |
 * | 40 | told done, sure      | else: words, agent silent                | the wait is reckoned anew (`turnWaitMs`)      |
 * | 41 | told resumed         | always                                   | the prepared reply is discarded               |
 * | 42 | endpoint timer       | by stt: words, and it was not told       | as 11 to 13, and counted; after two in a row  |
 * |    |                      |                                          | by rules, until it is told again              |
 * | 43 | words                | the agent's, and most of the sound was   | left out, whoever speaks; in the segment's    |
 * |    |                      | its echo; whatever words, and all was    | later words, too                              |
 * | 44 | voice stopped        | it was the agent's echo                  | a paused reply goes on, a held one is released|
 * | 45 | operator says        | at once                                  | the agent is silenced, whatever it says       |
 * | 46 | anything             | such a line waits; nobody speaks, or it  | it is said; what is said at once cannot be    |
 * |    |                      | is to be said at once                    | interrupted                                   |
 * | 47 | operator interrupts  | agent not silent                         | it is silenced; the idle timer starts         |
 * | 48 | partial              | agent speaking; more words may make it a | no interruption; the reply is paused once the |
 * |    |                      | listener's ("I" of "I see"), no answer   | voice has lasted `PHRASE_VOICE_MS`            |
 * | 49 | barge-in timer       | the voice pauses                         | the reply is paused when it goes on           |
 * | 50 | sound                | agent speaking; as loud as the caller,   | the agent is softer                           |
 * |    |                      | and no voice so far                      |                                               |
 * | 51 | partial              | the agent's, and its echo is likely      | nothing: the next one has these words, too    |
 *
 * "By stt": the pipeline says `turns.by: stt`, and the recogniser that hears the call judges turns.
 * "Late" is what comes for the segment that was open when the turn ended, with no new voice since. With new voice,
 * only what goes beyond the answered words counts as said. A final is a segment and never ends a turn.
 */
export function applyTurnRules(state: TurnState, event: TurnEvent, options: TurnRulesOptions): TurnStep {
  return ducking(sayWaiting(answering(applyRules(state, event, options))), options)
}

/** The words that are answered, by whatever rule they came to be. */
function answering({ state, actions }: TurnStep): TurnStep {
  const last = actions.findLast((action) => 'turn' in action)
  return last === undefined ? { state, actions } : { state: { ...state, lastTurn: last.text }, actions }
}

/** The agent is softer whenever both speak and it has not been settled who has the word; by whatever rule that ends. */
function ducking({ state, actions }: TurnStep, { bargeIn }: TurnRulesOptions): TurnStep {
  const settled = state.shielded || state.givingUp
  const sounds = state.voice || (state.loud && !state.noise)
  const ducked =
    bargeIn.ducks && bargeIn.mode === 'speech' && state.agent === 'speaking' && sounds && !settled
  if (ducked === state.ducked) return { state, actions }
  return step({ ...state, ducked }, ...actions, { type: ducked ? 'duck-reply' : 'unduck-reply' })
}

function applyRules(state: TurnState, event: TurnEvent, options: TurnRulesOptions): TurnStep {
  if (state.givingUp) return whileGivingUp(state, event)
  switch (event.type) {
    case 'caller-sounds':
      return callerSounds(state, event.sound, options)
    case 'voice-started':
      return event.isOther && state.agent !== 'silent' && !state.sound
        ? otherVoiceStarted(state)
        : voiceStarted(state, event.pausedMs, options)
    case 'voice-is-near':
      return state.voice ? step(state) : voiceStarted(state, undefined, options)
    case 'voice-stopped':
      return voiceStopped({ ...state, wordsDueMs: event.wordsDueMs ?? 0 }, event.isOwn === true, options)
    case 'partial':
    case 'final':
      return wordsCame(state, event, options)
    case 'turn-judged':
      return turnJudged(state, event, options)
    case 'told-done':
      return toldDone(state, event, options)
    case 'told-resumed':
      return toldResumed(state)
    case 'key':
      return keyPressed(state, options)
    case 'keys':
      return keysCame(state, event.text, options)
    case 'timer':
      return TIMER_RULES[event.timer](state, options)
    case 'agent-begins':
      return step(
        { ...state, agent: 'thinking', answering: false, shielded: event.shielded, idle: 'off' },
        stop('idle'),
      )
    case 'agent-speaking':
      return agentSpeaking(state, options)
    case 'agent-silent':
      return agentSilent(state, options)
    case 'agent-leaves':
      return step(
        { ...state, agent: 'speaking', shielded: true, held: false, idle: 'off' },
        stop('barge-in'),
        stop('false-start'),
        stop('idle'),
      )
    case 'agent-stays':
      return agentStays(state, event.line, options)
    case 'failed-too-often':
      return giveUp(state, options)
    case 'operator-says':
      return operatorSays(state, event.line)
    case 'operator-interrupts':
      return operatorInterrupts(state, options)
  }
}

const TIMER_RULES: Readonly<Record<TurnTimer, (state: TurnState, options: TurnRulesOptions) => TurnStep>> = {
  endpoint: endpointReached,
  'barge-in': bargeIn,
  'false-start': falseStart,
  prepare: (state, options) => (state.voice ? step(state) : prepare(state, [], options)),
  idle: idleCaller,
  wordless: takenForNoise,
  quiet: lineIsQuiet,
}

function bargeIn(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (!state.voice || state.agent !== 'speaking' || state.shielded) return step(state)
  if (state.pauses) return step({ ...state, bargeInDue: true })
  // A listener's words: the caller leaves the agent the word.
  if (saidText(state) !== '' && meaning(state, options) === 0) return step(state)
  if (saidText(state) !== '' && !mayListen(state, options))
    return step({ ...state, agent: 'silent' }, { type: 'interrupt', by: 'caller' })
  return step({ ...state, agent: 'paused' }, { type: 'pause-reply' })
}

function callerSounds(state: TurnState, sound: CallerSound, options: TurnRulesOptions): TurnStep {
  if (sound === 'quiet') return step({ ...state, loud: false })
  if (sound === 'loud') return step({ ...state, loud: true, loudSinceTurn: true })
  const next = { ...state, pauses: sound === 'pause', bargeInDue: false }
  return state.bargeInDue ? bargeIn(next, options) : step(next)
}

function agentSpeaking(state: TurnState, options: TurnRulesOptions): TurnStep {
  const next: TurnState = {
    ...state,
    bargeInDue: false,
    agent: 'speaking',
    held: false,
    idle: 'off',
    // Without a detector only this tells that what comes may be an answer.
    finalStands: state.finalStands && options.hasVad,
  }
  return step(next, stop('idle'), ...(state.voice ? bargeInTimer(next, options) : []))
}

function agentSilent(state: TurnState, options: TurnRulesOptions): TurnStep {
  const next: TurnState = {
    ...state,
    agent: 'silent',
    shielded: false,
    held: false,
    overheard: false,
    // The same words again are the answer to what was said.
    finalStands: false,
  }
  const actions: TurnAction[] = [stop('barge-in'), stop('false-start')]
  if (next.turnDue && !next.voice && !next.keying && saidText(next) !== '') {
    const ended = endTurn(next)
    return step(ended.state, ...actions, ...ended.actions)
  }
  const rested = { ...next, turnDue: false }
  if (saidText(next) !== '') return step(rested, ...actions)
  const idle = startIdle(rested, options)
  return step(idle.state, ...actions, ...idle.actions)
}

/** The caller could not be handed over. What they said meanwhile is answered by a model that knows of it. */
function agentStays(state: TurnState, line: string, options: TurnRulesOptions): TurnStep {
  const silent = agentSilent(state, options)
  if (silent.state.agent !== 'silent' || saidText(silent.state) !== '' || line === '') return silent
  const said = sayText(silent.state, line, false)
  return step(said.state, ...silent.actions, ...said.actions)
}

function idleCaller(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (state.agent !== 'silent' || saidText(state) !== '') return step({ ...state, idle: 'off' })
  if (state.voice) return step({ ...state, idle: 'due' })
  const { farewell } = options.idle
  const { prompts } = options.idle.patience(state.awaited, state.idlePrompts)
  const prompt = prompts[state.idlePrompts]
  if (prompt === undefined && farewell === '') return step({ ...state, idle: 'off' }, { type: 'hang-up' })
  const asked = { ...state, idlePrompts: state.idlePrompts + 1 }
  return sayText(asked, prompt ?? farewell, prompt === undefined)
}

function givesWay({ agent }: TurnState): TurnAction {
  return { type: agent === 'speaking' ? 'interrupt' : 'cancel-reply', by: 'caller' }
}

function keyPressed(state: TurnState, options: TurnRulesOptions): TurnStep {
  const interrupts = options.keysInterrupt && !state.shielded && state.agent !== 'silent'
  if (!interrupts) return step({ ...state, keying: true, idle: 'off' }, stop('idle'))
  return step(
    { ...state, keying: true, agent: 'silent', held: false, idle: 'off' },
    stop('idle'),
    stop('barge-in'),
    stop('false-start'),
    givesWay(state),
  )
}

function keysCame(state: TurnState, text: string, options: TurnRulesOptions): TurnStep {
  const finals = joinText(saidText(state), text)
  const next: TurnState = { ...state, keying: false, finals, partial: '' }
  if (next.agent === 'silent') return withoutPrepared(endTurn(next), state)
  // A shielded greeting is heard first, also one that is still being made.
  if (next.shielded || (next.agent === 'speaking' && !options.keysInterrupt))
    return step({ ...next, turnDue: true })
  const ended = endTurn({ ...next, agent: 'silent' })
  return step(ended.state, givesWay(next), ...ended.actions)
}

function withoutPrepared(ended: TurnStep, before: TurnState): TurnStep {
  if (before.prepared === '') return ended
  return step(ended.state, { type: 'discard-prepared' }, ...ended.actions)
}
