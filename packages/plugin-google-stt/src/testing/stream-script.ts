import type { HeardWord } from './word-listener.ts'
import type { GrpcStatus } from '@kav/google-cloud/testing'

/** Something the recogniser says once that much audio has been heard. */
export interface ScriptedResult {
  /** Said when this much of the stream's audio has arrived. */
  readonly atMs: number
  readonly partial?: string
  readonly final?: string
  /** End of the segment in the stream's audio; for a final. Default `atMs`. */
  readonly endMs?: number
  readonly confidence?: number
  /** Of a final; sent where the client asked for them. */
  readonly words?: readonly HeardWord[]
  readonly languageCode?: string
  readonly speech?: 'begin' | 'end'
}

/** How one stream behaves. Everything absent is well-behaved. */
export interface StreamScript {
  /** When the headers go out. Google may send none before its first response: `with-first-response`. */
  readonly headers?: 'at-once' | 'with-first-response' | { readonly afterMs: number }
  /** The stream is refused as soon as its first message is read. */
  readonly refuse?: GrpcStatus
  readonly results?: readonly ScriptedResult[]
  /**
   * Understands numbered frames: every `framesPerWord` consecutive indexes are one word (`w0`, `w1`, …) that is heard
   * only when all of its frames were. Silence and every `wordsPerFinal` words close a segment.
   */
  readonly understand?: { readonly framesPerWord: number; readonly wordsPerFinal: number }
  /** Hears real speech: every utterance, told by its loudness, is one of these texts in turn. Mu-law only. */
  readonly utterances?: readonly string[]
  /** Responses sent as they are once the first audio was heard, right or wrong. */
  readonly raw?: readonly Readonly<Record<string, unknown>>[]
  readonly failAtMs?: { readonly ms: number; readonly status: GrpcStatus }
  /** Ends with status OK in mid-stream. */
  readonly endAtMs?: number
  /** From here on the server neither reads nor answers. */
  readonly freezeAtMs?: number
  /** Delay of every response. */
  readonly responseDelayMs?: number
  /** Keeps the stream open after the client's half-close. */
  readonly neverEnd?: boolean
}
