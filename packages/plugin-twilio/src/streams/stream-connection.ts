import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { FloodReason, FrameBudget } from './frame-budget.ts'
import { frameLength, isOnItsOwn, isPlainText, PAYLOAD_AT, unmask } from './ws-frame.ts'

const MAX_DISCARDED_BYTES = 1024 * 1024

/** Takes media off the connection. */
export interface MediaReader {
  /** Reads `length` bytes of text, which are lent. `false`: this is no media, and ws has to read the message. */
  readMedia(text: Uint8Array, length: number): boolean
}

/**
 * A connection that was upgraded, as ws sees it: without the caller's media.
 *
 * Almost all that comes on a call is media, each message whole in one frame. Those go straight to the `reader`, off
 * the bytes as they came; everything else is handed to ws, in order and untouched. What is written goes through.
 * One frame after another is stepped over to know where the next begins, and counted: what is too much reaches nobody.
 * From a message in several frames on, a close frame or one that is broken, ws reads all.
 */
export class StreamConnection extends Duplex {
  /** Who reads media. Without one ws reads all. */
  reader: MediaReader | undefined
  /** Hears, once, that more came than the budget allows. Nothing more is read then; `cutOff` is what is left to do. */
  onFlood: (reason: FloodReason, allowedPerSecond: number) => void = () => this.destroy()
  readonly #connection: Duplex
  /** Room for one message's text; shared by all streams, because a message is handled in one go. */
  readonly #text: Uint8Array
  readonly #budget: FrameBudget
  #deaf = false
  #discardedBytes = 0
  /** Bytes still to come of the frame that ws is in the middle of. */
  #restBytes = 0
  /** The beginning of a frame's head, cut off by the end of a chunk: at most 9 bytes. ws has them. */
  #cutHead: Buffer | undefined
  #allToWs = false
  /** ws has not read all that was handed to it. */
  #wsBehind = false

  constructor(connection: Duplex, text: Uint8Array, budget: FrameBudget) {
    super()
    this.#connection = connection
    this.#text = text
    this.#budget = budget
    if (connection instanceof Socket) connection.setNoDelay().setTimeout(0)
    connection.on('data', (chunk: Buffer) => this.#take(chunk))
    connection.on('end', () => this.push(null))
    connection.on('error', (error) => this.destroy(error))
    connection.on('close', () => this.destroy())
    // Until ws listens.
    connection.pause()
  }

  /** The far end has proved that it is the carrier: from now on its media goes to `reader`. */
  started(reader: MediaReader): void {
    this.#budget.started()
    this.reader = reader
  }

  /** Unsent bytes, media included. */
  get unsentBytes(): number {
    return this.#connection.writableLength
  }

  /** Says no more after what is written, and listens no more: what still comes is thrown away unread. */
  cutOff(): void {
    this.#deaf = true
    this.reader = undefined
    this.end()
  }

  #take(chunk: Buffer): void {
    if (this.#deaf) return this.#discard(chunk.length)
    const cutHead = this.#cutHead
    const bytes = cutHead === undefined ? chunk : Buffer.concat([cutHead, chunk])
    this.#cutHead = undefined
    /** From here on ws has to be given what no reader took. It has the head that was cut off. */
    let from = cutHead?.length ?? 0
    let at = this.#restBytes
    while (at < bytes.length) {
      const length = frameLength(bytes, at)
      if (length === 0) {
        this.#cutHead = bytes.subarray(at)
        break
      }
      const flood = this.#budget.count(bytes, at, length)
      if (flood !== undefined) return this.#flooded(flood, bytes.subarray(from, Math.max(from, at)))
      const end = at + length
      if (at >= from && end <= bytes.length && this.#readsMedia && isPlainText(bytes, at)) {
        // What came before it is read before it.
        if (from < at) this.#handToWs(bytes.subarray(from, at))
        from = this.#readMedia(bytes, at, length) ? end : at
      }
      this.#allToWs ||= !isOnItsOwn(bytes, at, length, this.#text.length)
      // What follows `start` in one piece with it is counted as the carrier's: so it is read first.
      if (!this.#budget.isStarted && from < end && end <= bytes.length) {
        this.#handToWs(bytes.subarray(from, end))
        from = end
      }
      at = end
    }
    this.#restBytes = Math.max(0, at - bytes.length)
    if (from < bytes.length) this.#handToWs(bytes.subarray(from))
  }

  get #readsMedia(): boolean {
    return this.reader !== undefined && !this.#allToWs
  }

  #flooded(reason: FloodReason, before: Buffer): void {
    if (before.length > 0) this.#handToWs(before)
    this.#deaf = true
    this.onFlood(reason, this.#budget.allowed[reason])
  }

  /** What was under way is let come, so that the far end reads our last words. Who goes on and on does not want to. */
  #discard(bytes: number): void {
    this.#discardedBytes += bytes
    if (this.#discardedBytes > MAX_DISCARDED_BYTES) this.destroy()
  }

  #readMedia(bytes: Buffer, at: number, length: number): boolean {
    const payloadBytes = length - PAYLOAD_AT
    if (payloadBytes > this.#text.length) return false
    // Nothing overtakes what ws has not read.
    if (this.#wsBehind && (this.#wsBehind = this.readableLength > 0)) return false
    unmask(bytes, at, payloadBytes, this.#text)
    return this.reader!.readMedia(this.#text, payloadBytes)
  }

  #handToWs(bytes: Buffer): void {
    if (!this.push(bytes)) this.#connection.pause()
    this.#wsBehind = this.readableLength > 0
  }

  override _read(): void {
    this.#connection.resume()
  }

  // What is not written out yet is seen on the connection itself, which media is written to as well: here nothing waits.
  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#connection.write(bytes)
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#connection.cork()
    for (const { chunk } of chunks) this.#connection.write(chunk)
    this.#connection.uncork()
    done()
  }

  override _final(done: () => void): void {
    this.#connection.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.reader = undefined
    this.#connection.destroy()
    done(error)
  }
}
