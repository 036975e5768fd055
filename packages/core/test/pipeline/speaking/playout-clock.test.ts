import { describe, expect, it } from 'vitest'
import { toUs } from '../../../src/kit/index.ts'
import { createPlayoutClock } from '../../../src/pipeline/speaking/playout-clock.ts'

function sendFrames(playout: ReturnType<typeof createPlayoutClock>, count: number, nowMs: number): void {
  for (let i = 0; i < count; i++) playout.sent(toUs(nowMs), toUs(20))
}

const voiceOnly = (ms: number) => ({ positionUs: toUs(ms), wireUs: toUs(ms) })

describe('the playout clock', () => {
  it('knows how much the far end holds and what the caller has heard', () => {
    const playout = createPlayoutClock()
    expect(playout.aheadUs(toUs(0)) / 1000).toBe(0)
    expect(playout.heardMs(0)).toBe(0)
    sendFrames(playout, 6, 1000)
    expect([1000, 1030, 1120, 2000].map((at) => playout.aheadUs(toUs(at)) / 1000)).toEqual([120, 90, 0, 0])
    expect([1000, 1030, 1120, 2000].map((at) => playout.heardMs(at))).toEqual([0, 30, 120, 120])
  })

  it('tells how long the far end was dry, and starts again from now', () => {
    const playout = createPlayoutClock()
    expect(playout.sent(toUs(1000), toUs(20)) / 1000).toBe(0)
    expect(playout.sent(toUs(1050), toUs(20)) / 1000).toBe(30)
    expect(playout.aheadUs(toUs(1050)) / 1000).toBe(20)
    expect(playout.heardMs(1060)).toBe(30)
  })

  it('moves back when a mark proves that more was played than it thought', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.markReturned(toUs(1080), voiceOnly(100))
    expect(playout.aheadUs(toUs(1080)) / 1000).toBe(100)
    expect(playout.heardMs(1080)).toBe(100)
    expect(playout.lagUs / 1000).toBe(0)
  })

  it('counts less as heard when a mark comes late, at an unchanged pace', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.markReturned(toUs(1150), voiceOnly(100))
    expect(playout.lagUs / 1000).toBe(50)
    expect(playout.aheadUs(toUs(1150)) / 1000).toBe(50)
    expect(playout.heardMs(1150)).toBe(100)
    expect(playout.heardMs(1200)).toBe(150)
  })

  it('never says less than it said before', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    expect(playout.heardMs(1100)).toBe(100)
    playout.markReturned(toUs(1150), voiceOnly(20))
    expect(playout.heardMs(1150)).toBe(100)
  })

  it('counts nothing of what was cleared as heard, ever', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.cleared(toUs(1060))
    expect(playout.heardMs(5000)).toBe(60)
    expect(playout.aheadUs(toUs(1060)) / 1000).toBe(0)
    playout.markReturned(toUs(1070), voiceOnly(100))
    expect(playout.heardMs(5000)).toBe(60)
    expect(playout.lagUs / 1000).toBe(0)
  })

  it('counts on from the position after a clear', () => {
    const playout = createPlayoutClock()
    sendFrames(playout, 10, 1000)
    playout.cleared(toUs(1060))
    sendFrames(playout, 2, 2000)
    expect(playout.sentMs).toBe(240)
    expect(playout.heardMs(2010)).toBe(210)
    expect(playout.heardMs(2100)).toBe(240)
  })
})
