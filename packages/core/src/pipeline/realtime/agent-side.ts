import type { RealtimeEvent, RealtimeSession } from '../../contracts/realtime.ts'
import type { ReplyKind } from './realtime-turns.ts'

/** What stopped the agent: only of a voice it is known how long it took. */
export type Interrupter = 'voice' | 'key' | 'operator'

/** The agent's side: what the model says and does, and what follows it once it was heard. */
export interface RealtimeAgent {
  /** The session is there: what was asked for before is asked of it. */
  adopt(session: RealtimeSession): void
  /** Has the model say words of the configuration. */
  say(text: string, kind: Exclude<ReplyKind, 'answer' | 'follow-up'>): void
  /** Gives the model the caller's keys. False: it takes sound alone. */
  enter(keys: string): boolean
  /** Tells the model, which says nothing to it. False: it takes no notes. */
  note(text: string): boolean
  onEvent(event: AgentEvent): void
  /**
   * The only step back: the reply ends, the tx-queue is emptied, `clear` goes out, the model's memory is cut. False:
   * there was nothing to stop.
   */
  interrupt(by: Interrupter): boolean
  /** What was stopped last is taken up again, where the model can. */
  resume(): void
  endTurn(): void
  /** The caller has said something. */
  newTurn(): void
  /** Nothing is being made or heard. */
  silent(): boolean
  close(): void
}

export type AgentEvent = Extract<
  RealtimeEvent,
  {
    type: 'reply-started' | 'audio' | 'agent-partial' | 'agent-final' | 'tool-call' | 'usage' | 'reply-ended'
  }
>

/** What the agent's side needs of the caller's. */
export interface AgentListener {
  speaking(): boolean
  /** When their speech began that goes on, or was the last; absent before the first. */
  sinceMs(): number | undefined
  /** A reply begins; or all is over, as far as is known here. */
  onAgentBegins(): void
  onAgentSilent(): void
}
