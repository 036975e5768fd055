import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/index.ts'
import { pause } from '../../src/testing/fakes/pause.ts'

describe('the fake clock', () => {
  it('runs due timers in order of time, then of making, each at its own time', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const ran: string[] = []
    clock.after(20, () => ran.push(`b at ${clock.nowMs()}`))
    clock.after(5, () => ran.push(`a at ${clock.nowMs()}`))
    clock.after(20, () => ran.push(`c at ${clock.nowMs()}`))
    clock.after(21, () => ran.push('too late'))
    await advance(20)
    expect(ran).toEqual(['a at 5', 'b at 20', 'c at 20'])
    expect(clock.nowMs()).toBe(20)
  })

  it('runs timers that are made while it advances, also in promise chains', async () => {
    const { clock, advance } = createFakeClock({ startMs: 0 })
    const ticks: number[] = []
    const run = async () => {
      for (let tick = 0; tick < 50; tick++) {
        await pause(clock, 5)
        await new Promise((resolve) => setImmediate(resolve))
        ticks.push(clock.nowMs())
      }
    }
    void run()
    await advance(250)
    expect(ticks).toEqual(Array.from({ length: 50 }, (_value, index) => (index + 1) * 5))
  })

  it('does not run a cancelled timer, and cancelling twice is harmless', async () => {
    const { clock, advance, pending } = createFakeClock()
    let ran = false
    const cancel = clock.after(5, () => {
      ran = true
    })
    cancel()
    cancel()
    expect(pending()).toBe(0)
    await advance(10)
    expect(ran).toBe(false)
  })

  it('lets one timer cancel another that is due at the same moment', async () => {
    const { clock, advance } = createFakeClock()
    let ran = false
    clock.after(5, () => cancel())
    const cancel = clock.after(5, () => {
      ran = true
    })
    await advance(5)
    expect(ran).toBe(false)
  })

  it('keeps monotonic time when the calendar is set', async () => {
    const fake = createFakeClock({ startMs: 100, wallMs: 5_000_000 })
    await fake.advance(50)
    expect([fake.clock.nowMs(), fake.clock.wallMs()]).toEqual([150, 5_000_050])
    fake.setWallOffsetMs(-3_600_000)
    expect([fake.clock.nowMs(), fake.clock.wallMs()]).toEqual([150, 1_400_050])
  })

  it('rejects with what a callback throws and can go on', async () => {
    const { clock, advance } = createFakeClock()
    clock.after(5, () => {
      throw new Error('thrown by a timer')
    })
    await expect(advance(5)).rejects.toThrow('thrown by a timer')
    await advance(5)
  })

  it('refuses to be advanced twice at once', async () => {
    const { advance } = createFakeClock()
    const first = advance(5)
    await expect(advance(5)).rejects.toThrow('already running')
    await first
  })
})
