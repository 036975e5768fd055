import type { Clock } from '../../contracts/clock.ts'
import { FrameRing } from './frame-ring.ts'

/**
 * The tx-queue: bounded, between whoever speaks and the one consumer.
 *
 * It has two ends, and an end is a capability: whoever holds the `writer` can only write, whoever holds the
 * `reader` can only read. Control entries keep their place among the media and are never dropped.
 *
 * | queue is full and…   | then                                                                             |
 * |----------------------|----------------------------------------------------------------------------------|
 * | media is written     | refused; wait for `room()`                                                       |
 * | control is written   | waits up to `controlWaitMs`, ahead of later media; then goes in above the bound,  |
 * |                      | counted                                                                          |
 *
 * At any moment: `written = read + discarded + mediaDepth`.
 */
export interface FrameQueueOptions {
  /** Entries (media and control) the queue holds. */
  readonly maxFrames: number
  /** The longest media entry. */
  readonly frameBytes: number
  readonly clock: Clock
  /** An entry came into the empty queue. */
  readonly onWork?: () => void
  readonly controlWaitMs?: number
}

export interface FrameWriter<Control> {
  /** Copies one media entry in, the bytes from `from` to `end`. `false`: refused (full, or the queue has ended). */
  writeMedia(bytes: Uint8Array, from?: number, end?: number): boolean
  /** Puts a control entry behind everything written so far. Resolves once it is in the queue. */
  writeControl(control: Control): Promise<void>
  /**
   * Resolves when media would be accepted (a full queue: once a sixteenth is free), or it is of no use to wait any
   * longer: all was discarded, the queue ended, or `stopWaiting` was called.
   */
  room(): Promise<void>
  stopWaiting(): void
  /** Removes all media (counted) and hands every control entry back, oldest first, waiting ones included. */
  discard(onControl: (control: Control) => void): void
  /** Nothing more will be written; the reader drains what is there. */
  end(): void
}

export interface FrameReader<Control> {
  /** What the next read would give; `ended` only when all has been read. */
  peek(): 'media' | 'control' | 'empty' | 'ended'
  /** Copies the next media entry to the beginning of `target`; returns its length in bytes. */
  readMedia(target: Uint8Array): number
  readControl(): Control
}

export interface FrameQueueStats {
  readonly depth: number
  readonly mediaDepth: number
  readonly maxDepth: number
  readonly written: number
  readonly read: number
  readonly discarded: number
  readonly controlsAboveBound: number
}

const CONTROL_WAIT_MS = 1000
/** A producer that found the queue full is woken when this share of it is free, not for every frame. */
const ROOM_SHARE = 1 / 16

export function createFrameQueue<Control>(options: FrameQueueOptions): {
  writer: FrameWriter<Control>
  reader: FrameReader<Control>
  stats: FrameQueueStats
} {
  const queue = new FrameQueue<Control>(options)
  return { writer: queue, reader: queue, stats: queue }
}

interface WaitingControl<Control> {
  readonly control: Control
  readonly settle: () => void
  readonly cancelTimer: () => void
}

/** Both ends and the figures in one object; who holds it as an end cannot name the other. */
class FrameQueue<Control> implements FrameWriter<Control>, FrameReader<Control>, FrameQueueStats {
  written = 0
  read = 0
  discarded = 0
  controlsAboveBound = 0
  readonly #ring: FrameRing<Control>
  readonly #maxFrames: number
  readonly #frameBytes: number
  readonly #roomFrames: number
  #ended = false
  #waiting: WaitingControl<Control>[] = []
  /** What all who wait for room wait for. */
  #roomAwaited: Promise<void> | undefined
  #tellRoom = (): void => undefined
  readonly #options: FrameQueueOptions

  constructor(options: FrameQueueOptions) {
    this.#options = options
    this.#ring = new FrameRing<Control>(options.maxFrames, options.frameBytes)
    this.#maxFrames = options.maxFrames
    this.#frameBytes = options.frameBytes
    this.#roomFrames = Math.max(1, Math.floor(options.maxFrames * ROOM_SHARE))
  }

  get depth(): number {
    return this.#ring.depth
  }

  get mediaDepth(): number {
    return this.#ring.mediaDepth
  }

  get maxDepth(): number {
    return this.#ring.maxDepth
  }

  get #full(): boolean {
    return this.#ring.depth >= this.#maxFrames || this.#waiting.length > 0
  }

  writeMedia(bytes: Uint8Array, from = 0, end = bytes.length): boolean {
    if (this.#ended) return false
    if (end - from > this.#frameBytes)
      throw new RangeError(`media of ${end - from} bytes, ${this.#frameBytes} at most`)
    if (this.#full) return false
    this.#ring.appendMedia(bytes, from, end)
    this.written++
    this.#tellWork()
    return true
  }

  writeControl(control: Control): Promise<void> {
    if (this.#ended) return Promise.resolve()
    if (!this.#full) {
      this.#admit(control)
      return Promise.resolve()
    }
    const { clock, controlWaitMs = CONTROL_WAIT_MS } = this.#options
    return new Promise((settle) => {
      const cancelTimer = clock.after(controlWaitMs, () => this.#admitLate(control))
      this.#waiting.push({ control, settle, cancelTimer })
    })
  }

  room(): Promise<void> {
    if (this.#ended || !this.#full) return Promise.resolve()
    return (this.#roomAwaited ??= new Promise((settle) => (this.#tellRoom = settle)))
  }

  stopWaiting(): void {
    this.#roomAwaited = undefined
    this.#tellRoom()
  }

  discard(onControl: (control: Control) => void): void {
    this.discarded += this.#ring.mediaDepth
    const removed = this.#ring.clear()
    for (const { control, settle, cancelTimer } of this.#waiting.splice(0)) {
      cancelTimer()
      settle()
      removed.push(control)
    }
    this.stopWaiting()
    for (const control of removed) onControl(control)
  }

  end(): void {
    this.#ended = true
    const last = this.#waiting.at(-1)
    if (last) this.#admitLate(last.control)
    this.stopWaiting()
  }

  peek(): 'media' | 'control' | 'empty' | 'ended' {
    return this.#ring.head ?? (this.#ended ? 'ended' : 'empty')
  }

  readMedia(target: Uint8Array): number {
    const length = this.#ring.takeMedia(target)
    this.read++
    this.#admitWaiting()
    return length
  }

  readControl(): Control {
    const control = this.#ring.takeControl()
    this.#admitWaiting()
    return control
  }

  #admit(control: Control): void {
    if (this.#ring.depth >= this.#maxFrames) this.controlsAboveBound++
    this.#ring.appendControl(control)
    this.#tellWork()
  }

  #tellWork(): void {
    if (this.#ring.depth === 1) this.#options.onWork?.()
  }

  /** After entries left: waiting control goes in first, then producers of media may try again. */
  #admitWaiting(): void {
    if (this.#waiting.length === 0 && this.#roomAwaited === undefined) return
    while (this.#waiting.length > 0 && this.#ring.depth < this.#maxFrames) this.#admitNext()
    if (this.#waiting.length === 0 && this.#ring.depth <= this.#maxFrames - this.#roomFrames)
      this.stopWaiting()
  }

  /** A control entry has waited long enough: it and those before it go in above the bound. */
  #admitLate(control: Control): void {
    while (this.#waiting.length > 0) if (this.#admitNext() === control) return
  }

  #admitNext(): Control {
    const { control, settle, cancelTimer } = this.#waiting.shift()!
    cancelTimer()
    this.#admit(control)
    settle()
    return control
  }
}
