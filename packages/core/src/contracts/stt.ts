import type { AudioFormat } from './audio.ts'

/**
 * What a recogniser says. Offsets count milliseconds of audio written to *this* session, from its first byte.
 * `final` closes a segment, never a turn: the turn rules decide when the caller is done.
 */
export type SttEvent =
  | { readonly type: 'speech-started'; readonly atMs?: number }
  | { readonly type: 'speech-stopped'; readonly atMs?: number }
  | { readonly type: 'partial'; readonly text: string; readonly language?: string }
  | {
      readonly type: 'final'
      readonly text: string
      /** End of the segment. Absent: the segment ends with the audio written so far. */
      readonly endMs?: number
      readonly confidence?: number
      readonly language?: string
    }
  /** The session will end by itself soon (provider limit); the core opens the next one now. */
  | { readonly type: 'closing'; readonly reason: string }

export interface SttSessionOptions {
  readonly callId: string
  /** One of the provider's `accepts`. */
  readonly format: AudioFormat
  /** Where to open: one of the provider's `regions`; absent when it has none. */
  readonly region?: string
  /** Overrides the configured language for this session. */
  readonly language?: string
  /** Phrases the conversation expects, the pipeline's and the llm's together. */
  readonly hints: readonly string[]
  /** Aborted when the core no longer wants the session, also while it is still opening. */
  readonly signal: AbortSignal
}

/**
 * One live recognition. The RX worker is the only caller of `write`, and of `finish` when the call ends; a session
 * that is replaced in mid-call is finished by the STT link once the RX worker writes to its successor.
 * Order of life: write* → finish → (last events) → end of `events` → close. `close` may come at any moment.
 */
export interface SttSession {
  /** Audio in order, `BATCH_MS` at a time. Lent. Never blocks, never throws; after `finish` or `close` it does nothing. */
  write(audio: Uint8Array): void
  /** No more audio will come. The last final is delivered, then `events` ends. */
  finish(): void
  /** Iterated once, by the STT link. Throws a `ProviderError` when the session dies; ends after `finish` or `close`. */
  readonly events: AsyncIterable<SttEvent>
  /** Frees everything. No event is delivered after it is called. Resolves always, also when called twice. */
  close(): Promise<void>
}

export interface SttProvider {
  /** Formats `openSession` takes, best first. The core converts when the call's own is not among them. */
  readonly accepts: readonly AudioFormat[]
  /** Regions in the order they are tried. Absent: one nameless region. */
  readonly regions?: readonly string[]
  /** False: it says nothing of an utterance before that is over, so nobody waits for partials. Absent: it does. */
  readonly partials?: boolean
  /** False: it has none, and hears utterance by utterance (`recognize`) from the start. Absent: it has. */
  readonly sessions?: boolean
  /** Life of one session in ms; the core rotates before it. */
  readonly maxSessionMs?: number
  /** Resolves when the session takes audio; rejects with a `ProviderError`. The core bounds the wait itself. */
  openSession(options: SttSessionOptions): Promise<SttSession>
  /** One utterance in one request, for when no session will open. */
  recognize?(audio: Uint8Array, options: Omit<SttSessionOptions, 'region'>): Promise<string>
  /** Frees what all sessions share. */
  close(): Promise<void>
}
