import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { RealtimeReply } from './realtime-turns.ts'

/** The model's answers that the caller has not heard to their end, and what the record is told of them. */
export interface RealtimeReplies {
  /** The one that is being made. */
  readonly current: RealtimeReply | undefined
  /** The oldest that is not over; the one being heard, if any is. */
  readonly first: RealtimeReply | undefined
  begin(reply: RealtimeReply): void
  /** How many were begun that are not over. */
  readonly open: number
  /** The model makes no more of the current one; returns it. */
  ended(): RealtimeReply | undefined
  /** Words of an item are whole, or will not go on. */
  said(turn: number, itemId: string, text: string): void
  /** True once, when the reply was heard and no tool of it runs any more. `heardInPart`: what of it, where not all was. */
  isOver(reply: RealtimeReply, heardInPart: () => string | undefined): boolean
  /** None of them will be heard any further; returns them. */
  stop(): readonly RealtimeReply[]
}

export function createRealtimeReplies(telemetry: CallTelemetry): RealtimeReplies {
  let current: RealtimeReply | undefined
  let unheard: RealtimeReply[] = []
  /** Items whose words stand in the record. */
  let told = new Set<string>()

  function tellOutcome(
    reply: RealtimeReply,
    outcome: 'heard' | 'silent' | 'cancelled',
    heard?: string,
  ): void {
    if (reply.kind === 'greeting') telemetry.greetingEnd(outcome, heard)
    else if (!isAnswer(reply)) telemetry.promptEnded(reply.turn, outcome, heard)
    // One that called a tool goes on; one that was interrupted is told of as such.
    else if (outcome !== 'cancelled' && (reply.calls === 0 || reply.ends.length > 0)) {
      telemetry.replyEnded(reply.turn, reply.spoke || reply.ends.length > 0 ? 'heard' : 'failed', heard)
    }
  }

  return {
    get current() {
      return current
    },
    get open() {
      return unheard.length
    },
    get first() {
      return unheard[0]
    },
    begin(reply) {
      current = reply
      unheard.push(reply)
    },
    ended() {
      const reply = current
      current = undefined
      if (reply) reply.ended = true
      return reply
    },
    said(turn, itemId, text) {
      if (text.trim() === '' || told.has(itemId)) return
      told.add(itemId)
      // The greeting stands in the record as it was asked for.
      if (unheard[0]?.kind !== 'greeting' || turn > 0) telemetry.agentSaid(turn, text.trim())
    },
    isOver(reply, heardInPart) {
      if (!reply.heard || reply.openCalls > 0 || !unheard.includes(reply)) return false
      unheard = unheard.filter((other) => other !== reply)
      if (unheard.length === 0) told = new Set()
      tellOutcome(reply, reply.spoke ? 'heard' : 'silent', heardInPart())
      return true
    },
    stop() {
      const stopped = unheard
      unheard = []
      told = new Set()
      for (const reply of stopped) {
        reply.stopped = true
        tellOutcome(reply, 'cancelled')
      }
      return stopped
    },
  }
}

/** Made by the model on its own account, not words of the configuration. */
export function isAnswer(reply: RealtimeReply): boolean {
  return reply.kind === 'answer' || reply.kind === 'follow-up'
}
