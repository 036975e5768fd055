import { type AudioFormat, bytesPerSecond, frameBytes } from '../../contracts/audio.ts'
import { AudioRing } from './audio-ring.ts'

/**
 * What the caller said, in one ring with three cursors, by absolute position in bytes:
 * `acknowledged <= read <= end`.
 *
 * | who                | may                        | what it does                                              |
 * |--------------------|----------------------------|-----------------------------------------------------------|
 * | intake             | `append`, `end`            | moves `end`; never refused                                |
 * | RX worker          | `read`                     | moves `read`: this is what a recogniser is given          |
 * | hearing link       | `acknowledge`, `replay`, … | a final moves `acknowledged`; a new session starts there  |
 *
 * So there is one truth, and a session that dies costs nothing: what no final has answered is still here, and is
 * read again from here. The ring holds 40 s that were not acknowledged; before the first recogniser of the call is
 * open, `rx-queue.maxsize` frames. What exceeds that is lost oldest first, and counted.
 */
export interface CallerAudioWriter {
  /** Copies in what arrived. */
  append(audio: Uint8Array): void
  /** Nothing more will come. */
  close(): void
}

export interface CallerAudioReader {
  /** Copies what is unread to the beginning of `target`, as much as fits; returns how many bytes. */
  read(target: Uint8Array): number
  readonly unreadBytes: number
  readonly closed: boolean
}

export interface CallerAudioMemory {
  /** A recogniser takes audio: from now on the ring itself is the bound. */
  recogniserOpened(): void
  /** Words up to `position` are known (at most what was read): no session needs to hear it again. */
  acknowledge(position: number): void
  /** Words up to `position` are known, although the RX worker may not have come so far: it was asked for by itself. */
  acknowledgeUnread(position: number): void
  /** A new session begins where words are owed, and not before `from`. Returns that position. */
  replay(from?: number): number
  /**
   * Whether the caller is silent: then only the last `ms` are kept for a replay, of what was read. `undefined`: they
   * are not, and all is kept.
   */
  forgetSilenceBefore(ms: number | undefined): void
  /** The call is over with words in what is left: none will be given it any more, and it is counted. */
  leaveRest(): void
  /** Copies the newest sound, as much as is still held of so much; also what a final has answered (`lookBackMs`). */
  recent(ms: number): Uint8Array
  /** Copies a past stretch, clipped to what is still held. */
  slice(from: number, to: number): Uint8Array
  /** Audio before it was given up unread: what a session was given that began before has a hole. */
  readonly jumpedTo: number
  /** First position that no final has answered. */
  readonly acknowledged: number
  /** Next position to be read. */
  readonly readPosition: number
  /** Position after the newest byte. */
  readonly end: number
}

export interface CallerAudioStats {
  /** Frames that wait for a recogniser now, and the most there were. */
  readonly waitingFrames: number
  readonly maxWaitingFrames: number
  /** Frames that no recogniser was ever given, since too many waited. */
  readonly droppedFrames: number
  /** The call is over, words were owed, and nobody has been given them: see `leaveRest`. */
  readonly unheardFrames: number
  /** Bytes that one was given, each counted once, however often it was repeated. */
  readonly givenBytes: number
  /** Bytes that were given to one, and given up before any final answered them, or left unrepeated at the end. */
  readonly unansweredBytes: number
}

export interface CallerAudio {
  readonly writer: CallerAudioWriter
  readonly reader: CallerAudioReader
  readonly memory: CallerAudioMemory
  readonly stats: CallerAudioStats
}

/** What the ring holds that no final has answered. */
export const RING_MS = 40_000

export interface CallerAudioOptions {
  readonly format: AudioFormat
  readonly maxWaitingFrames: number
  /** So much of what was acknowledged is kept for `recent`. Default 0. */
  readonly lookBackMs?: number | undefined
}

export function createCallerAudio(options: CallerAudioOptions): CallerAudio {
  const audio = new Cursors(options)
  return { writer: audio, reader: audio, memory: audio, stats: audio }
}

/** All ends in one object; who holds it as an end cannot name the others. */
class Cursors implements CallerAudioWriter, CallerAudioReader, CallerAudioMemory, CallerAudioStats {
  acknowledged = 0
  readPosition = 0
  closed = false
  jumpedTo = 0
  readonly #ring = new AudioRing()
  readonly #frameBytes: number
  readonly #bytesPerMs: number
  readonly #ringBytes: number
  readonly #lookBackBytes: number
  /** Bound on what is unread; the ring's own once a recogniser is open. */
  #maxUnreadBytes: number
  /** Bound on what is kept for a replay of what was read. */
  #keptBytes = Infinity
  #maxUnread = 0
  /** Everything before this was read, or dropped and counted. */
  #accounted = 0
  #droppedBytes = 0
  #unansweredBytes = 0
  /** The call is over, and words are owed. */
  #isLeft = false

  constructor({ format, maxWaitingFrames, lookBackMs = 0 }: CallerAudioOptions) {
    this.#frameBytes = frameBytes(format)
    this.#bytesPerMs = bytesPerSecond(format) / 1000
    this.#ringBytes = RING_MS * this.#bytesPerMs
    this.#lookBackBytes = lookBackMs * this.#bytesPerMs
    this.#maxUnreadBytes = Math.min(this.#ringBytes, maxWaitingFrames * this.#frameBytes)
  }

  get end(): number {
    return this.#ring.end
  }

  get unreadBytes(): number {
    return this.#ring.end - this.readPosition
  }

  get waitingFrames(): number {
    return Math.ceil(this.unreadBytes / this.#frameBytes)
  }

  get maxWaitingFrames(): number {
    return Math.ceil(this.#maxUnread / this.#frameBytes)
  }

  get droppedFrames(): number {
    return Math.round(this.#droppedBytes / this.#frameBytes)
  }

  get unheardFrames(): number {
    return this.#isLeft ? Math.ceil((this.#ring.end - this.#accounted) / this.#frameBytes) : 0
  }

  get unansweredBytes(): number {
    const unrepeated = this.#isLeft ? Math.max(0, this.#accounted - this.readPosition) : 0
    return this.#unansweredBytes + unrepeated
  }

  get givenBytes(): number {
    return this.#accounted - this.#droppedBytes
  }

  append(audio: Uint8Array): void {
    if (this.closed) return
    this.#ring.append(audio)
    const { end } = this.#ring
    const unread = end - this.readPosition
    if (unread > this.#maxUnreadBytes) this.#giveUpBefore(end - this.#maxUnreadBytes)
    else if (unread > this.#maxUnread) this.#maxUnread = unread
    const keptBytes = end - this.acknowledged
    if (keptBytes > this.#ringBytes) this.#giveUpBefore(end - this.#ringBytes)
    else if (keptBytes > this.#keptBytes) this.#release(Math.min(end - this.#keptBytes, this.readPosition))
  }

  close(): void {
    this.closed = true
  }

  read(target: Uint8Array): number {
    const length = Math.min(target.length, this.unreadBytes)
    this.#ring.copy(this.readPosition, target, length)
    this.readPosition += length
    if (this.readPosition > this.#accounted) this.#accounted = this.readPosition
    return length
  }

  leaveRest(): void {
    this.#isLeft = true
  }

  recogniserOpened(): void {
    this.#maxUnreadBytes = this.#ringBytes
  }

  acknowledge(position: number): void {
    this.#release(Math.min(position, this.readPosition))
  }

  acknowledgeUnread(position: number): void {
    const known = Math.min(position, this.#ring.end)
    this.readPosition = Math.max(this.readPosition, known)
    this.#accounted = Math.max(this.#accounted, known)
    this.#release(known)
  }

  replay(from = 0): number {
    this.readPosition = Math.max(this.acknowledged, Math.min(from, this.#ring.end))
    return this.readPosition
  }

  forgetSilenceBefore(ms: number | undefined): void {
    this.#keptBytes = ms === undefined ? Infinity : Math.round(ms * this.#bytesPerMs)
    if (ms !== undefined) this.acknowledge(this.#ring.end - this.#keptBytes)
  }

  recent(ms: number): Uint8Array {
    const first = Math.max(this.#ring.start, this.end - Math.round(ms * this.#bytesPerMs))
    const stretch = new Uint8Array(this.end - first)
    this.#ring.copy(first, stretch, stretch.length)
    return stretch
  }

  slice(from: number, to: number): Uint8Array {
    const first = Math.max(from, this.acknowledged)
    const stretch = new Uint8Array(Math.max(0, Math.min(to, this.#ring.end) - first))
    this.#ring.copy(first, stretch, stretch.length)
    return stretch
  }

  /** A bound is reached: the oldest audio goes, counted by whether any recogniser was given it. */
  #giveUpBefore(position: number): void {
    const neverRead = Math.max(0, position - this.#accounted)
    this.#droppedBytes += neverRead
    this.#unansweredBytes += Math.max(0, position - this.acknowledged - neverRead)
    this.#accounted = Math.max(this.#accounted, position)
    if (position > this.readPosition) this.readPosition = this.jumpedTo = position
    this.#release(position)
  }

  #release(position: number): void {
    if (position <= this.acknowledged) return
    this.acknowledged = position
    this.#ring.release(Math.max(this.#ring.start, Math.min(position, this.end - this.#lookBackBytes)))
  }
}
