import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { base64Length, encodeBase64 } from './base64.ts'
import { clearMessage, markMessage, mediaEnvelope } from './messages.ts'
import { WHOLE_TEXT } from './ws-frame.ts'

const TEXT = { binary: false } as const
/** The length follows in 16 bits. */
const LENGTH_16 = 126

/**
 * Writes to one stream; synchronous, never blocks. Media goes out of one buffer that always holds the whole WebSocket
 * frame, header included; only the base64 in its middle changes. So a frame of audio is one write of one buffer,
 * straight to the connection that was upgraded. Between two frames of its own ws may write what it likes: without
 * compression it writes each whole and at once.
 */
export class StreamWriter {
  readonly #socket: WebSocket
  readonly #connection: Duplex
  readonly #streamSid: string
  #message: Buffer = Buffer.alloc(0)
  #base64At = 0
  #frameLength = -1

  constructor(socket: WebSocket, connection: Duplex, streamSid: string) {
    this.#socket = socket
    this.#connection = connection
    this.#streamSid = streamSid
  }

  media(frame: Uint8Array): void {
    if (frame.length === 0) return
    if (frame.length !== this.#frameLength) this.#fitTo(frame.length)
    // The connection keeps the buffer it is given until it is written out. With nothing waiting the last one has
    // been; otherwise it is the connection's, and this frame gets a buffer of its own.
    else if (this.#connection.writableLength !== 0) this.#message = Buffer.from(this.#message)
    encodeBase64(frame, this.#message, this.#base64At)
    this.#connection.write(this.#message)
  }

  mark(name: string): void {
    this.#socket.send(markMessage(this.#streamSid, name), TEXT)
  }

  clear(): void {
    this.#socket.send(clearMessage(this.#streamSid), TEXT)
  }

  #fitTo(length: number): void {
    this.#frameLength = length
    const { before, after } = mediaEnvelope(this.#streamSid)
    const textLength = Buffer.byteLength(before) + base64Length(length) + Buffer.byteLength(after)
    const header = frameHeader(textLength)
    // Memory of its own: a slice of Node's pool that lives as long as the call would hold the whole of it.
    this.#message = Buffer.allocUnsafeSlow(header.length + textLength)
    header.copy(this.#message)
    this.#base64At = header.length + this.#message.write(before, header.length)
    this.#message.write(after, this.#base64At + base64Length(length))
  }
}

/** For a text of this many bytes; one of 64 KiB and more is no frame of audio. */
function frameHeader(length: number): Buffer {
  if (length < LENGTH_16) return Buffer.from([WHOLE_TEXT, length])
  if (length > 0xffff) throw new RangeError(`a message of ${length} bytes is no frame of audio`)
  return Buffer.from([WHOLE_TEXT, LENGTH_16, length >> 8, length & 0xff])
}
