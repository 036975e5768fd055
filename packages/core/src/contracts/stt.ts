import type { AudioFormat } from './audio.ts'

/** One word of a text. Offsets are those of `SttEvent`. */
export interface SttWord {
  readonly word: string
  readonly startMs: number
  readonly endMs: number
  /** 0 to 1. */
  readonly confidence?: number
}

/**
 * What a recogniser says. Offsets count milliseconds of audio written to *this* session, from its first byte.
 * `final` closes a segment, never a turn: the turn rules decide when the caller is done. A field that is of another
 * type than this says is a fault of the plugin (`KAV_PLUGIN_BUG`), and the session is replaced.
 */
export type SttEvent =
  | { readonly type: 'speech-started'; readonly atMs?: number }
  | { readonly type: 'speech-stopped'; readonly atMs?: number }
  | {
      readonly type: 'partial'
      /** The whole text of its segment so far, as heard by now; never only what is new since the partial before it. */
      readonly text: string
      readonly language?: string
      /** How likely this text stays as it is, 0 to 1. */
      readonly stability?: number
      /** All words of `text` with their times, in order. */
      readonly words?: readonly SttWord[]
    }
  | {
      readonly type: 'final'
      readonly text: string
      /**
       * End of the segment. Absent: that of the last of `words`; without these, somewhere in the audio written so far,
       * and if the session dies before the next silence, that audio is heard again and the words told are left out.
       */
      readonly endMs?: number
      /** 0 to 1. */
      readonly confidence?: number
      readonly language?: string
      /** All words of `text` with their times, in order. */
      readonly words?: readonly SttWord[]
      /** What else it may have been, the likeliest first; `text` is not among them. */
      readonly alternatives?: readonly string[]
    }
  /**
   * The recogniser's own judgement of turns: the caller is done. Told behind the words that it is about: one that is
   * sure behind their `final`, one that is less sure behind the partial or the final that holds them whole.
   */
  | {
      readonly type: 'turn-ended'
      /** 0 to 1, as sure as the recogniser is. Absent: sure. Less than sure may be taken back. */
      readonly probability?: number
      readonly atMs?: number
    }
  /** The last `turn-ended` was none: the caller goes on. Never without one; not after one that was sure. */
  | { readonly type: 'turn-resumed'; readonly atMs?: number }
  /** What the provider counts for its bill, since the last of these. Where none is told, the core counts what it wrote. */
  | { readonly type: 'usage'; readonly audioMs: number }
  /**
   * The session will end by itself soon (provider limit); the core opens the next one now. Of no other session: one
   * that says it at once is taken for one that fails. `reason` is one word, such as `session-expires`: a sentence is
   * left out of a log that holds nothing private.
   */
  | { readonly type: 'closing'; readonly reason: string }

/** How much a provider takes of `hints`. */
export interface SttHintCaps {
  readonly maxPhrases?: number
  /** Of one phrase; a longer one is left out, never cut. */
  readonly maxPhraseChars?: number
  /** Of all phrases together. */
  readonly maxChars?: number
}

export interface SttSessionOptions {
  readonly callId: string
  /** One of the provider's `accepts`. */
  readonly format: AudioFormat
  /** Where to open: one of the provider's `regions`; absent when it has none. */
  readonly region?: string
  /** Overrides the configured language for this session. */
  readonly language?: string
  /** Phrases the conversation expects, the pipeline's and the llm's together, the most wanted first; within `hintCaps`. */
  readonly hints: readonly string[]
  /**
   * Aborted when the core no longer wants the session, also while it is still opening. What is aborted ends silently or
   * with `cancelled`: a fault of another class would have it tried again. Nobody listens to it once the session is over.
   */
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
  /**
   * Iterated once, by the STT link, which may leave at any moment (`return`). Throws a `ProviderError` when the session
   * dies; ends after `finish` or `close`.
   */
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
  /** It tells `turn-ended`. Absent: it does not, and `turns.by: stt` is refused. */
  readonly detectsTurns?: boolean
  /** Absent: it takes any number of hints. */
  readonly hintCaps?: SttHintCaps
  /** True: it hears hints alone, so a pipeline that gives it none is refused. Absent: it hears anything. */
  readonly needsHints?: boolean
  /** Life of one session in ms; the core rotates before it. */
  readonly maxSessionMs?: number
  /**
   * Each session stands by itself, the hundredth as the first: what one heard is in no other.
   * Resolves when the session takes audio; rejects with a `ProviderError`. The core bounds the wait itself.
   */
  openSession(options: SttSessionOptions): Promise<SttSession>
  /** One utterance in one request, for when no session will open. */
  recognize?(audio: Uint8Array, options: Omit<SttSessionOptions, 'region'>): Promise<string>
  /** Frees what all sessions share. */
  close(): Promise<void>
}
