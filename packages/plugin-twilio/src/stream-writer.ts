import type { WebSocket } from 'ws'
import { base64Length, encodeBase64 } from './base64.ts'
import { clearMessage, markMessage, mediaEnvelope } from './messages.ts'

/** The three things that can be said to a stream. Synchronous, never blocks. */
export interface StreamWriter {
  media(frame: Uint8Array): void
  mark(name: string): void
  clear(): void
}

const TEXT = { binary: false } as const

/**
 * Writes to one stream. Media goes out of one buffer that always holds the whole message; only the base64 in its
 * middle changes from frame to frame.
 */
export function createStreamWriter(socket: WebSocket, streamSid: string): StreamWriter {
  const { before, after } = mediaEnvelope(streamSid)
  const head = Buffer.from(before)
  const tail = Buffer.from(after)
  let message: Buffer = Buffer.alloc(0)
  let frameLength = -1

  const fitTo = (length: number): void => {
    frameLength = length
    message = Buffer.concat([head, Buffer.alloc(base64Length(length)), tail])
  }

  return {
    media(frame) {
      if (frame.length === 0) return
      if (frame.length !== frameLength) fitTo(frame.length)
      // ws and the socket keep the buffer they are given until it is written out. With nothing buffered the last one
      // has been; otherwise it is theirs and this frame gets a buffer of its own.
      else if (socket.bufferedAmount !== 0) message = Buffer.from(message)
      encodeBase64(frame, message, head.length)
      socket.send(message, TEXT)
    },
    mark(name) {
      socket.send(markMessage(streamSid, name), TEXT)
    },
    clear() {
      socket.send(clearMessage(streamSid), TEXT)
    },
  }
}
