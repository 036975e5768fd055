import type { Clock } from '@kav/core'

/** What a clock of the process stands on; in tests, time that stands still when they say so. */
export interface NativeTime {
  /** Monotonic milliseconds. */
  nowMs(): number
  wallMs(): number
  /** Returns what cancels it. */
  setTimer(delayMs: number, callback: () => void): () => void
  /** Calls back after the event loop has read once what lies in its sockets. */
  nextTurn(callback: () => void): void
}

/** What is odd about time, told as it happens. */
export interface ClockObserver {
  /** The process was stopped, starved, or busy with something else for so long. */
  stalled(forMs: number): void
  /** A delay that no timer can keep was asked for, and another was set. */
  clamped(delayMs: number, setMs: number): void
}

/** The longest delay that Node's timers keep: any longer one would fire at once. */
export const MAX_DELAY_MS = 2 ** 31 - 1
/** A timer that wakes this late tells of a process that stood still: a busy one is late by less. */
const STALL_MS = 250
/** What came while the process stood is read in these many turns of the event loop: layers such as TLS take one each. */
const TURNS_TO_READ = 4

/**
 * A clock whose delays count the time in which the process could run. A process that was stopped (SIGSTOP, a laptop
 * lid, a starved machine) finds answers in its sockets that came in time, so after a stall
 *
 * - no timer fires before the event loop has read what is there;
 * - timers that were running get the time back that they lost: a deadline is never missed by standing still.
 */
export function createRunTimeClock(native: NativeTime, observer: ClockObserver): Clock {
  const stalls = new Stalls(native, observer)
  return {
    nowMs: native.nowMs,
    wallMs: native.wallMs,
    stoodStillMs: () => stalls.lostMs,
    after(delayMs, callback) {
      const timer = new RunTimer(native, stalls, keepable(delayMs, observer), callback)
      return () => timer.cancel()
    },
  }
}

/** Nothing that was meant to be far away, or is no number at all, may fire at once. */
function keepable(delayMs: number, observer: ClockObserver): number {
  if (delayMs >= 0 && delayMs <= MAX_DELAY_MS) return delayMs
  const setMs = delayMs < 0 ? 0 : MAX_DELAY_MS
  observer.clamped(delayMs, setMs)
  return setMs
}

/** How long the process has stood still, found out by timers that wake late. */
class Stalls {
  lostMs = 0
  readonly #native: NativeTime
  readonly #observer: ClockObserver
  /** It ran then. */
  #awakeMs = -Infinity
  /** Due, until what is in the sockets was read; `undefined` while nothing is to be read. */
  #held: RunTimer[] | undefined

  constructor(native: NativeTime, observer: ClockObserver) {
    this.#native = native
    this.#observer = observer
  }

  /** A timer that was due at `dueMs` wakes now. */
  woke(dueMs: number, nowMs: number): void {
    const stoodMs = nowMs - Math.max(dueMs, this.#awakeMs)
    this.#awakeMs = nowMs
    if (stoodMs <= STALL_MS) return
    this.lostMs += stoodMs
    this.#observer.stalled(stoodMs)
    if (this.#held) return
    this.#held = []
    this.#read(TURNS_TO_READ)
  }

  /** Fires the timer, once everything was read. */
  fire(timer: RunTimer): void {
    if (this.#held) this.#held.push(timer)
    else timer.fire()
  }

  #read(turns: number): void {
    this.#native.nextTurn(() => {
      if (turns > 1) return this.#read(turns - 1)
      const held = this.#held ?? []
      this.#held = undefined
      this.#awakeMs = this.#native.nowMs()
      // Each in a turn of its own where the one before throws: a timer is nobody else's affair.
      this.#release(held)
    })
  }

  #release(held: RunTimer[]): void {
    try {
      for (let timer = held.shift(); timer; timer = held.shift()) timer.fire()
    } finally {
      if (held.length > 0) this.#native.nextTurn(() => this.#release(held))
    }
  }
}

/** A class: every deadline of every call is one. */
class RunTimer {
  readonly #native: NativeTime
  readonly #stalls: Stalls
  /** On the clock that does not count standing still. */
  readonly #dueRunMs: number
  #callback: (() => void) | undefined
  #cancelNative: () => void = () => undefined

  constructor(native: NativeTime, stalls: Stalls, delayMs: number, callback: () => void) {
    this.#native = native
    this.#stalls = stalls
    this.#callback = callback
    const nowMs = native.nowMs()
    this.#dueRunMs = nowMs - stalls.lostMs + delayMs
    this.#set(nowMs, delayMs)
  }

  cancel(): void {
    this.#callback = undefined
    this.#cancelNative()
  }

  fire(): void {
    const callback = this.#callback
    this.#callback = undefined
    callback?.()
  }

  #set(nowMs: number, delayMs: number): void {
    const dueMs = nowMs + delayMs
    this.#cancelNative = this.#native.setTimer(delayMs, () => this.#woke(dueMs))
  }

  #woke(dueMs: number): void {
    const nowMs = this.#native.nowMs()
    this.#stalls.woke(dueMs, nowMs)
    const leftMs = this.#dueRunMs - (nowMs - this.#stalls.lostMs)
    // Node's timers may wake a fraction early: that is in time.
    if (leftMs >= 1) this.#set(nowMs, leftMs)
    else this.#stalls.fire(this)
  }
}
