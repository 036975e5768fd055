import { FRAME_MS } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'

/**
 * The one clock of all calls of the process: a wheel of four slots, ticking every 5 ms on an absolute grid, asleep
 * when there are no calls. No call has a timer of its own, and lateness never accumulates: the next tick is always
 * `origin + n * 5 ms`, never "now + 5".
 */
export interface FrameClock {
  /** Puts a call into the emptiest slot. Returns the function that takes it out again. */
  join(member: FrameClockMember): () => void
  readonly members: number
}

export interface FrameClockMember {
  /** Every tick (5 ms): for what should not wait for the call's own slot. */
  onTick(nowMs: number): void
  /** Once in 20 ms, in the call's slot. After a stall it runs once, not once per missed turn. */
  onFrame(nowMs: number): void
  /** One of the two threw; the other members go on. */
  onError(error: unknown): void
}

export const TICK_MS = 5
const SLOTS = FRAME_MS / TICK_MS

interface Seat {
  readonly member: FrameClockMember
  left: boolean
}

export function createFrameClock(clock: Clock): FrameClock {
  // Replaced, never changed, when a call joins or leaves: that may happen while the slot runs.
  const slots: (readonly Seat[])[] = Array.from({ length: SLOTS }, () => [])
  let members = 0
  let originMs = 0
  let nextTick = 0
  let running = false
  let cancelTimer: (() => void) | undefined

  function schedule(): void {
    const dueMs = originMs + nextTick * TICK_MS
    cancelTimer = clock.after(Math.max(0, dueMs - clock.nowMs()), wake)
  }

  function wake(): void {
    cancelTimer = undefined
    const nowMs = clock.nowMs()
    const current = Math.floor((nowMs - originMs) / TICK_MS)
    // A timer may fire a fraction early: then this tick is not due yet.
    if (current < nextTick) return schedule()
    const missed = Math.min(current - nextTick + 1, SLOTS)
    const firstDue = nextTick
    nextTick = current + 1
    running = true
    for (let slot = 0; slot < SLOTS; slot++) {
      const due = (((slot - firstDue) % SLOTS) + SLOTS) % SLOTS < missed
      run(slots[slot]!, due, nowMs)
    }
    running = false
    if (members > 0) schedule()
  }

  function run(slot: readonly Seat[], due: boolean, nowMs: number): void {
    for (let i = 0; i < slot.length; i++) {
      const seat = slot[i]!
      try {
        if (!seat.left) seat.member.onTick(nowMs)
        if (due && !seat.left) seat.member.onFrame(nowMs)
      } catch (error) {
        tellError(seat.member, error)
      }
    }
  }

  return {
    join(member) {
      const sizes = slots.map((slot) => slot.length)
      const emptiest = sizes.indexOf(Math.min(...sizes))
      const seat: Seat = { member, left: false }
      slots[emptiest] = [...slots[emptiest]!, seat]
      members++
      // Inside a tick the wheel is turning already.
      if (members === 1 && !running) {
        originMs = clock.nowMs()
        nextTick = 1
        schedule()
      }
      return () => {
        if (seat.left) return
        seat.left = true
        slots[emptiest] = slots[emptiest]!.filter((other) => other !== seat)
        members--
        if (members === 0) {
          cancelTimer?.()
          cancelTimer = undefined
        }
      }
    },
    get members() {
      return members
    },
  }
}

/** A member that cannot even be told of its error must not stop the wheel for the others. */
function tellError(member: FrameClockMember, error: unknown): void {
  try {
    member.onError(error)
  } catch {
    // Nobody is left to tell.
  }
}
