import type { RealtimeEvent } from '../../contracts/realtime.ts'
import { createPartialDebounce } from '../turns/partial-debounce.ts'
import { createIdlePrompts } from './idle-prompts.ts'
import { createRealtimeBargeIn, type SpeechSource } from './realtime-barge-in.ts'
import type { AgentListener, RealtimeAgent } from './realtime-agent.ts'
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
  agent: Pick<RealtimeAgent, 'interrupt' | 'say' | 'endTurn' | 'newTurn' | 'silent'>,
): RealtimeCaller {
  const { settings, clock } = parts
  const partials = publishedPartials(parts)
  const { bargeIn, idle, armIdle, close } = createCallerSilence(parts, agent)
  const tellKey = createKeyTeller(parts)
  /** When our detector heard the caller fall silent; absent while they speak. */
  let voiceEndedMs: number | undefined
  let cancelEndTurn = (): void => undefined

  function speechStarted(source: SpeechSource, sinceMs: number): void {
    idle.stop()
    cancelEndTurn()
    if (source === 'model') turns.callerGoesOn()
    else voiceEndedMs = undefined
    bargeIn.started(source, sinceMs)
  }

  function speechStopped(source: SpeechSource): void {
    bargeIn.stopped(source)
    armIdle()
  }

  function modelHeardEnd(atMs: number): void {
    speechStopped('model')
    if (!parts.detectsTurns) return
    const toldMs = clock.nowMs() - Math.max(0, parts.writtenMs() - atMs)
    // A model counts the pause that ends a turn as part of it; our detector knows better.
    const ofThisTurn = voiceEndedMs !== undefined && voiceEndedMs >= bargeIn.sinceMs
    callerDone(ofThisTurn ? Math.min(voiceEndedMs!, toldMs) : toldMs)
  }

  function callerDone(speechEndMs: number): void {
    turns.callerDone(speechEndMs)
    agent.newTurn()
    idle.restart()
    armIdle()
  }

  function onEvent(event: CallerEvent): void {
    if (event.type === 'speech-started') {
      return speechStarted('model', clock.nowMs() - Math.max(0, parts.writtenMs() - event.atMs))
    }
    if (event.type === 'speech-stopped') return modelHeardEnd(event.atMs)
    if (event.type === 'caller-partial') partials.offer(event.text)
    else {
      partials.settle()
      turns.callerWritten(event.text)
    }
    bargeIn.words(event.text)
  }

  return {
    onEvent,
    get speaking() {
      return bargeIn.speaking
    },
    get sinceMs() {
      return bargeIn.sinceMs
    },
    onAgentBegins: () => idle.stop(),
    onAgentSilent: armIdle,
    voiceStarted: (nowMs) => speechStarted('voice', nowMs),
    voiceStopped(endedMs) {
      speechStopped('voice')
      voiceEndedMs = endedMs
      if (parts.detectsTurns) return
      cancelEndTurn = clock.after(settings.stt.timeoutMs, () => {
        agent.endTurn()
        callerDone(endedMs)
      })
    },
    onDtmf(digit) {
      tellKey(digit)
      if (settings.conversation.dtmf.interrupts) agent.interrupt()
      idle.restart()
      armIdle()
    },
    close() {
      close()
      partials.settle()
      cancelEndTurn()
    },
  }
}

/** When the caller speaks enough to stop the agent, and when so little that they are asked. */
function createCallerSilence(
  parts: RealtimeConversationParts,
  agent: Pick<RealtimeAgent, 'interrupt' | 'say' | 'silent'>,
) {
  const { settings, clock, telemetry } = parts
  const bargeIn = createRealtimeBargeIn({
    settings: settings.conversation,
    clock,
    onEnough: () => agent.interrupt(),
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
    if (!closed && agent.silent && !bargeIn.speaking) idle.arm()
  }

  return {
    bargeIn,
    idle,
    armIdle,
    close(): void {
      closed = true
      bargeIn.close()
      idle.stop()
    },
  }
}

/** A speech-to-speech session takes sound alone: that is told once. */
function createKeyTeller({ telemetry, plugin }: RealtimeConversationParts): (digit: string) => void {
  let told = false
  return (digit) => {
    telemetry.dtmf(digit)
    if (!told) telemetry.keysUnheard(plugin)
    told = true
  }
}

function publishedPartials({ settings, clock, telemetry }: RealtimeConversationParts) {
  return createPartialDebounce(clock, settings.stt.partialDebounceMs, (text) => telemetry.partial(text))
}
