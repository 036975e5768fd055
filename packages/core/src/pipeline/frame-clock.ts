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
}

export const TICK_MS = 5
const SLOTS = FRAME_MS / TICK_MS

export function createFrameClock(clock: Clock, onError: (error: unknown) => void): FrameClock {
  const slots: FrameClockMember[][] = Array.from({ length: SLOTS }, () => [])
  let members = 0
  let originMs = 0
  let nextTick = 0
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
    for (let slot = 0; slot < SLOTS; slot++) {
      const due = (((slot - nextTick) % SLOTS) + SLOTS) % SLOTS < missed
      run(slots[slot]!, due, nowMs)
    }
    nextTick = current + 1
    if (members > 0) schedule()
  }

  function run(slot: readonly FrameClockMember[], due: boolean, nowMs: number): void {
    // Backwards, because a member may leave while it runs.
    for (let i = slot.length - 1; i >= 0; i--) {
      try {
        slot[i]!.onTick(nowMs)
        if (due) slot[i]?.onFrame(nowMs)
      } catch (error) {
        onError(error)
      }
    }
  }

  return {
    join(member) {
      const slot = slots.reduce((emptiest, candidate) =>
        candidate.length < emptiest.length ? candidate : emptiest,
      )
      slot.push(member)
      members++
      if (members === 1) {
        originMs = clock.nowMs()
        nextTick = 1
        schedule()
      }
      return () => {
        const index = slot.indexOf(member)
        if (index < 0) return
        slot.splice(index, 1)
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
