import type { GrpcStatus } from '@kav/google-cloud/testing'

/** How one request or stream behaves. Everything absent is well-behaved. */
export interface VoiceScript {
  /** Before the first audio of each input. */
  readonly delayMs?: number
  /** Audio comes in pieces of this size. Default 3200 bytes; only streams. */
  readonly chunkBytes?: number
  /** Between two pieces. Default none. */
  readonly chunkDelayMs?: number
  /** Fails instead of answering: a request at once, a stream at its first text. */
  readonly failWith?: GrpcStatus
  /** A stream fails after so many bytes of audio. */
  readonly failAfterBytes?: { readonly bytes: number; readonly status: GrpcStatus }
  /** A stream says nothing more after so many bytes of audio, and does not end. */
  readonly stallAfterBytes?: number
  /** Never answers. */
  readonly silent?: boolean
  /** These bytes in place of audio, whatever they are; a stream sends them in pieces. */
  readonly bytes?: Uint8Array
  /** Answers with no audio. */
  readonly empty?: boolean
}

/** One request or stream as the server heard it. */
export interface HeardSpeech {
  readonly kind: 'request' | 'stream'
  /** Position among all of this server, from 0. */
  readonly index: number
  readonly voice: string
  readonly language: string
  readonly encoding: string
  /** The first message as it came over the wire. */
  readonly opening: Readonly<Record<string, unknown>>
  /** Texts in the order heard. */
  readonly inputs: string[]
  readonly peer: string
  state: 'open' | 'finished' | 'cancelled' | 'failed'
}
