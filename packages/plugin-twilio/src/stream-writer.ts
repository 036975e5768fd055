import type { Duplex } from 'node:stream'
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
/** RFC 6455 section 5.2: a final text frame, unmasked as every frame of a server. */
const FINAL_TEXT = 0x81
/** The length follows in 16 bits. */
const LENGTH_16 = 126

/**
 * Writes to one stream. Media goes out of one buffer that always holds the whole WebSocket frame, header included;
 * only the base64 in its middle changes. So a frame of audio is one write of one buffer, straight to the connection
 * that was upgraded. Between two frames of its own ws may write what it likes: without compression it writes each
 * whole and at once.
 */
export function createStreamWriter(socket: WebSocket, connection: Duplex, streamSid: string): StreamWriter {
  const { before, after } = mediaEnvelope(streamSid)
  let message: Buffer = Buffer.alloc(0)
  let base64At = 0
  let frameLength = -1

  const fitTo = (length: number): void => {
    frameLength = length
    const textLength = Buffer.byteLength(before) + base64Length(length) + Buffer.byteLength(after)
    const header = frameHeader(textLength)
    // Memory of its own: a slice of Node's pool that lives as long as the call would hold the whole of it.
    message = Buffer.allocUnsafeSlow(header.length + textLength)
    header.copy(message)
    base64At = header.length + message.write(before, header.length)
    message.write(after, base64At + base64Length(length))
  }

  return {
    media(frame) {
      if (frame.length === 0) return
      if (frame.length !== frameLength) fitTo(frame.length)
      // The connection keeps the buffer it is given until it is written out. With nothing waiting the last one has
      // been; otherwise it is the connection's, and this frame gets a buffer of its own.
      else if (connection.writableLength !== 0) message = Buffer.from(message)
      encodeBase64(frame, message, base64At)
      connection.write(message)
    },
    mark(name) {
      socket.send(markMessage(streamSid, name), TEXT)
    },
    clear() {
      socket.send(clearMessage(streamSid), TEXT)
    },
  }
}

/** For a text of this many bytes; one of 64 KiB and more is no frame of audio. */
function frameHeader(length: number): Buffer {
  if (length < LENGTH_16) return Buffer.from([FINAL_TEXT, length])
  if (length > 0xffff) throw new RangeError(`a message of ${length} bytes is no frame of audio`)
  return Buffer.from([FINAL_TEXT, LENGTH_16, length >> 8, length & 0xff])
}
