import { describe, expect, it } from 'vitest'
import { createFrameClock } from '../../src/pipeline/frame-clock.ts'
import { createSharedAlarm } from '../../src/pipeline/shared-alarm.ts'
import { timedIteration } from '../../src/kit/index.ts'
import { createFakeClock, createTestMetrics } from '../../src/testing/index.ts'
import { createManualClock } from './manual-clock.ts'

/** A call's deadlines on the wheel, on a clock that tells how long it stood still. */
function createDeadlines() {
  const manual = createManualClock(1000)
  let stoodStillMs = 0
  const clock = { ...manual, stoodStillMs: () => stoodStillMs }
  const metrics = createTestMetrics()
  const wheel = createFrameClock(clock, metrics)
  const alarm = createSharedAlarm(wheel.join((error) => expect.unreachable(String(error))).deadline, clock)
  return {
    metrics,
    step: manual.step,
    stop(ms: number): void {
      stoodStillMs += ms
      manual.stall(ms)
    },
    part(dueMs: number): number[] {
      const at: number[] = []
      alarm.part((nowUs) => at.push(nowUs / 1000)).at(dueMs * 1000)
      return at
    },
  }
}

describe('deadlines of a call', () => {
  it('are put off by the time in which the process stood still, each by its own share', () => {
    const { part, step, stop } = createDeadlines()
    const soon = part(1500)
    const later = part(3000)
    step(100)
    stop(5000)
    expect([...soon, ...later]).toEqual([])
    const after = part(6200)
    step(110)
    expect([soon, later, after]).toEqual([[], [], [6205]])
    step(10_000)
    expect([soon, later]).toEqual([[6505], [8005]])
  })

  it('goes on with media at once, and counts that as a resync', () => {
    const { part, stop, step, metrics } = createDeadlines()
    part(1050)
    step(40)
    expect(metrics.value('media_resyncs_total')).toBe(0)
    stop(3000)
    expect(metrics.value('media_resyncs_total')).toBe(1)
    expect(metrics.value('media_resync_ms_total')).toBeGreaterThan(2900)
  })
})

describe('a stream that is waited for', () => {
  it('is not late by the time in which the process stood still', async () => {
    const time = createFakeClock()
    let stoodStillMs = 0
    const clock = { ...time.clock, stoodStillMs: () => stoodStillMs }
    const waits = { clock, firstMs: 1000, idleMs: 1000, what: 'llm', signal: new AbortController().signal }
    async function* source(): AsyncGenerator<string> {
      yield 'first'
      await new Promise(() => undefined)
    }
    const items = timedIteration(source(), waits)
    await items.next()
    await time.advance(900)
    const late = items.next().catch((error: unknown) => String(error))
    // The timer of the first item is still set: it looks again, in the time the process ran.
    stoodStillMs += 5000
    await time.advance(5000)
    let told = ''
    void late.then((error) => (told = String(error)))
    await time.advance(900)
    expect(told).toBe('')
    await time.advance(200)
    expect(told).toMatch(/nothing for 1000 ms/)
  })
})
