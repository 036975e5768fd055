import type { RealtimeEvent } from '../../contracts/realtime.ts'
import { createPartialDebounce } from '../turns/partial-debounce.ts'
import { createKeyCollector } from '../turns/key-collector.ts'
import { createFalseStart } from './false-start.ts'
import { createIdlePrompts } from './idle-prompts.ts'
import { createRealtimeBargeIn, type SpeechSource } from './realtime-barge-in.ts'
import type { AgentListener, RealtimeAgent } from './agent-side.ts'
import type { RealtimeConversationParts } from './realtime-parts.ts'
import type { RealtimeTurns } from './realtime-turns.ts'

/** The caller's side: when they speak, what they said, when their turn is over, and when they say nothing at all. */
export interface RealtimeCaller extends AgentListener {
  onEvent(event: CallerEvent): void
  voiceStarted(nowMs: number): void
  voiceStopped(endedMs: number): void
  onDtmf(digit: string): void
  close(): void
}

export type CallerEvent = Extract<
  RealtimeEvent,
  { type: 'speech-started' | 'speech-stopped' | 'caller-partial' | 'caller-final' }
>

export function createRealtimeCaller(
  parts: RealtimeConversationParts,
  turns: RealtimeTurns,
  agent: Omit<RealtimeAgent, 'adopt' | 'onEvent' | 'close'>,
): RealtimeCaller {
  const partials = publishedPartials(parts)
  const silence = createCallerSilence(parts, agent)
  const { bargeIn, idle, falseStart, armIdle } = silence
  const speech = createCallerSpeech(parts, turns, agent, silence)
  const keys = createKeys(parts, agent, () => {
    falseStart.forget()
    idle.restart()
    armIdle()
  })

  function onEvent(event: CallerEvent): void {
    if (event.type === 'speech-started') {
      return speech.started('model', heardMs(parts, event.atMs))
    }
    if (event.type === 'speech-stopped') return speech.modelHeardEnd(event.atMs)
    if (event.type === 'caller-partial') partials.offer(event.text)
    else {
      partials.settle()
      turns.callerWritten(event.text)
    }
    if (event.text.trim() !== '') falseStart.forget()
    bargeIn.words(event.text)
  }

  return {
    onEvent,
    speaking() {
      return bargeIn.speaking()
    },
    sinceMs() {
      return bargeIn.sinceMs()
    },
    onAgentBegins() {
      idle.stop()
      if (!bargeIn.speaking()) falseStart.forget()
    },
    onAgentSilent: armIdle,
    voiceStarted: (nowMs) => speech.started('voice', nowMs),
    voiceStopped: speech.voiceStopped,
    onDtmf(digit) {
      parts.telemetry.dtmf(digit)
      keys.press(digit)
    },
    close() {
      silence.close()
      keys.close()
      partials.close()
      speech.close()
    },
  }
}

/** When a place in the session's audio was heard. A time that no session has had is now. */
function heardMs({ clock, writtenMs }: Pick<RealtimeConversationParts, 'clock' | 'writtenMs'>, atMs: number) {
  const isTime = atMs >= 0 && atMs <= writtenMs()
  return clock.nowMs() - (isTime ? writtenMs() - atMs : 0)
}

/** When the caller speaks, by which ear, and when that was a turn. */
function createCallerSpeech(
  parts: RealtimeConversationParts,
  turns: RealtimeTurns,
  agent: Pick<RealtimeAgent, 'endTurn' | 'newTurn'>,
  { bargeIn, idle, falseStart, armIdle }: ReturnType<typeof createCallerSilence>,
) {
  const { settings, clock } = parts
  /** When our detector heard the caller fall silent; absent while they speak. */
  let voiceEndedMs: number | undefined
  let cancelEndTurn = (): void => undefined

  function started(source: SpeechSource, sinceMs: number): void {
    idle.stop()
    falseStart.sound()
    cancelEndTurn()
    if (source === 'model') turns.callerGoesOn()
    else voiceEndedMs = undefined
    bargeIn.started(source, sinceMs)
  }

  function speechStopped(source: SpeechSource): void {
    bargeIn.stopped(source)
    if (!bargeIn.speaking()) falseStart.quiet()
    armIdle()
  }

  function modelHeardEnd(atMs: number): void {
    speechStopped('model')
    if (!parts.detectsTurns) return
    const toldMs = heardMs(parts, atMs)
    // A model counts the pause that ends a turn as part of it; our detector knows better.
    const ofThisTurn = voiceEndedMs !== undefined && voiceEndedMs >= (bargeIn.sinceMs() ?? 0)
    callerDone(ofThisTurn ? Math.min(voiceEndedMs!, toldMs) : toldMs)
  }

  function callerDone(speechEndMs: number): void {
    falseStart.forget()
    turns.callerDone(speechEndMs)
    agent.newTurn()
    idle.restart()
    armIdle()
  }

  return {
    started,
    modelHeardEnd,
    voiceStopped(endedMs: number): void {
      speechStopped('voice')
      voiceEndedMs = endedMs
      if (parts.detectsTurns) return
      cancelEndTurn = clock.after(settings.stt.timeoutMs, () => {
        agent.endTurn()
        callerDone(endedMs)
      })
    },
    close: () => cancelEndTurn(),
  }
}

/** When the caller speaks enough to stop the agent, and when so little that they are asked. */
function createCallerSilence(
  parts: RealtimeConversationParts,
  agent: Pick<RealtimeAgent, 'interrupt' | 'resume' | 'say' | 'silent'>,
) {
  const { settings, clock, telemetry } = parts
  const { mode, falseStartMs } = settings.conversation.bargeIn
  const falseStart = createFalseStart({ falseStartMs, clock, onNoise: () => agent.resume() })
  const bargeIn = createRealtimeBargeIn({
    settings: settings.conversation,
    clock,
    onEnough() {
      // What words stopped was stopped by the caller.
      if (agent.interrupt('voice') && mode === 'speech') falseStart.stopped()
    },
    onNoise() {
      telemetry.noise()
      armIdle()
    },
  })
  const idle = createIdlePrompts({
    settings: settings.conversation.idle,
    clock,
    onPrompt: (text) => agent.say(text, 'prompt'),
    onGiveUp: (farewell) => (farewell === '' ? parts.onEnd('agent') : agent.say(farewell, 'farewell')),
  })
  let closed = false

  /** Nobody speaks, or is about to as far as is known here. */
  function armIdle(): void {
    if (!closed && agent.silent() && !bargeIn.speaking()) idle.arm()
  }

  return {
    bargeIn,
    idle,
    falseStart,
    armIdle,
    close(): void {
      closed = true
      bargeIn.close()
      falseStart.forget()
      idle.stop()
    },
  }
}

/** Entries of keys, given to the model as words; where it takes sound alone, that is told once. */
function createKeys(
  { settings, clock, telemetry, plugin }: RealtimeConversationParts,
  agent: Pick<RealtimeAgent, 'interrupt' | 'enter'>,
  onKey: () => void,
) {
  const { dtmf } = settings.conversation
  let told = false
  return createKeyCollector({
    ...dtmf,
    clock,
    onKey() {
      if (dtmf.interrupts) agent.interrupt('key')
      onKey()
    },
    onKeys(keys) {
      telemetry.keysTaken(keys)
      if (agent.enter(keys)) return
      if (!told) telemetry.keysUnheard(plugin)
      told = true
    },
  })
}

function publishedPartials({ settings, clock, telemetry }: RealtimeConversationParts) {
  return createPartialDebounce(clock, settings.stt.partialDebounceMs, (text) => telemetry.partial(text))
}
