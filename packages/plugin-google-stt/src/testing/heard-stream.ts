import { FRAME_BYTES, readFrame } from './numbered-frames.ts'

/** What one stream told the server and what became of it. Grows while the stream lives. */
export interface HeardStream {
  readonly api: 'v1' | 'v2'
  /** Position among all streams of this server, from 0. */
  readonly index: number
  /** v2: location in the recognizer's name. v1: empty. */
  readonly region: string
  readonly recognizer: string
  readonly model: string
  readonly languages: readonly string[]
  /** The first message as it came over the wire. */
  readonly opening: Readonly<Record<string, unknown>>
  /** Which HTTP/2 connection carried it (address and port of the client). */
  readonly peer: string
  state: 'open' | 'finished' | 'cancelled' | 'failed'
  messages: number
  bytes: number
  largestMessageBytes: number
  /** Indexes of the numbered frames, in the order heard. */
  readonly frames: number[]
  silenceFrames: number
  /** Frames that were neither numbered nor silence: bytes lost or shifted. */
  brokenFrames: number
  /** The audio as it came, message by message; empty when the server was told not to keep it. */
  readonly audio: Uint8Array[]
}

/** One whole frame of a stream: its index, silence, or something else. */
export type HeardFrame = number | 'silence' | undefined

/** Cuts messages of any size into frames and notes each in `stream` while it is open; calls `onFrame` for every one. */
export function createFrameListener(
  stream: HeardStream,
  keepAudio: boolean,
  onFrame: (frame: HeardFrame, bytes: Uint8Array) => void,
): (audio: Uint8Array) => void {
  const pending = new Uint8Array(FRAME_BYTES)
  let filled = 0
  return (audio) => {
    stream.messages += 1
    stream.bytes += audio.length
    if (keepAudio) stream.audio.push(audio)
    stream.largestMessageBytes = Math.max(stream.largestMessageBytes, audio.length)
    for (const byte of audio) {
      pending[filled] = byte
      filled += 1
      if (filled < FRAME_BYTES) continue
      filled = 0
      if (stream.state !== 'open') return
      const frame = readFrame(pending)
      if (frame === 'silence') stream.silenceFrames += 1
      else if (frame === undefined) stream.brokenFrames += 1
      else stream.frames.push(frame)
      onFrame(frame, pending)
    }
  }
}
