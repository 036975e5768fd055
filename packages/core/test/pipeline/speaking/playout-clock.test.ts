import { describe, expect, it } from 'vitest'
import { createPlayoutClock } from '../../../src/pipeline/speaking/playout-clock.ts'

function sendFrames(playout: ReturnType<typeof createPlayoutClock>, count: number, nowMs: number): void {
  for (let i = 0; i < count; i++) playout.sent(nowMs, 20)
}

describe('the playout clock', () => {
  it('knows how much the far end holds and what the caller has heard', () => {
    const playout = createPlayoutClock()
    expect(playout.aheadMs(0)).toBe(0)
    expect(playout.heardMs(0)).toBe(0)
    sendFrames(playout, 6, 1000)
    expect([1000, 1030, 1120, 2000].map((at) => playout.aheadMs(at))).toEqual([120, 90, 0, 0])
    expect([1000, 1030, 1120, 2000].map((at) => playout.heardMs(at))).toEqual([0, 30, 120, 120])
  })

  it('tells how long the far end was dry, and starts again from now', () => {
    const playout = createPlayoutClock()
    expect(playout.sent(1000, 20)).toBe(0)
    expect(playout.sent(1050, 20)).toBe(30)
    expect(playout.aheadMs(1050)).toBe(20)
    expect(playout.heardMs(1060)).toBe(30)
  })

  it('moves back when a mark proves that more was played than it thought', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.markReturned(1080, 100)
    expect(playout.aheadMs(1080)).toBe(100)
    expect(playout.heardMs(1080)).toBe(100)
    expect(playout.lagMs).toBe(0)
  })

  it('counts less as heard when a mark comes late, at an unchanged pace', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.markReturned(1150, 100)
    expect(playout.lagMs).toBe(50)
    expect(playout.aheadMs(1150)).toBe(50)
    expect(playout.heardMs(1150)).toBe(100)
    expect(playout.heardMs(1200)).toBe(150)
  })

  it('never says less than it said before', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    expect(playout.heardMs(1100)).toBe(100)
    playout.markReturned(1150, 20)
    expect(playout.heardMs(1150)).toBe(100)
  })

  it('counts nothing of what was cleared as heard, ever', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.cleared(1060)
    expect(playout.heardMs(5000)).toBe(60)
    expect(playout.aheadMs(1060)).toBe(0)
    playout.markReturned(1070, 100)
    expect(playout.heardMs(5000)).toBe(60)
    expect(playout.lagMs).toBe(0)
  })

  it('counts on from the position after a clear', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.cleared(1060)
    sendFrames(playout, 2, 2000)
    expect(playout.sentMs).toBe(240)
    expect(playout.heardMs(2010)).toBe(210)
    expect(playout.heardMs(2100)).toBe(240)
  })
})
