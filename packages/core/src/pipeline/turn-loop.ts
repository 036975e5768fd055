import type { Clock } from '../contracts/clock.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import type { CallSettings } from './call-settings.ts'
import { runGreeting } from './greeting.ts'
import type { AgentUtterance } from './history.ts'
import { createPartialDebounce } from './partial-debounce.ts'
import { type ReplyParts, runReply } from './reply.ts'
import type { SttLinkEvent } from './stt-link.ts'
import {
  applyTurnRules,
  INITIAL_TURN_STATE,
  type TurnAction,
  type TurnEvent,
  type TurnRulesOptions,
  type TurnTimer,
} from './turn-rules.ts'

/** Runs the turn rules against clocks and stages: timers in, one reply at a time out. Decides nothing itself. */
export interface TurnLoop {
  /** Speaks the greeting; never waits for STT. */
  greet(text: string): void
  sttEvent(event: SttLinkEvent, nowMs: number): void
  voiceStarted(nowMs: number): void
  /** `endedMs`: when the last voiced audio arrived, before the hangover. */
  voiceStopped(endedMs: number): void
  /** Cancels whatever runs; nothing starts any more. */
  close(): void
}

/** What is being spoken, so that an interruption can cut it. */
interface RunningSpeech {
  readonly turn: number
  readonly utterance: AgentUtterance
  readonly abort: AbortController
}

/** The latency breakdown of one turn, on the monotonic clock. */
interface TurnTimes {
  readonly speechEndMs: number
  readonly turnEndMs: number
  firstTokenMs?: number
  firstAudioMs?: number
}

export function createTurnLoop(parts: {
  reply: ReplyParts
  settings: CallSettings
  hasVad: boolean
  clock: Clock
  telemetry: CallTelemetry
  /** The model ended the conversation and its last words were heard. */
  onHangUp: () => void
}): TurnLoop {
  const { clock, telemetry, settings } = parts
  const { history, line } = parts.reply
  const options: TurnRulesOptions = {
    timeoutMs: settings.stt.timeoutMs,
    bargeIn: settings.conversation.bargeIn,
    hasVad: parts.hasVad,
  }
  const partials = createPartialDebounce(clock, settings.stt.partialDebounceMs, telemetry.partial)
  const timers = new Map<TurnTimer, () => void>()
  let state = INITIAL_TURN_STATE
  let running: RunningSpeech | undefined
  let closed = false
  let voiceStartedMs = 0
  let speechEndMs = 0

  function apply(event: TurnEvent): void {
    if (closed) return
    const step = applyTurnRules(state, event, options)
    state = step.state
    for (const action of step.actions) perform(action)
  }

  function perform(action: TurnAction): void {
    switch (action.type) {
      case 'start-timer':
        return startTimer(action.timer, action.ms)
      case 'stop-timer':
        return stopTimer(action.timer)
      case 'interrupt':
        return interrupt()
      case 'start-reply':
        telemetry.turnEnded(action.turn, action.text)
        history.user(action.text)
        return startReply(action.turn)
      case 'restart-reply':
        cancelUnheard()
        correct(action.turn, action.text)
        return startReply(action.turn)
      case 'correct-history':
        return correct(action.turn, action.text)
    }
  }

  function startTimer(timer: TurnTimer, ms: number): void {
    stopTimer(timer)
    const cancel = clock.after(ms, () => {
      timers.delete(timer)
      apply({ type: 'timer', timer })
    })
    timers.set(timer, cancel)
  }

  function stopTimer(timer: TurnTimer): void {
    timers.get(timer)?.()
    timers.delete(timer)
  }

  /** The only step back: cancels model and voice, empties the tx-queue, sends `clear`, cuts the history. */
  function interrupt(): void {
    const heardMs = line.interrupt()
    if (!running) return
    running.abort.abort()
    const heard = running.utterance.cutAt(heardMs)
    telemetry.interrupted({ turn: running.turn, afterSpeechMs: clock.nowMs() - voiceStartedMs }, heard)
    running = undefined
  }

  /** The reply is about to be made anew: nothing of it has been sent, and nothing may be. */
  function cancelUnheard(): void {
    running?.abort.abort()
    running = undefined
    line.interrupt()
  }

  function correct(turn: number, text: string): void {
    telemetry.turnCorrected(turn, text)
    history.correctUser(text)
  }

  function startReply(turn: number): void {
    const times: TurnTimes = { speechEndMs, turnEndMs: clock.nowMs() }
    const speech: RunningSpeech = {
      turn,
      utterance: history.openUtterance(),
      abort: new AbortController(),
    }
    running = speech
    telemetry.replyStarted(turn)
    const handlers = {
      onFirstToken: () => void (times.firstTokenMs ??= clock.nowMs()),
      onFirstAudio: () => void (times.firstAudioMs ??= clock.nowMs()),
      onFirstFrame: () => {
        if (running !== speech || state.agent !== 'thinking') return
        telemetry.turnLatency({
          turn,
          firstTokenMs: undefined,
          firstAudioMs: undefined,
          ...times,
          firstFrameMs: clock.nowMs(),
        })
        apply({ type: 'agent-speaking' })
      },
    }
    runReply(turn, parts.reply, speech.utterance, handlers, speech.abort.signal).then(
      ({ outcome, hangUp }) => {
        if (running !== speech) return
        running = undefined
        telemetry.replyEnded(turn, outcome, speech.utterance.heard)
        apply({ type: 'agent-silent' })
        if (hangUp && !closed) parts.onHangUp()
      },
      (error: unknown) => telemetry.stageFailed('reply', error),
    )
  }

  return {
    greet(text) {
      const speech: RunningSpeech = {
        turn: 0,
        utterance: history.openUtterance(),
        abort: new AbortController(),
      }
      running = speech
      const started = (): void => apply({ type: 'agent-speaking' })
      runGreeting(text, parts.reply, speech.utterance, started, speech.abort.signal).then(
        () => {
          if (running !== speech) return
          running = undefined
          apply({ type: 'agent-silent' })
        },
        (error: unknown) => telemetry.stageFailed('greeting', error),
      )
    },
    sttEvent(event, nowMs) {
      if (event.type === 'partial') {
        partials.offer(event.text)
        if (!parts.hasVad) speechEndMs = nowMs
        apply({ type: 'partial', text: event.text })
      } else if (event.type === 'final') {
        partials.settle()
        telemetry.final(event.text)
        if (!parts.hasVad) speechEndMs = nowMs
        apply({ type: 'final', text: event.text })
      }
    },
    voiceStarted(nowMs) {
      voiceStartedMs = nowMs
      apply({ type: 'voice-started' })
    },
    voiceStopped(endedMs) {
      speechEndMs = endedMs
      apply({ type: 'voice-stopped' })
    },
    close() {
      closed = true
      partials.settle()
      for (const cancel of timers.values()) cancel()
      timers.clear()
      running?.abort.abort()
      running = undefined
    },
  }
}
