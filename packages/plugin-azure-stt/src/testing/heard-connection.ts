/** One turn of a recognition: what came in under one request id. */
export interface HeardTurn {
  readonly requestId: string
  /** The `speech.context` it began with. */
  readonly context: Readonly<Record<string, unknown>>
  /** Numbered frames in the order they arrived. */
  readonly frames: number[]
  silenceFrames: number
  brokenFrames: number
  /** Audio bytes, headers not counted. */
  bytes: number
  /** The audio itself, unless the server was told not to keep it. */
  readonly audio: Uint8Array[]
  /** The client said that no more audio would come. */
  audioEnded: boolean
}

/** One WebSocket connection as the server saw it. A recogniser keeps its id over reconnects. */
export interface HeardConnection {
  readonly index: number
  /** X-ConnectionId. */
  readonly id: string
  /** The region in `region=` of the query or the path in front of the API's own; for tests of failover. */
  readonly region: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly turns: HeardTurn[]
  state: 'refused' | 'open' | 'closed'
  /** WebSocket messages with audio. */
  audioMessages: number
  largestAudioBytes: number
}

/** The format tag, channels, rate and bits of the WAV header audio began with (RIFF WAVE, `fmt ` chunk). */
export interface HeardFormat {
  readonly tag: number
  readonly channels: number
  readonly sampleRateHz: number
  readonly bits: number
}

/** Reads the header that comes in front of the audio. `undefined` for bytes that are none. */
export function readHeader(bytes: Uint8Array): HeardFormat | undefined {
  const header = Buffer.from(bytes)
  const fmt = header.indexOf('fmt ', 0, 'latin1')
  if (header.toString('latin1', 0, 4) !== 'RIFF' || fmt < 0 || header.length < fmt + 24) return undefined
  return {
    tag: header.readUInt16LE(fmt + 8),
    channels: header.readUInt16LE(fmt + 10),
    sampleRateHz: header.readUInt32LE(fmt + 12),
    bits: header.readUInt16LE(fmt + 22),
  }
}
