import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { LlmToolCall } from '../../contracts/llm.ts'
import type { RealtimeEvent, RealtimeSession } from '../../contracts/realtime.ts'
import type { HangUpReason } from '../../contracts/transport.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { CallSettings } from '../call-settings.ts'
import type { Conversation } from '../turns/conversation.ts'
import { createIdlePrompts } from './idle-prompts.ts'
import { createPartialDebounce } from '../turns/partial-debounce.ts'
import { createRealtimeBargeIn, type SpeechSource } from './realtime-barge-in.ts'
import { createRealtimeReplies, isAnswer } from './realtime-replies.ts'
import type { RealtimeSpeech } from './realtime-speech.ts'
import { createRealtimeTools } from './realtime-tools.ts'
import { createRealtimeTurns, type RealtimeReply, type ReplyKind } from './realtime-turns.ts'
import { GREETING_MARK } from '../replying/reply-desk.ts'
import type { ToolBox } from '../../tools/tool-box.ts'
import type { TxLine } from '../speaking/tx-line.ts'

/** The conversation of one call with a model that hears, thinks and speaks by itself. */
export interface RealtimeConversation extends Conversation {
  /** The session takes audio. Reads its events until they end, whatever the way to the caller does meanwhile. */
  converse(session: RealtimeSession): Promise<void>
}

export interface RealtimeConversationParts {
  readonly plugin: string
  /** The model finds the ends of turns. */
  readonly detectsTurns: boolean
  readonly settings: CallSettings
  /** Filled in for this call; empty: the caller speaks first. */
  readonly greeting: string
  readonly toolBox: ToolBox
  readonly line: TxLine
  readonly speech: RealtimeSpeech
  /** Milliseconds of caller audio that the session was given. */
  readonly writtenMs: () => number
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly onEnd: (reason: HangUpReason, transferTo?: string) => void
}

/** What the model is told of a tool that was to end the call, when the caller spoke before that. */
const STAYED = 'The caller spoke before the call ended, so it goes on.'

export function createRealtimeConversation(parts: RealtimeConversationParts): RealtimeConversation {
  const { settings, line, speech, clock, telemetry } = parts
  const {
    bargeIn: barge,
    dtmf,
    idle: idleSettings,
    fallbackLine,
    tools: toolSettings,
  } = settings.conversation
  const turns = createRealtimeTurns(clock, telemetry)
  const replies = createRealtimeReplies(telemetry)
  const tools = createRealtimeTools({
    toolBox: parts.toolBox,
    maxRounds: toolSettings.maxRounds,
    telemetry,
    answer: (callId, content) => session?.toolResult(callId, content),
    onGoesOn: () => turns.expect('follow-up'),
  })
  const partials = createPartialDebounce(clock, settings.stt.partialDebounceMs, telemetry.partial)
  const bargeIn = createRealtimeBargeIn({ settings: settings.conversation, clock, onEnough: interrupt })
  const idle = createIdlePrompts({
    settings: idleSettings,
    clock,
    onPrompt: (text) => say(text, 'prompt'),
    onGiveUp: (farewell) => (farewell === '' ? parts.onEnd('agent') : say(farewell, 'farewell')),
  })
  let session: RealtimeSession | undefined
  /** Asked for before the session was there. */
  const unsaid: string[] = []
  /** When our detector heard the caller fall silent; absent while they speak. */
  let voiceEndedMs: number | undefined
  let keysTold = false
  let closed = false
  let cancelEndTurn = (): void => undefined

  function say(text: string, kind: Exclude<ReplyKind, 'answer' | 'follow-up'>): void {
    turns.expect(kind)
    if (session) session.say(text)
    else unsaid.push(text)
  }

  function onEvent(event: RealtimeEvent): void {
    switch (event.type) {
      case 'speech-started':
        return speechStarted('model', clock.nowMs() - Math.max(0, parts.writtenMs() - event.atMs))
      case 'speech-stopped':
        return modelHeardEnd(event.atMs)
      case 'caller-partial':
        partials.offer(event.text)
        return bargeIn.words(event.text)
      case 'caller-final':
        partials.settle()
        turns.callerWritten(event.text)
        return bargeIn.words(event.text)
      case 'reply-started':
        return replyStarted(event.replyId)
      case 'audio':
        return onAudio(event.itemId, event.audio)
      case 'agent-partial':
      case 'agent-final':
        return onWords(event.itemId, event.text, event.type === 'agent-final')
      case 'tool-call':
        return void callTool(event)
      case 'usage':
        return telemetry.llmUsage(event.inputTokens, event.outputTokens)
      case 'reply-ended':
        return replyEnded(event)
      case 'reconnected':
        return telemetry.sttRotated({ plugin: parts.plugin, region: undefined, reason: event.reason })
    }
  }

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

  /** Nobody speaks, or is about to as far as is known here. */
  function armIdle(): void {
    if (!closed && !replies.first && !bargeIn.speaking) idle.arm()
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
    tools.newTurn()
    idle.restart()
    armIdle()
  }

  function replyStarted(id: string): void {
    idle.stop()
    const reply = turns.replyStarted(id)
    replies.begin(reply)
    // The result of a tool is no reason to talk over a caller who has taken the word.
    if (reply.kind === 'follow-up' && bargeIn.speaking && barge.mode !== 'off') stopReplies(undefined)
  }

  function onAudio(itemId: string, audio: Uint8Array): void {
    const { current } = replies
    if (!current || current.stopped) return
    if (!current.spoke && isAnswer(current)) {
      turns.token()
      turns.audio()
      void speech.nextFrame().then((outcome) => void (outcome === 'played' && turns.firstFrame()))
    }
    current.spoke = true
    speech.push(itemId, audio)
  }

  function onWords(itemId: string, text: string, final: boolean): void {
    const { current } = replies
    if (!current || current.stopped) return
    if (isAnswer(current)) turns.token()
    speech.text(itemId, text)
    if (final) replies.said(current.turn, itemId, text)
  }

  async function callTool(call: LlmToolCall): Promise<void> {
    const reply = replies.current
    if (!reply) return
    await tools.run(call, reply)
    if (!closed) settle(reply)
  }

  function replyEnded(event: Extract<RealtimeEvent, { type: 'reply-ended' }>): void {
    const reply = replies.ended()
    if (!reply) return
    if (event.reason === 'lost') turns.expectAgain(reply)
    if (event.reason === 'failed') failed(reply, event.error)
    if (reply.stopped) return
    speech.endReply()
    const label = reply.kind === 'greeting' ? GREETING_MARK : `reply_end_${reply.turn}`
    void speech.mark(label).then((outcome) => {
      if (outcome !== 'played' || reply.stopped || closed) return
      reply.heard = true
      settle(reply)
    })
  }

  function failed(reply: RealtimeReply, error: ProviderError | undefined): void {
    const { plugin } = parts
    telemetry.llmFailed(reply.turn, error ?? new ProviderError('network', `${plugin}: the reply failed`))
    if (!reply.spoke && !reply.stopped && isAnswer(reply) && fallbackLine !== '')
      say(fallbackLine, 'fallback')
  }

  /** The caller has heard the reply, and no tool of it runs any more: what was to follow it does. */
  function settle(reply: RealtimeReply): void {
    if (!replies.isOver(reply)) return
    speech.forgetHeard()
    if (reply.thenEnd) return end(reply.thenEnd.how)
    if (reply.kind === 'farewell') return parts.onEnd('agent')
    armIdle()
  }

  function end(how: NonNullable<RealtimeReply['thenEnd']>['how']): void {
    if (how.how === 'transfer') parts.onEnd('transferred', how.to)
    else parts.onEnd('agent')
  }

  /** The only step back: the reply ends, the tx-queue is emptied, `clear` goes out, the model's memory is cut. */
  function interrupt(): void {
    const { first, current } = replies
    const active = current !== undefined || !speech.empty || line.active
    if (closed || !first || !active || (first.kind === 'greeting' && !barge.greeting)) return
    const { heard, said } = speech.interrupt()
    for (const { itemId, text } of said) replies.said(first.turn, itemId, text)
    const words = said.map((one) => one.heard).filter((text) => text !== '')
    const afterSpeechMs = Math.max(0, clock.nowMs() - bargeIn.sinceMs)
    telemetry.interrupted({ turn: first.turn, afterSpeechMs }, words.join(' '))
    stopReplies(heard)
  }

  function stopReplies(heard: Parameters<RealtimeSession['interrupt']>[0]): void {
    session?.interrupt(heard)
    tools.cancel()
    for (const { thenEnd } of replies.stop()) if (thenEnd) session?.toolResult(thenEnd.callId, STAYED)
  }

  return {
    async converse(opened) {
      session = opened
      for (const text of unsaid.splice(0)) opened.say(text)
      for await (const event of opened.events) {
        // The last words of the caller belong in the record; the rest has nobody to hear it.
        if (!closed) onEvent(event)
        else if (event.type === 'caller-final') turns.callerWritten(event.text)
      }
    },
    start() {
      if (parts.greeting === '') return idle.arm()
      telemetry.greetingQueued(parts.greeting)
      say(parts.greeting, 'greeting')
    },
    voiceStarted: (nowMs) => speechStarted('voice', nowMs),
    voiceStopped(endedMs) {
      speechStopped('voice')
      voiceEndedMs = endedMs
      if (parts.detectsTurns) return
      cancelEndTurn = clock.after(settings.stt.timeoutMs, () => {
        session?.endTurn()
        callerDone(endedMs)
      })
    },
    onDtmf(digit) {
      telemetry.dtmf(digit)
      if (!keysTold) telemetry.keysUnheard(parts.plugin)
      keysTold = true
      if (dtmf.interrupts) interrupt()
      idle.restart()
      armIdle()
    },
    close() {
      if (closed) return
      const running = replies.current !== undefined
      const heard = speech.heard()
      closed = true
      speech.close()
      tools.close()
      partials.settle()
      bargeIn.close()
      idle.stop()
      cancelEndTurn()
      replies.stop()
      // What is still being made is made for nobody.
      if (running) session?.interrupt(heard)
    },
  }
}
