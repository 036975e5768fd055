import type { HeardAudio, RealtimeEvent } from '../../contracts/realtime.ts'
import type { ConversationLedger } from './conversation-ledger.ts'

type OfReply = Extract<
  RealtimeEvent,
  { readonly type: 'reply-started' | 'audio' | 'agent-partial' | 'agent-final' | 'tool-call' | 'reply-ended' }
>
type OfItem = Extract<OfReply, { readonly itemId: string }>

/** What the agent says over all connections, one reply at a time, and what of it is still to be said. */
export interface AgentReplies {
  /** `false`: it does not fit what was said before, and is left out. */
  heard(event: OfReply): boolean
  said(text: string): void
  interrupt(heard: HeardAudio | undefined): void
  /** `false`: nobody asked for it. */
  toolResult(callId: string, content: string): boolean
  /** The connection is gone, and the reply on it. */
  lost(): void
  /** Texts of the host that nobody has begun to say. */
  readonly says: readonly string[]
  /** Whether the caller waits for an answer. Asked once for each connection. */
  takeOwed(): boolean
}

interface OpenReply {
  readonly id: string
  /** The text of the host that it says. */
  readonly say: string | undefined
  readonly items: Set<string>
  muted: boolean
}

export function createAgentReplies(
  ledger: ConversationLedger,
  bytesPerMs: number,
  push: (event: RealtimeEvent) => void,
): AgentReplies {
  const openCalls = new Set<string>()
  const says: string[] = []
  let reply: OpenReply | undefined
  let lostAnswer = false

  function begun(event: Extract<OfReply, { readonly type: 'reply-started' }>): boolean {
    if (reply !== undefined) return false
    reply = { id: event.replyId, say: says.shift(), items: new Set(), muted: false }
    push(event)
    return true
  }
  function within(
    { items }: OpenReply,
    event: OfItem | Extract<OfReply, { readonly type: 'tool-call' }>,
  ): void {
    if (event.type === 'tool-call') {
      openCalls.add(event.id)
      ledger.toolCalled({ id: event.id, name: event.name, arguments: event.arguments })
    } else {
      items.add(event.itemId)
      if (event.type === 'audio') ledger.agentAudio(event.itemId, event.audio.length / bytesPerMs)
      else ledger.agentText(event.itemId, event.text)
    }
    push(event)
  }
  function ended(event: Extract<OfReply, { readonly type: 'reply-ended' }>): boolean {
    if (reply?.id !== event.replyId) return false
    push(reply.muted ? { type: 'reply-ended', replyId: reply.id, reason: 'interrupted' } : event)
    reply = undefined
    return true
  }

  return {
    says,
    heard(event) {
      if (event.type === 'reply-started') return begun(event)
      if (event.type === 'reply-ended') return ended(event)
      if (reply === undefined) return false
      if (!reply.muted) within(reply, event)
      return true
    },
    said: (text) => void says.push(text),
    interrupt(heard) {
      if (heard) ledger.cut(heard.itemId, heard.heardMs)
      if (reply === undefined) return
      reply.muted = true
      ledger.forgetAfter(heard?.itemId, reply.items)
    },
    toolResult(callId, content) {
      if (!openCalls.delete(callId)) return false
      ledger.toolAnswered(callId, content)
      return true
    },
    lost() {
      if (reply === undefined) return
      const { id, say, items, muted } = reply
      reply = undefined
      push({ type: 'reply-ended', replyId: id, reason: muted ? 'interrupted' : 'lost' })
      if (muted) return
      if (say === undefined) return void (lostAnswer = true)
      says.unshift(say)
      ledger.forgetAfter(undefined, items)
    },
    takeOwed() {
      const owed = says.length === 0 && (lostAnswer || (ledger.awaitsReply && openCalls.size === 0))
      lostAnswer = false
      return owed
    },
  }
}
