import { describe, expect, it } from 'vitest'
import type { CallerEvent, CallerEventKind, Interval, Panel } from '../../src/panel/index.ts'
import { scorePanel } from '../../src/panel/index.ts'

const at = (startMs: number, endMs: number): Interval => ({ startMs, endMs })
const event = (kind: CallerEventKind, startMs: number, endMs: number): CallerEvent => ({
  kind,
  startMs,
  endMs,
})
const turn = (startMs: number, endMs: number): CallerEvent => event('turn', startMs, endMs)

function panel(caller: readonly CallerEvent[], agent: readonly Interval[], durationMs = 20_000): Panel {
  return scorePanel({ caller, agent, durationMs })
}

describe('response', () => {
  it('is the share of words that were answered before the next ones, with the latency from end to voice', () => {
    const scored = panel(
      [turn(1000, 2000), turn(5000, 6000), turn(7000, 8000)],
      [at(2380, 4000), at(8500, 9000)],
    )
    expect(scored.response).toEqual({ count: 2, n: 3, rate: 2 / 3 })
    expect(scored.responseLatency).toEqual({ n: 2, p50Ms: 380, p95Ms: 500, valuesMs: [380, 500] })
  })

  it('counts last words that nobody answered', () => {
    expect(panel([turn(1000, 2000)], [at(0, 900)]).response).toEqual({ count: 0, n: 1, rate: 0 })
  })

  it('is not missed where the call left no time for it, and counts where it came all the same', () => {
    const last: CallerEvent = { ...turn(1000, 2000), noTimeToAnswer: true }
    expect(panel([last], [], 2500)).toMatchObject({ response: { count: 0, n: 0 }, turnTaking: { n: 0 } })
    expect(panel([last], [at(2400, 2500)], 2500).response).toEqual({ count: 1, n: 1, rate: 1 })
    expect(panel([last], [at(0, 1300)], 2500).yield).toEqual({ count: 1, n: 1, rate: 1 })
  })

  it('is asked of an interruption too, once the agent has stopped', () => {
    const scored = panel([event('interruption', 2000, 4000)], [at(0, 2300), at(4400, 6000)])
    expect(scored.responseLatency.valuesMs).toEqual([400])
  })

  it('is not asked of words at whose end the agent speaks', () => {
    expect(panel([event('interruption', 2000, 3000)], [at(0, 8000)]).response).toEqual({ count: 0, n: 0 })
  })

  it('of an answer at the very end of the words takes 0 ms', () => {
    const scored = panel([turn(1000, 2000)], [at(2000, 4000)])
    expect(scored.responseLatency.valuesMs).toEqual([0])
    expect(scored.agentInterruptions.count).toBe(0)
  })

  it('is not what began before a backchannel, nor kept from coming by one', () => {
    const scored = panel([turn(1000, 2000), event('vocal-tic', 2100, 2200)], [at(2600, 4000)])
    expect(scored.responseLatency.valuesMs).toEqual([600])
  })
})

describe('yield', () => {
  it('is to stop within two seconds of the first word, and takes until then', () => {
    const scored = panel(
      [event('interruption', 1000, 2000), event('interruption', 6000, 9000)],
      [at(0, 1240), at(5000, 8000)],
    )
    expect(scored.yield).toEqual({ count: 1, n: 2, rate: 0.5 })
    expect(scored.timeToYield.valuesMs).toEqual([240])
  })

  it('asks two seconds, no more', () => {
    expect(panel([event('interruption', 1000, 4000)], [at(0, 2999)]).yield.rate).toBe(1)
    expect(panel([event('interruption', 1000, 4000)], [at(0, 3000)]).yield.rate).toBe(0)
  })

  it('is not a hole in the voice that is shorter than a tick', () => {
    const voice = [at(0, 1300), at(1499, 9000)]
    expect(panel([event('interruption', 1000, 4000)], voice).yield.rate).toBe(0)
    expect(panel([event('interruption', 1000, 4000)], [at(0, 1300), at(1500, 9000)]).yield.rate).toBe(1)
  })

  it('is asked of any words that begin over the voice, and of none that begin in silence', () => {
    expect(panel([turn(1000, 2000)], [at(0, 1200)]).yield).toEqual({ count: 1, n: 1, rate: 1 })
    expect(panel([event('interruption', 1000, 2000)], [at(0, 900)]).yield).toEqual({ count: 0, n: 0 })
  })

  it('is not the end of the call', () => {
    expect(panel([event('interruption', 9000, 9900)], [at(8000, 10_000)], 10_000).yield.rate).toBe(0)
  })
})

describe('talk-over', () => {
  it('is the time of the agent over words, not over a listener', () => {
    const caller = [event('interruption', 1000, 2000), event('backchannel', 5500, 5800)]
    expect(panel(caller, [at(0, 1350), at(5000, 7000)]).talkOverMs).toBe(350)
  })
})

describe('selectivity', () => {
  const kinds = [
    ['backchannel', 'backchannel'],
    ['vocal-tic', 'vocalTic'],
    ['not-to-agent', 'notToAgent'],
  ] as const

  it.each(kinds)('of a %s over the voice is to speak on for a second', (kind, of) => {
    expect(panel([event(kind, 1000, 1300)], [at(0, 2000)]).selectivity[of]).toEqual({
      count: 1,
      n: 1,
      rate: 1,
    })
    expect(panel([event(kind, 1000, 1300)], [at(0, 1999)]).selectivity[of].rate).toBe(0)
    expect(panel([event(kind, 1000, 1300)], [at(0, 1300), at(1600, 4000)]).selectivity[of].rate).toBe(0)
    expect(panel([event(kind, 1000, 1300)], [at(0, 1500)], 1500).selectivity[of].rate).toBe(1)
  })

  it.each(kinds.slice(1))('of a %s in silence is not to begin within two seconds of its end', (kind, of) => {
    const caller = [event(kind, 1000, 1300)]
    expect(panel(caller, [at(3300, 4000)]).selectivity[of]).toEqual({ count: 0, n: 1, rate: 0 })
    expect(panel(caller, [at(3301, 4000)]).selectivity[of].rate).toBe(1)
    expect(panel(caller, [at(1100, 4000)]).selectivity[of].rate).toBe(0)
  })

  it('is not told by an event at which an answer is due, or amid words, or a backchannel in silence', () => {
    const scored = panel(
      [
        turn(1000, 3000),
        event('vocal-tic', 2000, 2100),
        event('not-to-agent', 3200, 3300),
        event('backchannel', 9000, 9200),
      ],
      [at(3500, 5000)],
    )
    expect(scored.unscored).toBe(3)
    expect(scored.selectivity.vocalTic.n + scored.selectivity.notToAgent.n).toBe(0)
    expect(scored.selectivity.backchannel.n).toBe(0)
  })

  it('does not take the answer to the next words for one to the tic before them', () => {
    const scored = panel([event('vocal-tic', 1000, 1200), turn(1500, 2000)], [at(2400, 4000)])
    expect(scored.selectivity.vocalTic.rate).toBe(1)
  })
})

describe('agent interruptions', () => {
  it('are the beginnings of the voice inside words, a pause in them included, per words', () => {
    const scored = panel(
      [turn(1000, 5000), turn(8000, 9000)],
      [at(2000, 2300), at(3000, 3300), at(5400, 7000), at(9300, 9900)],
    )
    expect(scored.agentInterruptions).toEqual({ count: 2, n: 2, rate: 1 })
    expect(scored.responseLatency.valuesMs).toEqual([300, 400])
  })
})

describe('dead air', () => {
  it('is a silence of both after words, longer than the bound, whole', () => {
    expect(panel([turn(1000, 2000)], [at(6000, 7000)]).deadAir).toEqual({ count: 1, totalMs: 4000 })
    expect(panel([turn(1000, 2000)], [at(5500, 7000)]).deadAir).toEqual({ count: 0, totalMs: 0 })
  })

  it('lasts to the end of the call', () => {
    expect(panel([turn(1000, 2000)], [], 8000).deadAir).toEqual({ count: 1, totalMs: 6000 })
  })

  it('is not a silence in which the caller is asked something, nor the one before anybody spoke', () => {
    expect(panel([turn(9000, 9500)], [at(0, 2000), at(9800, 12_000)]).deadAir.count).toBe(0)
    expect(panel([turn(9000, 9500)], [at(9800, 12_000)]).deadAir.count).toBe(0)
    expect(panel([event('backchannel', 2500, 2800)], [at(0, 2000)]).deadAir.count).toBe(0)
  })
})

describe('what cannot be a call', () => {
  it.each([
    ['ends before it starts', [turn(2000, 1000)], []],
    ['has no times', [turn(NaN, 1000)], []],
    ['is an agent that ends before it starts', [], [at(2, 1)]],
  ])('is refused: %s', (_, caller, agent) => {
    expect(() => panel(caller, agent)).toThrow(RangeError)
  })
})
