import {
  bytesPerSecond,
  type PluginContext,
  type RealtimeEvent,
  type RealtimeSessionOptions,
} from '@kav/core'
import {
  type AudioReplay,
  type CallerTurns,
  type ConversationLedger,
  createCallerTurns,
  createConversationLedger,
} from '@kav/core/kit'
import { withWholeToolPairs } from '../llm/context-budget.ts'
import type { OnOddEvent } from './odd-events.ts'
import { createResponseQueue, type ResponseQueue } from './response-queue.ts'

export interface SpeechConversationParts {
  readonly options: RealtimeSessionOptions
  readonly context: PluginContext
  readonly replay: AudioReplay
  /** Budget of the conversation put back into a new connection. */
  readonly historyTokens: number
  /** The server ends the caller's turns. */
  readonly detectsTurns: boolean
  readonly doing: string
  readonly onOdd: OnOddEvent
  emit(event: RealtimeEvent): void
  send(json: string): void
}

/** Where one conversation stands, for those who read the server's events and those who write to it. */
export interface ConversationState extends SpeechConversationParts {
  readonly bytesPerMs: number
  readonly ledger: ConversationLedger
  readonly turns: CallerTurns
  readonly responses: ResponseQueue
  /** Texts that are still growing, by item. */
  readonly texts: Map<string, string>
  /** Calls that are not answered, and the reply each was made in. */
  readonly openCalls: Map<string, string | undefined>
  /** Items of the running reply. */
  replyItems: Set<string>
  /** The reply that was interrupted: what still comes of it is not for the caller. */
  muted: string | undefined
}

/** Takes items out of the server's conversation. */
export function deleteItems({ send }: Pick<ConversationState, 'send'>, itemIds: readonly string[]): void {
  for (const item_id of itemIds) send(JSON.stringify({ type: 'conversation.item.delete', item_id }))
}

export function createConversationState(parts: SpeechConversationParts): ConversationState {
  const bytesPerMs = bytesPerSecond(parts.options.format) / 1000
  return {
    ...parts,
    bytesPerMs,
    ledger: createConversationLedger(withWholeToolPairs(parts.options.history)),
    turns: createCallerTurns(parts.replay, bytesPerMs),
    responses: createResponseQueue(parts.send),
    texts: new Map(),
    openCalls: new Map(),
    replyItems: new Set(),
    muted: undefined,
  }
}
