/** What a `speech.phrase` says of itself, as the service spells it. */
export type RecognitionStatus =
  | 'Success'
  | 'NoMatch'
  | 'InitialSilenceTimeout'
  | 'TooManyRequests'
  | 'Error'
  | 'Timeout'
  | 'BadRequest'
  | 'Forbidden'

/** Something the recogniser says once this much audio of the connection has been heard. */
export interface ScriptedResult {
  readonly atMs: number
  readonly partial?: string
  readonly final?: string
  /** A phrase without words; the faults end the recognition at the client. */
  readonly status?: RecognitionStatus
  /** End of the segment in the turn's audio. Default: all that was heard. */
  readonly endMs?: number
  readonly language?: string
}

/** How one connection behaves. Everything absent is well-behaved. */
export interface RecognitionScript {
  /**
   * Before the WebSocket is up: an HTTP status instead of the upgrade, `reset` of the TCP connection, or `hang`: the
   * request is read and never answered.
   */
  readonly refuse?: number | 'reset' | 'hang'
  /** Delay of the upgrade's answer. */
  readonly acceptAfterMs?: number
  readonly results?: readonly ScriptedResult[]
  /**
   * Understands numbered frames: `framesPerWord` consecutive ones are a word (`w0`, `w1`, …), heard only when all of
   * them arrived. Silence and every `wordsPerFinal` words close a segment.
   */
  readonly understand?: { readonly framesPerWord: number; readonly wordsPerFinal: number }
  /** Hears real speech: every utterance, told by its loudness, is one of these texts in turn. */
  readonly utterances?: readonly string[]
  /** Messages sent as they are once the first audio was heard, right or wrong. */
  readonly raw?: readonly { readonly path: string; readonly body: unknown }[]
  /** Language that results name. */
  readonly language?: string
  /** Closes the WebSocket with this code once that much audio was heard. */
  readonly closeAt?: { readonly ms: number; readonly code: number; readonly reason?: string }
  /** Breaks the TCP connection (RST). */
  readonly resetAtMs?: number
  /** Ends the turn in mid-stream; the client goes on with the next turn on the same connection. */
  readonly turnEndAtMs?: number
  /** From here on the server neither reads nor answers: a half-open connection. */
  readonly freezeAtMs?: number
  /** After the audio's end: the last phrase comes, the turn's end never does. */
  readonly neverEndTurn?: boolean
  /** Delay of every message. */
  readonly responseDelayMs?: number
}
