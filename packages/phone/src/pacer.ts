import type { Clock } from '@kav/core'
import { distribution, type Distribution } from './percentiles.ts'

/** Something that wants to be called at a time of its own choosing. */
export interface Paced {
  /** When it is next due, on the pacer's clock. `onDue` moves it forward. */
  readonly dueMs: number
  /** Called once per tick when due; never throws. */
  onDue(nowMs: number): void
}

/** One timer for any number of calls, on an absolute 5 ms grid; asleep when nobody has joined. */
export interface Pacer {
  readonly clock: Clock
  join(paced: Paced): void
  leave(paced: Paced): void
  /** A moment on the grid, not before now, in the emptiest of the grid's four slots of a 20 ms frame. */
  claimSlot(): number
  releaseSlot(startMs: number): void
  /** How far the ticks were from their time, either way. */
  lagMs(): Distribution
  /** How late this process itself is at this moment: what is measured now may be late by so much. */
  overdueMs(): number
}

const TICK_MS = 5
const SLOTS = 4
/** What comes right behind a late tick was held up with it. */
const SAME_STALL_MS = 2
const LAG_SAMPLES = 65536

export function createPacer(clock: Clock): Pacer {
  const joined = new Set<Paced>()
  const slots = new Uint32Array(SLOTS)
  const originMs = clock.nowMs()
  /** The last ticks' lags: enough for five minutes. */
  const lags = new Float32Array(LAG_SAMPLES)
  let ticks = 0
  let tickNumber = 0
  let lastTickMs = -Infinity
  let lastLagMs = 0
  let cancel: (() => void) | undefined

  const slotOf = (startMs: number): number => Math.round((startMs - originMs) / TICK_MS) % SLOTS

  function schedule(): void {
    const nowMs = clock.nowMs()
    tickNumber = Math.max(tickNumber + 1, Math.floor((nowMs - originMs) / TICK_MS) + 1)
    cancel = clock.after(originMs + tickNumber * TICK_MS - nowMs, tick)
  }

  function tick(): void {
    const nowMs = clock.nowMs()
    const lagMs = nowMs - (originMs + tickNumber * TICK_MS)
    lags[ticks++ % LAG_SAMPLES] = Math.abs(lagMs)
    lastTickMs = nowMs
    lastLagMs = lagMs
    // Timers may fire a little early; the grid is what counts.
    const dueBy = lagMs < 0 ? nowMs - lagMs : nowMs
    for (const paced of joined) if (paced.dueMs <= dueBy) paced.onDue(dueBy)
    cancel = undefined
    if (joined.size > 0) schedule()
  }

  return {
    clock,
    join(paced) {
      joined.add(paced)
      if (!cancel) schedule()
    },
    leave(paced) {
      joined.delete(paced)
      if (joined.size > 0) return
      cancel?.()
      cancel = undefined
    },
    claimSlot() {
      const next = Math.ceil((clock.nowMs() - originMs) / TICK_MS)
      let best = next
      for (let tickNo = next; tickNo < next + SLOTS; tickNo++) {
        if (slots[tickNo % SLOTS]! < slots[best % SLOTS]!) best = tickNo
      }
      slots[best % SLOTS]!++
      return originMs + best * TICK_MS
    },
    releaseSlot(startMs) {
      const slot = slotOf(startMs)
      if (slots[slot]! > 0) slots[slot]!--
    },
    overdueMs() {
      const nowMs = clock.nowMs()
      const heldUp = nowMs - lastTickMs < SAME_STALL_MS ? lastLagMs : 0
      const waiting = cancel ? nowMs - (originMs + tickNumber * TICK_MS) : 0
      return Math.max(0, heldUp, waiting)
    },
    lagMs: () => distribution(lags.subarray(0, Math.min(ticks, LAG_SAMPLES))),
  }
}
