/** How one connection behaves. Everything absent is well-behaved. */
export interface VoiceScript {
  /** Before the WebSocket is up: an HTTP status, `reset` of the TCP connection, or `hang`. */
  readonly refuse?: number | 'reset' | 'hang'
  /** Bytes of one audio message. Default 800, 100 ms. */
  readonly chunkBytes?: number
  /** Between two audio messages. Default 0. */
  readonly chunkDelayMs?: number
  /**
   * After this much audio of an utterance the connection is closed with `code`, or reset; from the connection's
   * `from`th utterance on (default the first).
   */
  readonly cut?: { readonly afterBytes: number; readonly code: number | 'reset'; readonly from?: number }
  /** After this much audio of an utterance nothing more comes, and nothing is read. */
  readonly stallAfterBytes?: number
  /** Utterances on one connection that are answered; then it is closed, as the service does with idle ones. */
  readonly utterances?: number
  /** The document is refused: close 1007 with this reason. */
  readonly refuseSsml?: string
  /** Messages sent as they are ahead of an utterance's audio, right or wrong. */
  readonly raw?: readonly { readonly path: string; readonly body: unknown }[]
  /** Nothing is spoken: the turn ends without audio. */
  readonly silent?: boolean
}

/** One utterance as the server heard it. */
export interface HeardUtterance {
  readonly connection: number
  readonly ssml: string
  readonly text: string
  /** Output format that was asked for. */
  readonly format: string
  /** Audio bytes sent so far. */
  sentBytes: number
  ended: boolean
}

export interface HeardConnection {
  readonly index: number
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  state: 'refused' | 'open' | 'closed'
}
