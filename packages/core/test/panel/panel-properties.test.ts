import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addPanels,
  type CallerEvent,
  EMPTY_PANEL,
  type Interval,
  type Panel,
  type PanelCall,
  scorePanel,
  type Share,
} from '../../src/panel/index.ts'

const KINDS = ['turn', 'interruption', 'backchannel', 'vocal-tic', 'not-to-agent'] as const

const intervals = fc
  .array(
    fc.record({ gapMs: fc.integer({ min: 0, max: 5000 }), lastsMs: fc.integer({ min: 1, max: 4000 }) }),
    {
      maxLength: 8,
    },
  )
  .map((parts) => {
    let atMs = 0
    return parts.map(({ gapMs, lastsMs }): Interval => {
      const startMs = atMs + gapMs
      atMs = startMs + lastsMs
      return { startMs, endMs: atMs }
    })
  })

const calls: fc.Arbitrary<PanelCall> = fc
  .record({
    caller: intervals,
    agent: intervals,
    kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 8 }),
  })
  .map(({ caller, agent, kinds }) => ({
    caller: caller.map((interval, at): CallerEvent => ({ ...interval, kind: kinds[at]! })),
    agent,
    durationMs: Math.max(0, ...[...caller, ...agent].map(({ endMs }) => endMs)) + 1,
  }))

const shares = (panel: Panel): Share[] => [panel.response, panel.yield, ...Object.values(panel.selectivity)]

/** What a call lasts is no part of how it took turns. */
const timeless = (panel: Panel): Partial<Panel> => ({ ...panel, durationMs: 0 })

describe('a panel', () => {
  it('does not depend on when the call began', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 0, max: 100_000 }), (call, byMs) => {
        const later = <T extends Interval>(interval: T): T => ({
          ...interval,
          startMs: interval.startMs + byMs,
          endMs: interval.endMs + byMs,
        })
        const shifted = {
          caller: call.caller.map(later),
          agent: call.agent.map(later),
          durationMs: call.durationMs + byMs,
        }
        expect(timeless(scorePanel(shifted))).toEqual(timeless(scorePanel(call)))
      }),
    )
  })

  it('changes by silence at its end only in its duration and its dead air', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 0, max: 100_000 }), (call, byMs) => {
        const longer = scorePanel({ ...call, durationMs: call.durationMs + byMs })
        const before = scorePanel(call)
        expect({ ...timeless(longer), deadAir: 0 }).toEqual({ ...timeless(before), deadAir: 0 })
        expect(longer.deadAir.totalMs).toBeGreaterThanOrEqual(before.deadAir.totalMs)
      }),
    )
  })

  it('does not depend on the order of what it is given', () => {
    fc.assert(
      fc.property(calls, (call) => {
        const turned = { ...call, caller: call.caller.toReversed(), agent: call.agent.toReversed() }
        expect(scorePanel(turned)).toEqual(scorePanel(call))
      }),
    )
  })

  it('does not depend on how the voice of the agent is cut', () => {
    fc.assert(
      fc.property(calls, (call) => {
        const agent = call.agent.flatMap(({ startMs, endMs }) => {
          const middleMs = startMs + Math.floor((endMs - startMs) / 2)
          return [
            { startMs, endMs: middleMs },
            { startMs: middleMs, endMs },
          ]
        })
        expect(scorePanel({ ...call, agent })).toEqual(scorePanel(call))
      }),
    )
  })

  it('has rates from 0 to 1, and none where there was nothing', () => {
    fc.assert(
      fc.property(calls, (call) => {
        for (const { count, n, rate } of shares(scorePanel(call))) {
          expect(count).toBeLessThanOrEqual(n)
          expect(rate).toBe(n === 0 ? undefined : count / n)
        }
      }),
    )
  })

  it('accounts for each event once', () => {
    fc.assert(
      fc.property(calls, (call) => {
        const panel = scorePanel(call)
        const { backchannel, vocalTic, notToAgent } = panel.selectivity
        expect(panel.words + backchannel.n + vocalTic.n + notToAgent.n + panel.unscored).toBe(
          call.caller.length,
        )
        expect(panel.response.n).toBeLessThanOrEqual(panel.words)
        expect(panel.timeToYield.n).toBe(panel.yield.count)
        expect(panel.responseLatency.n).toBe(panel.response.count)
      }),
    )
  })

  it('of an agent that never speaks answers, yields and interrupts nothing', () => {
    fc.assert(
      fc.property(calls, (call) => {
        const panel = scorePanel({ ...call, agent: [] })
        expect(panel.response.count + panel.yield.n + panel.agentInterruptions.count + panel.talkOverMs).toBe(
          0,
        )
        for (const { count, n } of Object.values(panel.selectivity)) expect(count).toBe(n)
      }),
    )
  })
})

/** Every figure that is counted, by its path: not the rates and percentiles, which follow from them. */
function counted(value: object, path = ''): Map<string, number> {
  const figures = Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, number][] => {
    if (/^(rate|score|p\d+Ms|valuesMs)$/.test(name)) return []
    if (typeof part === 'number') return [[`${path}${name}`, part]]
    return [...counted(part as object, `${path}${name}.`)]
  })
  return new Map(figures)
}

describe('the sum of panels', () => {
  it('has each figure of both', () => {
    fc.assert(
      fc.property(calls, calls, (one, other) => {
        const [a, b] = [scorePanel(one), scorePanel(other)]
        const sum = counted(addPanels([a, b]))
        expect(sum.size).toBe(23)
        for (const [name, figure] of sum)
          expect(figure).toBeCloseTo(counted(a).get(name)! + counted(b).get(name)!)
      }),
    )
  })

  it('is that of their counts and times, in any order and grouping', () => {
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 4 }), (some) => {
        const panels = some.map((call) => scorePanel(call))
        const all = addPanels(panels)
        const grouped = addPanels([addPanels(panels.slice(2)), EMPTY_PANEL, addPanels(panels.slice(0, 2))])
        const close = (panel: Panel): unknown => ({
          ...panel,
          turnTaking: { n: panel.turnTaking.n, sum: panel.turnTaking.sum.toFixed(6) },
        })
        expect(close(grouped)).toEqual(close(all))
        expect(all.words).toBe(panels.reduce((total, { words }) => total + words, 0))
        expect(all.responseLatency.n).toBe(all.response.count)
      }),
    )
  })

  it('of one is that one, and its percentiles are those of all times together', () => {
    const one = scorePanel({
      caller: [{ kind: 'turn', startMs: 0, endMs: 100 }],
      agent: [{ startMs: 300, endMs: 900 }],
      durationMs: 2000,
    })
    const other = scorePanel({
      caller: [0, 10_000, 20_000].map((startMs) => ({ kind: 'turn', startMs, endMs: startMs + 100 })),
      agent: [900, 10_500, 20_600].map((startMs) => ({ startMs, endMs: startMs + 1000 })),
      durationMs: 30_000,
    })
    expect(addPanels([one])).toEqual(one)
    expect(addPanels([one, other]).responseLatency).toEqual({
      n: 4,
      p50Ms: 400,
      p95Ms: 800,
      valuesMs: [200, 400, 500, 800],
    })
  })
})
