import { asProviderError, ProviderError } from '../../contracts/errors.ts'
import type { LlmUsage } from '../../contracts/llm.ts'
import type { RealtimeEvent } from '../../contracts/realtime.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { RequestWatch } from '../../telemetry/request-telemetry.ts'
import type { RealtimeReply } from './realtime-turns.ts'

/** The model's answers that the caller has not heard to their end, and what the record is told of them. */
export interface RealtimeReplies {
  /** The one that is being made. */
  current(): RealtimeReply | undefined
  /** The oldest that is not over; the one being heard, if any is. */
  first(): RealtimeReply | undefined
  begin(reply: RealtimeReply): void
  /** The first audio, words or tool call of the current one has come, or a later one. */
  made(): void
  /** What it took, as the model counts. */
  took(usage: LlmUsage): void
  /** How many were begun that are not over. */
  open(): number
  /** The model makes no more of the current one; returns it. Absent: nobody wants more of it. */
  ended(how?: ReplyEnd): RealtimeReply | undefined
  /** Of this one no more is made, and another is being made: what is told of it is late. */
  endedBefore(id: string): boolean
  /** Words of an item are whole, or will not go on. */
  said(turn: number, itemId: string, text: string): void
  /** True once, when the reply was heard and no tool of it runs any more. `heardInPart`: what of it, where not all was. */
  isOver(reply: RealtimeReply, heardInPart: () => string | undefined): boolean
  /** None of them will be heard any further; returns them. */
  stop(): readonly RealtimeReply[]
}

type ReplyEnd = Extract<RealtimeEvent, { type: 'reply-ended' }>

export function createRealtimeReplies(telemetry: CallTelemetry, plugin: string): RealtimeReplies {
  /** What a reply is to the model: one request, from its beginning until no more is made of it. */
  let request: RequestWatch | undefined
  let current: RealtimeReply | undefined
  let lastEndedId: string | undefined
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
    current() {
      return current
    },
    open() {
      return unheard.length
    },
    first() {
      return unheard[0]
    },
    begin(reply) {
      current = reply
      unheard.push(reply)
      request = telemetry.requests.watch('llm', reply.turn, { output: 'speech' })
      request.asked(plugin)
    },
    made: () => request?.begun(),
    took: ({ inputTokens, outputTokens }) => request?.tokens(inputTokens, outputTokens),
    ended(how) {
      const reply = current
      current = undefined
      request?.over(how && faultOf(how, plugin), how !== undefined && WHOLE.has(how.reason))
      request = undefined
      if (!reply) return undefined
      reply.ended = true
      lastEndedId = reply.id
      return reply
    },
    endedBefore: (id) => current !== undefined && current.id !== id && id === lastEndedId,
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

/** Of these reasons all that the model had to say has come. */
const WHOLE: ReadonlySet<ReplyEnd['reason']> = new Set(['done', 'length', 'content-filter'])

function faultOf({ reason, error }: ReplyEnd, plugin: string): ProviderError | undefined {
  if (reason === 'failed') return faultOfReply(error, plugin)
  return reason === 'lost' ? new ProviderError('network', `${plugin}: the connection went away`) : undefined
}

/** Why a reply failed, whatever the plugin gave for it. */
export function faultOfReply(error: unknown, plugin: string): ProviderError {
  return error ? asProviderError(error, plugin) : new ProviderError('network', `${plugin}: the reply failed`)
}

/** Made by the model on its own account, not words of the configuration. */
export function isAnswer(reply: RealtimeReply): boolean {
  return reply.kind === 'answer' || reply.kind === 'follow-up'
}
