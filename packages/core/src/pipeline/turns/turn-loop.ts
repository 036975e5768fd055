import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { CallSettings } from '../call-settings.ts'
import type { EchoEar } from '../hearing/echo/echo-ear.ts'
import type { CallerSound } from '../hearing/voice-watch.ts'
import type { SttLinkEvent } from '../hearing/stt-link.ts'
import { createEndJudge, type EndJudge, type EndJudgeParts } from './end-judge.ts'
import { createPartialDebounce } from './partial-debounce.ts'
import { ownShare } from './own-share.ts'
import type { ReplyDesk, ReplyDeskHandlers, ReplyEnd } from './reply-actions.ts'
import { turnRulesOptions } from './turn-options.ts'
import { applyTurnRules } from './turn-rules.ts'
import {
  INITIAL_TURN_STATE,
  type TurnAction,
  type OperatorLine,
  type TurnEvent,
  type TurnRulesOptions,
  type TurnState,
} from './turn-state.ts'
import { MAX_TURN_CHARS } from './turn-text.ts'
import { saidText } from './turn-steps.ts'
import { createTurnTimers } from './turn-timers.ts'
import { createWordsDue } from './words-due.ts'

/** Runs the turn rules against clocks and stages: timers in, one reply at a time out. Decides nothing itself. */
export interface TurnLoop {
  /** Speaks the greeting; never waits for STT. `fixed`: it is the same on every call. */
  greet(text: string, fixed: boolean): void
  sttEvent(event: SttLinkEvent, nowMs: number): void
  /** `near`: as loud as the caller. */
  voiceStarted(nowMs: number, near: boolean): void
  voiceIsNear(nowMs: number): void
  callerSounds(sound: CallerSound): void
  /** `endedMs`: when the last voiced audio arrived, before the hangover. `own`: it was the agent's echo. */
  voiceStopped(endedMs: number, own: boolean): void
  /** One key, as it is pressed. */
  keyPressed(): void
  /** Keys that belong together. */
  keysEntered(text: string): void
  /** `false`: the last words are being said, or too much waits to be said. */
  operatorSays(line: OperatorLine): boolean
  operatorInterrupts(): void
  /** Cancels whatever runs; nothing starts any more. */
  close(): void
}

export interface TurnLoopParts {
  /** What the rules decide is done there. */
  readonly createDesk: (handlers: ReplyDeskHandlers) => ReplyDesk
  /** The call's language at this moment. */
  readonly language: () => string
  /** The model may be asked before the turn has surely ended. */
  readonly preemptive: boolean
  readonly settings: CallSettings
  readonly hasVad: boolean
  /** Absent: turns end by words and time. */
  readonly turn?: Pick<EndJudgeParts, 'tap' | 'recentAudio'>
  /** Knows the agent's own voice where it comes back. */
  readonly echo?: Pick<EchoEar, 'heard'> | undefined
  /** The recogniser that hears the call at this moment tells the ends of turns. */
  readonly tellsTurns: () => boolean
  /** What the agent said last, as far as it was heard. */
  readonly asked: () => string
  /** All of what it is saying, or said last. */
  readonly said: () => string
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  /** The conversation is over and its last words were heard. */
  readonly onHangUp: () => void
  /** The caller is to be handed over; resolves with why not when that failed, and with nothing once the call is over. */
  readonly onTransfer: (to: string) => Promise<string | undefined>
  /** Too many turns have failed, and the last words were said. */
  readonly onGiveUp: () => void
  /** The conversation itself broke: the call ends, not the process. */
  readonly onFailure: (error: unknown) => void
}

/** Words that come so long after the last voice were not said by it: recognisers are seconds late, not more. */
const VOICE_OF_WORDS_MS = 15_000
/** A minute of talk, and more than anybody types ahead. */
const MAX_OPERATOR_LINES = 20

export function createTurnLoop(parts: TurnLoopParts): TurnLoop {
  const { clock, settings } = parts
  const options = turnRulesOptions(settings, parts.hasVad, parts.preemptive, {
    language: parts.language,
    asked: parts.asked,
    said: parts.said,
    threshold: parts.turn?.tap.threshold,
    tellsTurns: parts.tellsTurns,
  })
  const rules = createRulesRunner(parts, options)
  const { apply, desk } = rules
  const hearing = createTurnHearing(parts, rules, options)
  return {
    ...hearing,
    greet(text, fixed) {
      apply({ type: 'agent-begins', shielded: !settings.conversation.bargeIn.greeting })
      desk.greet(text, fixed)
    },
    keyPressed() {
      desk.speechStarted(clock.nowMs())
      apply({ type: 'key' })
    },
    keysEntered(text) {
      desk.speechEnded(clock.nowMs())
      apply({ type: 'keys', text })
    },
    operatorSays(line) {
      if (!rules.takesLines()) return false
      apply({ type: 'operator-says', line })
      return true
    },
    operatorInterrupts: () => apply({ type: 'operator-interrupts' }),
    close() {
      rules.stop()
      hearing.close()
      desk.close()
    },
  }
}

interface RulesRunner {
  apply(event: TurnEvent): void
  /** The words of the turn that is open; `undefined`: the agent has the word. */
  openWords(): string | undefined
  readonly desk: ReplyDesk
  /** Whether one more line of an operator may wait. */
  takesLines(): boolean
  stop(): void
}

/** Events into the rules, their actions to timers and to the desk, and what the desk tells back into the rules. */
function createRulesRunner(parts: TurnLoopParts, options: TurnRulesOptions): RulesRunner {
  const timers = createTurnTimers(parts.clock, (timer) => apply({ type: 'timer', timer }))
  const desk = parts.createDesk({
    onSpeaking: () => apply({ type: 'agent-speaking' }),
    onSilent,
    onFailedTooOften: () => apply({ type: 'failed-too-often' }),
    onGaveUp() {
      if (!closed) parts.onGiveUp()
    },
  })
  let state = INITIAL_TURN_STATE
  let closed = false

  function apply(event: TurnEvent): void {
    if (closed) return
    try {
      const step = applyTurnRules(state, event, options)
      if (step.state.noise && !state.noise) parts.telemetry.noise()
      if (outgrows(event, state)) parts.telemetry.amountCut('turn_chars', MAX_TURN_CHARS)
      state = step.state
      for (const action of step.actions) perform(action)
    } catch (error) {
      parts.onFailure(error)
    }
  }

  function perform(action: TurnAction): void {
    if (action.type === 'start-timer') timers.start(action.timer, action.ms)
    else if (action.type === 'stop-timer') timers.stop(action.timer)
    else if (action.type === 'hang-up') parts.onHangUp()
    else if (action.type === 'turn-end-missed') parts.telemetry.turnEndMissed()
    else if (action.type === 'final-repeated') parts.telemetry.stt.duplicateFinal()
    else if (action.type === 'words-overheard') parts.telemetry.wordsOverheard(action.text)
    else desk.perform(action)
  }

  function onSilent(end: ReplyEnd | undefined): void {
    if (end?.how === 'transfer' && !closed) return void handOver(end, end.to)
    apply({ type: 'agent-silent' })
    if (end && !closed) parts.onHangUp()
  }

  async function handOver(end: ReplyEnd, to: string): Promise<void> {
    apply({ type: 'agent-leaves' })
    const failure = await parts.onTransfer(to)
    if (failure === undefined || closed) return
    end.tell(failure)
    apply({ type: 'agent-stays', line: parts.settings.conversation.transferFailedLine })
  }

  return {
    apply,
    openWords: () => (state.agent === 'silent' ? saidText(state) : undefined),
    desk,
    takesLines: () => !closed && !state.givingUp && state.operatorLines.length < MAX_OPERATOR_LINES,
    stop() {
      closed = true
      timers.close()
    },
  }
}

/** The words of the turn so far and these are more than is kept of one. */
function outgrows(event: TurnEvent, { finals }: TurnState): boolean {
  return event.type === 'final' && finals.length + event.text.length > MAX_TURN_CHARS
}

type ToldTurn = Extract<SttLinkEvent, { type: 'turn-ended' | 'turn-resumed' }>

/** What the recogniser and the detectors hear, as the rules are told of it. */
function createTurnHearing(
  parts: TurnLoopParts,
  { apply, desk, openWords }: RulesRunner,
  { sttJudges }: TurnRulesOptions,
) {
  const { clock, telemetry, settings } = parts
  const { partialDebounceMs } = settings.stt
  const partials = createPartialDebounce(clock, partialDebounceMs, (text) => telemetry.partial(text))
  const judge = createJudge(parts, { apply, openWords })
  /** When the turn's voice began, the one that is heard now, and when the last one was found to have stopped. */
  let startedMs = 0
  let voiceFromMs: number | undefined
  let stoppedMs: number | undefined
  const words = createWordsDue()

  const voiceTimes = (nowMs: number) => sinceVoice(nowMs, voiceFromMs, stoppedMs)

  function voiceStarted(nowMs: number, near: boolean): void {
    // A pause belongs to the turn: its sound is judged from where it began.
    if (stoppedMs === undefined || openWords() === undefined || openWords() === '') startedMs = nowMs
    voiceFromMs = nowMs
    words.voiceStarted()
    judge?.stop()
    desk.speechStarted(nowMs)
    apply({
      type: 'voice-started',
      isOther: !near,
      ...(stoppedMs !== undefined && { pausedMs: nowMs - stoppedMs }),
    })
  }

  function voiceIsNear(nowMs: number): void {
    desk.speechStarted(nowMs)
    apply({ type: 'voice-is-near' })
  }

  function voiceStopped(endedMs: number, own: boolean): void {
    voiceFromMs = undefined
    stoppedMs = clock.nowMs()
    desk.speechEnded(own ? undefined : endedMs)
    apply({ type: 'voice-stopped', isOwn: own, wordsDueMs: words.voiceStopped(endedMs, stoppedMs) })
    if (!sttJudges()) judge?.silence(startedMs)
  }

  function turnTold(event: ToldTurn, nowMs: number): void {
    if (event.type === 'turn-resumed') return apply({ type: 'told-resumed' })
    const { probability = 1 } = event
    const sure = probability >= 1
    // A recogniser may be sooner than the detector of voice.
    if (sure && sttJudges() && voiceFromMs !== undefined) desk.speechEnded(nowMs)
    apply({ type: 'told-done', sure, ...voiceTimes(nowMs) })
  }

  function turnEventOf(
    event: Extract<SttLinkEvent, { type: 'partial' | 'final' }>,
    nowMs: number,
  ): TurnEvent {
    const { type, text } = event
    const known = { ...voiceTimes(nowMs), ...ownShare(type, parts.echo) }
    if (type === 'partial') return { type, text, ...known }
    const { overdue, confidence = 1 } = event
    const unclear = confidence < settings.conversation.unclear.minConfidence && text.trim() !== ''
    if (unclear) telemetry.stt.finalUnclear(confidence, text, event.times)
    else telemetry.final(text, event)
    return { type, text, overdue: overdue === true, unclear, ...known }
  }

  return {
    voiceStarted,
    voiceIsNear,
    voiceStopped,
    callerSounds: (sound: CallerSound) => apply({ type: 'caller-sounds', sound }),
    sttEvent(event: SttLinkEvent, nowMs: number): void {
      // A recogniser that hears voice stands in for a detector, where the pipeline has none.
      if (event.type === 'speech-started') return parts.hasVad ? undefined : voiceStarted(nowMs, true)
      if (event.type === 'speech-stopped') return parts.hasVad ? undefined : voiceStopped(nowMs, false)
      if (event.type === 'turn-ended' || event.type === 'turn-resumed') return turnTold(event, nowMs)
      if (!parts.hasVad) desk.speechEnded(nowMs)
      else if (voiceFromMs === undefined && isUnvoiced(event.text, voiceTimes(nowMs).silentMs))
        desk.speechEnded(undefined)
      // A short word may be too soft for the detector: the silence begins behind it.
      if (words.came(event, nowMs) && stoppedMs !== undefined) stoppedMs = nowMs
      if (event.type === 'final') partials.settle()
      else partials.offer(event.text)
      apply(turnEventOf(event, nowMs))
    },
    close() {
      judge?.stop()
      partials.close()
    },
  }
}

/** How long ago the voice began that goes on, or stopped that is over. */
function sinceVoice(
  nowMs: number,
  fromMs: number | undefined,
  stoppedMs: number | undefined,
): { readonly silentMs?: number; readonly voicedMs?: number } {
  if (fromMs !== undefined) return { voicedMs: nowMs - fromMs }
  return stoppedMs === undefined ? {} : { silentMs: nowMs - stoppedMs }
}

/** Words that nobody's voice was heard with, after so long a silence. */
function isUnvoiced(text: string, silentMs = Infinity): boolean {
  return silentMs > VOICE_OF_WORDS_MS && text.trim() !== ''
}

/** What asks the detector of turn ends, where the pipeline has one. */
function createJudge(
  { turn, settings, clock, telemetry, asked, language }: TurnLoopParts,
  { apply, openWords }: Pick<RulesRunner, 'apply' | 'openWords'>,
): EndJudge | undefined {
  if (!turn || settings.conversation.turns.by === 'vad') return undefined
  return createEndJudge({
    ...turn,
    clock,
    words() {
      const text = openWords()
      return text === undefined ? undefined : { text, asked: asked(), language: language() }
    },
    onJudged: (doneProbability, silentMs) => apply({ type: 'turn-judged', doneProbability, silentMs }),
    onFailure: (error) => telemetry.turnDetectorFailed(error),
  })
}
