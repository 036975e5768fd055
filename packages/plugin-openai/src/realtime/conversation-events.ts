import type { LlmToolCall } from '@kav/core'
import { fieldsOf, MAX_TEXT_CHARS, textOf } from '../foreign-fields.ts'
import { type ConversationState, deleteItems } from './conversation-state.ts'
import { endOfReply } from './reply-end.ts'
import { offsetOf, type ServerEvent } from './server-event.ts'

const ASR = 'conversation.item.input_audio_transcription'

/** One event of the server, told to the host and noted. */
export function onConversationEvent(state: ConversationState, event: ServerEvent): void {
  const { emit, turns, ledger } = state
  switch (event.type) {
    case 'input_audio_buffer.speech_started':
      return emit({ type: 'speech-started', atMs: turns.started(offsetOf(event.audio_start_ms)) })
    case 'input_audio_buffer.speech_stopped':
      return emit({
        type: 'speech-stopped',
        atMs: turns.stopped(event.item_id, offsetOf(event.audio_end_ms)),
      })
    case 'input_audio_buffer.committed':
      turns.committed(event.item_id)
      return ledger.callerSpoke(event.item_id)
    case `${ASR}.delta`:
      return emit({
        type: 'caller-partial',
        itemId: event.item_id,
        text: grow(state, event.item_id, event.delta ?? ''),
      })
    case `${ASR}.completed`:
      return callerTranscript(state, event)
    case `${ASR}.failed`:
      // The model heard the audio itself; only the record has a gap.
      state.context.metrics.count('openai_realtime_transcripts_failed_total')
      return callerFinal(state, event.item_id, '')
    default:
      return onReplyEvent(state, event)
  }
}

function onReplyEvent(state: ConversationState, event: ServerEvent): void {
  const { emit, ledger, muted } = state
  switch (event.type) {
    case 'response.created': {
      const replyId = textOf(fieldsOf(event.response).id) ?? ''
      state.responses.created(replyId)
      state.replyItems = new Set()
      return emit({ type: 'reply-started', replyId })
    }
    case 'response.output_item.added':
      if (event.item.type === 'message' && event.item.id && event.response_id !== muted) {
        state.replyItems.add(event.item.id)
        ledger.agentSpoke(event.item.id)
      }
      return
    case 'response.output_audio.delta': {
      if (event.response_id === muted) return
      const audio = Buffer.from(event.delta, 'base64')
      state.replyItems.add(event.item_id)
      ledger.agentAudio(event.item_id, audio.length / state.bytesPerMs)
      return emit({ type: 'audio', itemId: event.item_id, audio })
    }
    case 'response.output_audio_transcript.delta':
    case 'response.output_text.delta': {
      if (event.response_id === muted) return
      const text = grow(state, event.item_id, event.delta)
      ledger.agentText(event.item_id, text)
      return emit({ type: 'agent-partial', itemId: event.item_id, text })
    }
    case 'response.output_audio_transcript.done':
    case 'response.output_text.done': {
      state.texts.delete(event.item_id)
      if (event.response_id === muted) return
      const text = event.type === 'response.output_text.done' ? event.text : event.transcript
      ledger.agentText(event.item_id, text)
      return emit({ type: 'agent-final', itemId: event.item_id, text })
    }
    case 'response.output_item.done': {
      const { item } = event
      if (item.type !== 'function_call' || item.status === 'incomplete' || !item.call_id) return
      if (event.response_id === muted) return dropCall(state, item.id ?? undefined)
      if (!item.name) return state.onOdd(event.type, 'a call has no name')
      return toolCall(state, { id: item.call_id, name: item.name, arguments: item.arguments || '{}' })
    }
    case 'response.done':
      return replyDone(state, event)
    default:
      return
  }
}

function replyDone(
  state: ConversationState,
  { response }: Extract<ServerEvent, { type: 'response.done' }>,
): void {
  const { responses, muted, context, doing } = state
  for (const said of endOfReply(response, responses.active, muted, context.metrics, doing)) state.emit(said)
  state.muted = undefined
  responses.done()
}

function grow({ texts }: ConversationState, itemId: string, delta: string): string {
  const before = texts.get(itemId) ?? ''
  const text = before.length > MAX_TEXT_CHARS ? before : before + delta
  texts.set(itemId, text)
  return text
}

/** The model heard the audio itself; without a transcript only the record has a gap. */
function callerTranscript(
  state: ConversationState,
  event: Extract<ServerEvent, { type: 'conversation.item.input_audio_transcription.completed' }>,
): void {
  const text = textOf(event.transcript)
  if (text === undefined) state.onOdd(event.type, 'transcript must be string')
  callerFinal(state, event.item_id, text ?? '')
}

function callerFinal(state: ConversationState, itemId: string, text: string): void {
  state.texts.delete(itemId)
  state.ledger.callerText(itemId, text)
  state.turns.written(itemId)
  state.emit({ type: 'caller-final', itemId, text })
}

/** A call of a reply that was interrupted: nobody will answer it, and the model must not wait for that. */
function dropCall(state: ConversationState, itemId: string | undefined): void {
  state.context.metrics.count('openai_realtime_late_tool_calls_dropped_total')
  if (itemId) deleteItems(state, [itemId])
}

function toolCall(state: ConversationState, call: LlmToolCall): void {
  state.openCalls.set(call.id, state.responses.active)
  state.ledger.toolCalled(call)
  state.emit({ type: 'tool-call', ...call })
}
