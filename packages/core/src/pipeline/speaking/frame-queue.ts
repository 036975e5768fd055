import type { Clock } from '../../contracts/clock.ts'

/**
 * The bounded queue between a producer and the one consumer, twice in every call (rx and tx).
 *
 * It has two ends, and an end is a capability: whoever holds the `writer` can only write, whoever holds the
 * `reader` can only read. Media lies in one slab, so a frame costs no allocation. Control entries keep their
 * place among the media and are never dropped.
 *
 * | queue is full and…   | `drop-oldest` (rx)                        | `back-pressure` (tx)                         |
 * |----------------------|-------------------------------------------|----------------------------------------------|
 * | media is written     | the oldest media is dropped and counted   | refused; wait for `room()`                   |
 * | control is written   | the oldest media is dropped and counted   | waits up to `controlWaitMs`, ahead of later  |
 * |                      |                                           | media; then goes in above the bound, counted |
 *
 * At any moment: `written = read + dropped + discarded + mediaDepth`.
 */
export interface FrameQueueOptions {
  /** Entries (media and control) the queue holds. */
  readonly maxFrames: number
  /** The longest media entry. */
  readonly frameBytes: number
  readonly overflow: 'drop-oldest' | 'back-pressure'
  readonly clock: Clock
  readonly controlWaitMs?: number
}

export interface FrameWriter<Control> {
  /** Copies one media entry in. `false`: refused (`back-pressure` and full, or the queue has ended). */
  writeMedia(bytes: Uint8Array): boolean
  /** Puts a control entry behind everything written so far. Resolves once it is in the queue. */
  writeControl(control: Control): Promise<void>
  /** Resolves when media would be accepted (a full queue: once a sixteenth is free), or all was discarded or ended. */
  room(): Promise<void>
  /** Removes all media (counted) and hands every control entry back, oldest first, waiting ones included. */
  discard(onControl: (control: Control) => void): void
  /** Nothing more will be written; the reader drains what is there. */
  end(): void
}

export interface FrameReader<Control> {
  /** What the next read would give; `ended` only when all has been read. */
  peek(): 'media' | 'control' | 'empty' | 'ended'
  /** Copies the next media entry into `target` at `offset`; returns its length in bytes. */
  readMedia(target: Buffer, offset: number): number
  readControl(): Control
}

export interface FrameQueueStats {
  readonly depth: number
  readonly mediaDepth: number
  readonly maxDepth: number
  readonly written: number
  readonly read: number
  readonly dropped: number
  readonly discarded: number
  readonly controlsAboveBound: number
}

interface WaitingControl<Control> {
  readonly control: Control
  readonly settle: () => void
  readonly cancelTimer: () => void
}

const CONTROL_WAIT_MS = 1000
/** Slots that are added at a time beyond the bound, for control entries that may not be dropped. */
const CONTROL_RESERVE = 16
/** Slots a queue begins with; it grows to what it is used for, so that an idle call holds little. */
const FIRST_SLOTS = 16
/** A producer that found the queue full is woken when this share of it is free, not for every frame. */
const ROOM_SHARE = 1 / 16

export function createFrameQueue<Control>(options: FrameQueueOptions): {
  writer: FrameWriter<Control>
  reader: FrameReader<Control>
  stats: FrameQueueStats
} {
  const { maxFrames, frameBytes, overflow, clock } = options
  const controlWaitMs = options.controlWaitMs ?? CONTROL_WAIT_MS
  const roomFrames = Math.max(1, Math.floor(maxFrames * ROOM_SHARE))
  let slots = Math.min(maxFrames, FIRST_SLOTS)
  let slab = Buffer.allocUnsafeSlow(slots * frameBytes)
  /** Media length of each slot; the slot holds a control entry where `controls` has one. */
  let lengths = new Uint16Array(slots)
  let controls: (Control | undefined)[] = new Array<Control | undefined>(slots).fill(undefined)
  let head = 0
  let ended = false
  const waiting: WaitingControl<Control>[] = []
  let roomWaiters: (() => void)[] = []
  // Plain fields: V8 keeps an object with getters of its own as a dictionary, slow to read and large.
  const stats = {
    depth: 0,
    mediaDepth: 0,
    maxDepth: 0,
    written: 0,
    read: 0,
    dropped: 0,
    discarded: 0,
    controlsAboveBound: 0,
  }

  function slotAt(position: number): number {
    const index = head + position
    return index < slots ? index : index - slots
  }

  function removeHead(): void {
    controls[head] = undefined
    head = slotAt(1)
    stats.depth--
  }

  /** Takes the oldest media out; control entries before it move up one slot, so order is kept. */
  function dropOldestMedia(): boolean {
    for (let position = 0; position < stats.depth; position++) {
      if (controls[slotAt(position)] !== undefined) continue
      for (let behind = position; behind > 0; behind--) {
        controls[slotAt(behind)] = controls[slotAt(behind - 1)]
      }
      removeHead()
      stats.mediaDepth--
      stats.dropped++
      return true
    }
    return false
  }

  function append(): number {
    if (stats.depth === slots) grow()
    const slot = slotAt(stats.depth)
    stats.depth++
    if (stats.depth > stats.maxDepth) stats.maxDepth = stats.depth
    return slot
  }

  function appendControl(control: Control): void {
    if (stats.depth >= maxFrames) stats.controlsAboveBound++
    // First the slot: making room for it may replace `controls`.
    const slot = append()
    controls[slot] = control
  }

  /** Doubles up to the bound; above it there is only control, a little at a time. */
  function grow(): void {
    const more = slots < maxFrames ? Math.min(slots * 2, maxFrames) : slots + CONTROL_RESERVE
    const larger = Buffer.allocUnsafeSlow(more * frameBytes)
    const largerLengths = new Uint16Array(more)
    const largerControls = new Array<Control | undefined>(more).fill(undefined)
    for (let position = 0; position < stats.depth; position++) {
      const slot = slotAt(position)
      slab.copy(larger, position * frameBytes, slot * frameBytes, (slot + 1) * frameBytes)
      largerLengths[position] = lengths[slot]!
      largerControls[position] = controls[slot]
    }
    slab = larger
    lengths = largerLengths
    controls = largerControls
    slots = more
    head = 0
  }

  /** After entries left: waiting control goes in first, then producers of media may try again. */
  function admitWaiting(): void {
    while (waiting.length > 0 && stats.depth < maxFrames) {
      const next = waiting.shift()!
      next.cancelTimer()
      appendControl(next.control)
      next.settle()
    }
    if (waiting.length === 0 && stats.depth <= maxFrames - roomFrames) releaseRoomWaiters()
  }

  function releaseRoomWaiters(): void {
    if (roomWaiters.length === 0) return
    const waiters = roomWaiters
    roomWaiters = []
    for (const settle of waiters) settle()
  }

  /** A control entry has waited long enough: it and those before it go in above the bound. */
  function admitLate(control: Control): void {
    while (waiting.length > 0) {
      const next = waiting.shift()!
      next.cancelTimer()
      appendControl(next.control)
      next.settle()
      if (next.control === control) break
    }
  }

  const writer: FrameWriter<Control> = {
    writeMedia(bytes) {
      if (ended) return false
      if (bytes.length > frameBytes)
        throw new RangeError(`media of ${bytes.length} bytes, ${frameBytes} at most`)
      if (stats.depth >= maxFrames || waiting.length > 0) {
        if (overflow === 'back-pressure') return false
        if (!dropOldestMedia()) {
          stats.written++
          stats.dropped++
          return true
        }
      }
      const slot = append()
      slab.set(bytes, slot * frameBytes)
      lengths[slot] = bytes.length
      stats.written++
      stats.mediaDepth++
      return true
    },
    writeControl(control) {
      if (ended) return Promise.resolve()
      if (stats.depth >= maxFrames && overflow === 'drop-oldest') dropOldestMedia()
      if (overflow === 'drop-oldest' || (stats.depth < maxFrames && waiting.length === 0)) {
        appendControl(control)
        return Promise.resolve()
      }
      return new Promise((settle) => {
        const cancelTimer = clock.after(controlWaitMs, () => admitLate(control))
        waiting.push({ control, settle, cancelTimer })
      })
    },
    room() {
      if (ended || (stats.depth < maxFrames && waiting.length === 0)) return Promise.resolve()
      return new Promise((settle) => roomWaiters.push(settle))
    },
    discard(onControl) {
      const removed: Control[] = []
      for (; stats.depth > 0; removeHead()) {
        const control = controls[head]
        if (control !== undefined) removed.push(control)
      }
      stats.discarded += stats.mediaDepth
      stats.mediaDepth = 0
      for (const { control, settle, cancelTimer } of waiting.splice(0)) {
        cancelTimer()
        settle()
        removed.push(control)
      }
      releaseRoomWaiters()
      for (const control of removed) onControl(control)
    },
    end() {
      ended = true
      while (waiting.length > 0) admitLate(waiting[waiting.length - 1]!.control)
      releaseRoomWaiters()
    },
  }

  const reader: FrameReader<Control> = {
    peek() {
      if (stats.depth === 0) return ended ? 'ended' : 'empty'
      return controls[head] === undefined ? 'media' : 'control'
    },
    readMedia(target, offset) {
      const length = lengths[head]!
      slab.copy(target, offset, head * frameBytes, head * frameBytes + length)
      removeHead()
      stats.read++
      stats.mediaDepth--
      if (waiting.length > 0 || roomWaiters.length > 0) admitWaiting()
      return length
    },
    readControl() {
      const control = controls[head]!
      removeHead()
      if (waiting.length > 0 || roomWaiters.length > 0) admitWaiting()
      return control
    },
  }

  return { writer, reader, stats }
}
