import {
  bytesPerSecond,
  type HeardAudio,
  type LlmToolCall,
  type PluginContext,
  type RealtimeEvent,
  type RealtimeSessionOptions,
} from '@kav/core'
import { trimToBudget, withWholeToolPairs } from '../llm/context-budget.ts'
import type { AudioReplay } from '../audio-replay.ts'
import { createCallerTurns } from './caller-turns.ts'
import { itemEvents } from './conversation-items.ts'
import { createConversationLedger } from './conversation-ledger.ts'
import type { ServerEvent } from './server-event.ts'
import { endOfReply } from './reply-end.ts'
import { createResponseQueue } from './response-queue.ts'

export interface SpeechConversationParts {
  readonly options: RealtimeSessionOptions
  readonly context: PluginContext
  readonly replay: AudioReplay
  /** Budget of the conversation put back into a new connection. */
  readonly historyTokens: number
  /** The server ends the caller's turns. */
  readonly detectsTurns: boolean
  readonly doing: string
  emit(event: RealtimeEvent): void
  send(json: string): void
}

/**
 * One call's conversation, over all of its connections: reads the server's events, keeps what a new connection would
 * have to be told, and writes what changes the conversation. It knows nothing of sockets.
 */
export interface SpeechConversation {
  onEvent(event: ServerEvent): void
  wrote(): void
  interrupt(heard: HeardAudio | undefined): void
  endTurn(): void
  toolResult(callId: string, content: string): void
  say(text: string): void
  /** The server refused an answer because it was making one already. */
  responseRefused(): void
  /** Puts the conversation into a new connection; the kept audio is to be written next, then `goOn`. */
  putBack(): void
  /** After the audio: asks for the answer that the caller is still waiting for. */
  goOn(): void
  /** No answer is being made or awaited: the connection may be changed. */
  readonly replying: boolean
  /** Nothing at all is going on. */
  readonly quiet: boolean
}

const ASR = 'conversation.item.input_audio_transcription'

export function createSpeechConversation(parts: SpeechConversationParts): SpeechConversation {
  const { options, context, replay, emit, send } = parts
  const bytesPerMs = bytesPerSecond(options.format) / 1000
  const ledger = createConversationLedger(withWholeToolPairs(options.history))
  const turns = createCallerTurns(replay, bytesPerMs)
  const responses = createResponseQueue(send)
  const texts = new Map<string, string>()
  const openCalls = new Set<string>()
  let replyItems = new Set<string>()
  /** The reply that was interrupted: what still comes of it is not for the caller. */
  let muted: string | undefined
  let lostReply = false
  /** The caller's last turn goes to the new connection as audio. */
  let rehears = false

  function grow(itemId: string, delta: string): string {
    const text = (texts.get(itemId) ?? '') + delta
    texts.set(itemId, text)
    return text
  }

  function callerFinal(itemId: string, text: string): void {
    texts.delete(itemId)
    ledger.callerText(itemId, text)
    turns.written(itemId)
    emit({ type: 'caller-final', itemId, text })
  }

  function toolCall(call: LlmToolCall): void {
    openCalls.add(call.id)
    ledger.toolCalled(call)
    emit({ type: 'tool-call', ...call })
  }

  /** A call of a reply that was interrupted: nobody will answer it, and the model must not wait for that. */
  function dropCall(itemId: string | undefined): void {
    context.metrics.count('openai_realtime_late_tool_calls_dropped_total')
    if (itemId) deleteItems([itemId])
  }

  function deleteItems(itemIds: readonly string[]): void {
    for (const item_id of itemIds) send(JSON.stringify({ type: 'conversation.item.delete', item_id }))
  }

  function onEvent(event: ServerEvent): void {
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
        return emit({ type: 'speech-started', atMs: turns.started(event.audio_start_ms) })
      case 'input_audio_buffer.speech_stopped':
        return emit({ type: 'speech-stopped', atMs: turns.stopped(event.item_id, event.audio_end_ms) })
      case 'input_audio_buffer.committed':
        turns.committed(event.item_id)
        return ledger.callerSpoke(event.item_id)
      case `${ASR}.delta`:
        return emit({
          type: 'caller-partial',
          itemId: event.item_id,
          text: grow(event.item_id, event.delta ?? ''),
        })
      case `${ASR}.completed`:
        return callerFinal(event.item_id, event.transcript)
      case `${ASR}.failed`:
        // The model heard the audio itself; only the record has a gap.
        context.metrics.count('openai_realtime_transcripts_failed_total')
        return callerFinal(event.item_id, '')
      default:
        return onReplyEvent(event)
    }
  }

  function onReplyEvent(event: ServerEvent): void {
    switch (event.type) {
      case 'response.created': {
        const replyId = event.response.id ?? ''
        responses.created(replyId)
        replyItems = new Set()
        return emit({ type: 'reply-started', replyId })
      }
      case 'response.output_item.added':
        if (event.item.type === 'message' && event.item.id && event.response_id !== muted) {
          replyItems.add(event.item.id)
          ledger.agentSpoke(event.item.id)
        }
        return
      case 'response.output_audio.delta': {
        if (event.response_id === muted) return
        const audio = Buffer.from(event.delta, 'base64')
        replyItems.add(event.item_id)
        ledger.agentAudio(event.item_id, audio.length / bytesPerMs)
        return emit({ type: 'audio', itemId: event.item_id, audio })
      }
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta': {
        if (event.response_id === muted) return
        const text = grow(event.item_id, event.delta)
        ledger.agentText(event.item_id, text)
        return emit({ type: 'agent-partial', itemId: event.item_id, text })
      }
      case 'response.output_audio_transcript.done':
      case 'response.output_text.done': {
        texts.delete(event.item_id)
        if (event.response_id === muted) return
        const text = 'transcript' in event ? event.transcript : event.text
        ledger.agentText(event.item_id, text)
        return emit({ type: 'agent-final', itemId: event.item_id, text })
      }
      case 'response.output_item.done': {
        const { item } = event
        if (item.type !== 'function_call' || item.status === 'incomplete' || !item.call_id) return
        if (event.response_id === muted) return dropCall(item.id)
        return toolCall({ id: item.call_id, name: item.name, arguments: item.arguments || '{}' })
      }
      case 'response.done':
        for (const said of endOfReply(event.response, responses.active, muted, context.metrics, parts.doing))
          emit(said)
        muted = undefined
        return responses.done()
      default:
        return
    }
  }

  function endTurn(): void {
    send('{"type":"input_audio_buffer.commit"}')
    responses.goOn()
  }

  return {
    onEvent,
    wrote: turns.wrote,
    interrupt(heard) {
      const { active } = responses
      if (active !== undefined && muted === undefined) {
        muted = active
        send('{"type":"response.cancel"}')
      }
      if (heard) {
        const audio_end_ms = ledger.cut(heard.itemId, heard.heardMs)
        send(
          JSON.stringify({
            type: 'conversation.item.truncate',
            item_id: heard.itemId,
            content_index: 0,
            audio_end_ms,
          }),
        )
      }
      deleteItems(ledger.forgetAfter(heard?.itemId, replyItems))
    },
    endTurn,
    toolResult(callId, content) {
      if (!openCalls.delete(callId)) return
      ledger.toolAnswered(callId, content)
      const [event] = itemEvents({ role: 'tool', toolCallId: callId, content })
      send(event!)
      if (openCalls.size === 0) responses.goOn()
    },
    say: (text) => responses.say(text),
    responseRefused: () => responses.refused(),
    putBack() {
      if (turns.restart()) emit({ type: 'speech-stopped', atMs: replay.endBytes / bytesPerMs })
      const { active } = responses
      if (active !== undefined) {
        lostReply = muted === undefined
        emit({ type: 'reply-ended', replyId: active, reason: lostReply ? 'lost' : 'interrupted' })
      }
      responses.reset()
      muted = undefined
      texts.clear()
      rehears = ledger.forgetUnwritten() > 0
      // The words that the lost reply answered are said again, and answered again.
      if (rehears) ledger.forgetAfter(undefined, replyItems)
      for (const message of trimToBudget(ledger.messages(), options.tools, parts.historyTokens)) {
        for (const event of itemEvents(message)) send(event)
      }
    },
    goOn() {
      const owed = lostReply || (ledger.awaitsReply && openCalls.size === 0)
      if (rehears && !parts.detectsTurns) endTurn()
      else if (owed && !rehears) responses.goOn()
      else responses.done()
      lostReply = false
      rehears = false
    },
    get replying() {
      return !responses.idle || openCalls.size > 0
    },
    get quiet() {
      return responses.idle && openCalls.size === 0 && !turns.speaking && turns.unwritten === 0
    },
  }
}
