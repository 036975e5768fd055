import type { AudioFormat } from './audio.ts'
import type { ProviderError } from './errors.ts'
import type { LlmMessage, LlmTool, LlmToolCall, LlmUsage } from './llm.ts'

/**
 * What a speech-to-speech model says. It hears, thinks and speaks by itself, so that it stands in place of stt, llm
 * and tts; the core still owns the audio's pace, the queues, the interruption, the tools and the history.
 * Offsets count milliseconds of caller audio written to *this* session, from its first byte, over all connections.
 */
export type RealtimeEvent =
  | { readonly type: 'speech-started'; readonly atMs: number }
  | { readonly type: 'speech-stopped'; readonly atMs: number }
  /** What the caller said, as far as it is written down: the whole text of the item so far. */
  | { readonly type: 'caller-partial'; readonly itemId: string; readonly text: string }
  | { readonly type: 'caller-final'; readonly itemId: string; readonly text: string }
  /** An answer begins. One at a time; `reply-ended` with the same id closes it, always. */
  | { readonly type: 'reply-started'; readonly replyId: string }
  /**
   * Speech of the agent in the session's format, chunks of any size, faster than it plays. `itemId` names what
   * `interrupt` is told about. Valid until the next event is asked for.
   */
  | { readonly type: 'audio'; readonly itemId: string; readonly audio: Uint8Array }
  /** What the agent says, the whole text of the item so far. Runs ahead of the audio. */
  | { readonly type: 'agent-partial'; readonly itemId: string; readonly text: string }
  | { readonly type: 'agent-final'; readonly itemId: string; readonly text: string }
  /** The model wants a tool run; `toolResult` answers. Several may come in one reply. */
  | ({ readonly type: 'tool-call' } & LlmToolCall)
  | LlmUsage
  | {
      readonly type: 'reply-ended'
      readonly replyId: string
      /** `interrupted`: the caller spoke. `lost`: the connection went away; the session goes on by itself. */
      readonly reason: 'done' | 'interrupted' | 'length' | 'content-filter' | 'failed' | 'lost'
      /** Why, when it failed. A failed reply does not end the session. */
      readonly error?: ProviderError
    }
  /** The session has moved to a new connection, with the conversation. Nothing to do; for the log and the record. */
  | { readonly type: 'reconnected'; readonly reason: 'session-limit' | 'fault'; readonly tookMs: number }

export interface RealtimeSessionOptions {
  readonly callId: string
  /** One of the provider's `formats`, for both directions. */
  readonly format: AudioFormat
  /** The system prompt. */
  readonly instructions: string
  readonly tools: readonly LlmTool[]
  readonly language?: string
  /** Phrases the conversation expects, for the transcripts. */
  readonly hints: readonly string[]
  /** What was said before, when the session does not begin the call. */
  readonly history: readonly LlmMessage[]
  /** Aborted when the core no longer wants the session, also while it is still opening. */
  readonly signal: AbortSignal
}

/** How much of an answer the caller has heard. */
export interface HeardAudio {
  /** The item whose audio was playing, or was the last to play. */
  readonly itemId: string
  /** Milliseconds of it that have been played, from its first byte. */
  readonly heardMs: number
}

/**
 * One call's conversation with the model. It outlives its connection: before the provider's time limit and after a
 * fault it moves to a new one, with the conversation put back in and no caller audio lost.
 * The RX worker is the only caller of `write` and `finish`.
 */
export interface RealtimeSession {
  /** Caller audio in order, `BATCH_MS` at a time. Lent. Never blocks, never throws; after `finish` or `close` nothing. */
  write(audio: Uint8Array): void
  /**
   * The caller spoke over the agent, or the core stops it: the reply ends at the provider, no more of its audio is
   * delivered, and the model's memory of it is cut to what was heard. `heard` is absent when nothing was played.
   */
  interrupt(heard?: HeardAudio): void
  /** The caller has finished speaking. Only where `detectsTurns` is false. */
  endTurn(): void
  /** Result of a tool call; the model goes on when all calls of the reply are answered. */
  toolResult(callId: string, content: string): void
  /** Has the model say this, as near to the words as it can: greeting, reminder. Waits for a running reply to end. */
  say(text: string): void
  /**
   * The caller pressed these keys: a turn of theirs in words, which the model answers once a running reply has ended.
   * Absent: the provider takes sound alone.
   */
  enter?(keys: string): void
  /**
   * The model is told this as a system note, for the rest of the session, also over its connections. Nobody hears it,
   * and it starts no reply. Absent: the provider has no place for notes.
   */
  note?(text: string): void
  /**
   * The reply that `interrupt` stopped was stopped by a noise: the model goes on with it from where its memory of it
   * was cut. Absent: what was stopped is not taken up again.
   */
  resume?(): void
  /** No more audio will come. A running reply is delivered to its end, then `events` ends. */
  finish(): void
  /** Iterated once, and may be left at any moment. Throws a `ProviderError` when the session dies for good; ends after `finish` or `close`. */
  readonly events: AsyncIterable<RealtimeEvent>
  /** Frees everything. No event is delivered after it is called. Resolves always, also when called twice. */
  close(): Promise<void>
}

/** Speech in, speech out. */
export interface RealtimeProvider {
  /** Formats a session carries, the same both ways, best first. */
  readonly formats: readonly AudioFormat[]
  /** The provider finds the ends of turns; else the core calls `endTurn`. */
  readonly detectsTurns: boolean
  /** Resolves when the session takes audio; rejects with a `ProviderError`. The core bounds the wait itself. */
  openSession(options: RealtimeSessionOptions): Promise<RealtimeSession>
  /** Frees what all sessions share, and ends those that are open. */
  close(): Promise<void>
}
