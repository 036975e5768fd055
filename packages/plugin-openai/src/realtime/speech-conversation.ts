import type { HeardAudio, LlmMessage } from '@kav/core'
import { trimToBudget } from '../llm/context-budget.ts'
import { onConversationEvent } from './conversation-events.ts'
import { itemEvents } from './conversation-items.ts'
import {
  type ConversationState,
  createConversationState,
  deleteItems,
  type SpeechConversationParts,
} from './conversation-state.ts'
import type { ServerEvent } from './server-event.ts'

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
  /** A message that the model answers. */
  add(message: LlmMessage): void
  /** A system note, which starts no answer. */
  note(content: string): void
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

export function createSpeechConversation(parts: SpeechConversationParts): SpeechConversation {
  const state = createConversationState(parts)
  const { ledger, turns, responses, openCalls } = state
  const { putBack, goOn } = createReturn(state)
  return {
    onEvent: (event) => onConversationEvent(state, event),
    wrote: turns.wrote,
    interrupt: (heard) => interrupt(state, heard),
    endTurn: () => endTurn(state),
    toolResult(callId, content) {
      if (!openCalls.has(callId)) return
      const reply = openCalls.get(callId)
      openCalls.delete(callId)
      ledger.toolAnswered(callId, content)
      const [event] = itemEvents({ role: 'tool', toolCallId: callId, content })
      parts.send(event!)
      // A call of another reply that takes long keeps nobody from going on.
      if (![...openCalls.values()].includes(reply)) responses.goOn()
    },
    say: (text) => responses.say(text),
    add(message) {
      ledger.said(message)
      for (const event of itemEvents(message)) parts.send(event)
      responses.goOn()
    },
    note(content) {
      ledger.noted(content)
      for (const event of itemEvents({ role: 'system', content })) parts.send(event)
    },
    responseRefused: () => responses.refused(),
    putBack,
    goOn,
    get replying() {
      return !responses.idle || openCalls.size > 0
    },
    get quiet() {
      return responses.idle && openCalls.size === 0 && !turns.speaking && turns.unwritten === 0
    },
  }
}

function endTurn({ send, responses }: ConversationState): void {
  send('{"type":"input_audio_buffer.commit"}')
  responses.goOn()
}

function interrupt(state: ConversationState, heard: HeardAudio | undefined): void {
  const { ledger, send } = state
  const { active } = state.responses
  if (active !== undefined && state.muted === undefined) {
    state.muted = active
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
  deleteItems(state, ledger.forgetAfter(heard?.itemId, state.replyItems))
}

/** The return of the conversation in a new connection. */
function createReturn(state: ConversationState): Pick<SpeechConversation, 'putBack' | 'goOn'> {
  const { options, replay, emit, send, ledger, turns, responses, openCalls } = state
  let lostReply = false
  /** The caller's last turn goes to the new connection as audio. */
  let rehears = false
  return {
    putBack() {
      if (turns.restart()) emit({ type: 'speech-stopped', atMs: replay.endBytes / state.bytesPerMs })
      const { active } = responses
      if (active !== undefined) {
        lostReply = state.muted === undefined
        emit({ type: 'reply-ended', replyId: active, reason: lostReply ? 'lost' : 'interrupted' })
      }
      responses.reset()
      state.muted = undefined
      state.texts.clear()
      rehears = ledger.forgetUnwritten() > 0
      // The words that the lost reply answered are said again, and answered again.
      if (rehears) ledger.forgetAfter(undefined, state.replyItems)
      for (const message of trimToBudget(ledger.messages(), options.tools, state.historyTokens)) {
        for (const event of itemEvents(message)) send(event)
      }
    },
    goOn() {
      const owed = lostReply || (ledger.awaitsReply && openCalls.size === 0)
      if (rehears && !state.detectsTurns) endTurn(state)
      else if (owed && !rehears) responses.goOn()
      else responses.done()
      lostReply = false
      rehears = false
    },
  }
}
