import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { CallSettings } from '../call-settings.ts'
import { createPartialDebounce } from './partial-debounce.ts'
import type { ReplyDesk, ReplyDeskHandlers } from './reply-actions.ts'
import type { SttLinkEvent } from '../hearing/stt-link.ts'
import type { ToolOutcome } from '../../tools/tool-box.ts'
import { applyTurnRules } from './turn-rules.ts'
import { INITIAL_TURN_STATE, type TurnAction, type TurnEvent, type TurnTimer } from './turn-state.ts'
import { turnRulesOptions } from './turn-options.ts'

/** Runs the turn rules against clocks and stages: timers in, one reply at a time out. Decides nothing itself. */
export interface TurnLoop {
  /** Speaks the greeting; never waits for STT. `fixed`: it is the same on every call. */
  greet(text: string, fixed: boolean): void
  sttEvent(event: SttLinkEvent, nowMs: number): void
  voiceStarted(nowMs: number): void
  /** `endedMs`: when the last voiced audio arrived, before the hangover. */
  voiceStopped(endedMs: number): void
  /** One key, as it is pressed. */
  keyPressed(): void
  /** Keys that belong together. */
  keysEntered(text: string): void
  /** Cancels whatever runs; nothing starts any more. */
  close(): void
}

export function createTurnLoop(parts: {
  /** What the rules decide is done there. */
  createDesk: (handlers: ReplyDeskHandlers) => ReplyDesk
  /** The call's language at this moment. */
  language: () => string
  /** The model may be asked before the turn has surely ended. */
  preemptive: boolean
  settings: CallSettings
  hasVad: boolean
  clock: Clock
  telemetry: CallTelemetry
  /** The conversation is over and its last words were heard. */
  onEnd: (how: NonNullable<ToolOutcome['thenEnd']>) => void
  /** The conversation itself broke: the call ends, not the process. */
  onFailure: (error: unknown) => void
}): TurnLoop {
  const { clock, telemetry, settings } = parts
  const options = turnRulesOptions(settings, parts.hasVad, parts.preemptive, parts.language)
  const partials = createPartialDebounce(clock, settings.stt.partialDebounceMs, telemetry.partial)
  const timers = new Map<TurnTimer, () => void>()
  const desk: ReplyDesk = parts.createDesk({
    onSpeaking: () => apply({ type: 'agent-speaking' }),
    onSilent: (thenEnd) => {
      apply({ type: 'agent-silent' })
      if (thenEnd && !closed) parts.onEnd(thenEnd)
    },
  })
  let state = INITIAL_TURN_STATE
  let closed = false

  function apply(event: TurnEvent): void {
    if (closed) return
    try {
      const step = applyTurnRules(state, event, options)
      state = step.state
      for (const action of step.actions) perform(action)
    } catch (error) {
      parts.onFailure(error)
    }
  }

  function perform(action: TurnAction): void {
    switch (action.type) {
      case 'start-timer':
        return startTimer(action.timer, action.ms)
      case 'stop-timer':
        return stopTimer(action.timer)
      case 'hang-up':
        return parts.onEnd({ how: 'hang-up' })
      default:
        return desk.perform(action)
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

  function voiceStarted(nowMs: number): void {
    desk.speechStarted(nowMs)
    apply({ type: 'voice-started' })
  }

  function voiceStopped(endedMs: number): void {
    desk.speechEnded(endedMs)
    apply({ type: 'voice-stopped' })
  }

  return {
    greet(text, fixed) {
      apply({ type: 'agent-begins', shielded: !settings.conversation.bargeIn.greeting })
      desk.greet(text, fixed)
    },
    sttEvent(event, nowMs) {
      if (event.type === 'speech-started' || event.type === 'speech-stopped') {
        // A recogniser that hears voice stands in for a detector, where the pipeline has none.
        if (parts.hasVad) return
        return event.type === 'speech-started' ? voiceStarted(nowMs) : voiceStopped(nowMs)
      }
      if (!parts.hasVad) desk.speechEnded(nowMs)
      if (event.type === 'partial') partials.offer(event.text)
      else {
        partials.settle()
        telemetry.final(event.text)
      }
      apply({ type: event.type, text: event.text })
    },
    voiceStarted,
    voiceStopped,
    keyPressed() {
      desk.speechStarted(clock.nowMs())
      apply({ type: 'key' })
    },
    keysEntered(text) {
      desk.speechEnded(clock.nowMs())
      apply({ type: 'keys', text })
    },
    close() {
      closed = true
      partials.settle()
      for (const cancel of timers.values()) cancel()
      timers.clear()
      desk.close()
    },
  }
}
