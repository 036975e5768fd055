import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../contracts/index.ts'

/** A clock that moves only when the test says so, and the handle that moves it. */
export interface FakeClock {
  readonly clock: Clock
  /**
   * Moves time forward, running due timers in order of their time (then of their making). After each timer the
   * promise chains it started settle, so a timer made in such a chain runs too when it is due. Rejects with what a
   * callback throws. One `advance` at a time.
   */
  advance(ms: number): Promise<void>
  /** Lets promise chains settle without moving time. Timers that are due already stay where they are. */
  settle(): Promise<void>
  /** Timers that are waiting. Zero after everything was closed, or something leaks. */
  pending(): number
  /** Shifts the calendar only: a wall clock that is set while calls run must disturb nothing. */
  setWallOffsetMs(ms: number): void
}

interface Timer {
  readonly dueMs: number
  readonly callback: () => void
}

/** Event-loop turns given to promise chains: one drains every microtask, the rest are for chains that wait a turn. */
const TURNS_BETWEEN_TIMERS = 1
const TURNS_TO_SETTLE = 4

/** `startMs` is where the monotonic clock stands at first, `wallMs` the calendar at that moment. */
export function createFakeClock(options: { startMs?: number; wallMs?: number } = {}): FakeClock {
  const startMs = options.startMs ?? 1000
  let wallAtStartMs = options.wallMs ?? Date.UTC(2030, 0, 1)
  let nowMs = startMs
  let advancing = false
  // Sorted by due time; equal times keep the order of making.
  const timers: Timer[] = []

  async function turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) await nextTurn()
  }

  function insert(timer: Timer): void {
    let low = 0
    let high = timers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (timers[middle]!.dueMs <= timer.dueMs) low = middle + 1
      else high = middle
    }
    timers.splice(low, 0, timer)
  }

  const clock: Clock = {
    nowMs: () => nowMs,
    wallMs: () => wallAtStartMs + (nowMs - startMs),
    after(delayMs, callback) {
      const timer = { dueMs: nowMs + (delayMs > 0 ? delayMs : 0), callback }
      insert(timer)
      return () => {
        const index = timers.indexOf(timer)
        if (index >= 0) timers.splice(index, 1)
      }
    },
  }

  return {
    clock,
    async advance(ms) {
      if (advancing) throw new Error('FakeClock.advance is already running: await it before the next')
      advancing = true
      try {
        const targetMs = nowMs + ms
        await turns(TURNS_TO_SETTLE)
        for (;;) {
          while (timers[0] !== undefined && timers[0].dueMs <= targetMs) {
            const timer = timers.shift()!
            nowMs = Math.max(nowMs, timer.dueMs)
            timer.callback()
            await turns(TURNS_BETWEEN_TIMERS)
          }
          await turns(TURNS_TO_SETTLE)
          if (timers[0] === undefined || timers[0].dueMs > targetMs) break
        }
        nowMs = targetMs
      } finally {
        advancing = false
      }
    },
    settle: () => turns(TURNS_TO_SETTLE),
    pending: () => timers.length,
    setWallOffsetMs(ms) {
      wallAtStartMs = (options.wallMs ?? Date.UTC(2030, 0, 1)) + ms
    },
  }
}
