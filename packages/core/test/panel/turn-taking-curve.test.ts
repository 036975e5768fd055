import { describe, expect, it } from 'vitest'
import { type CallerEvent, type Interval, scorePanel } from '../../src/panel/index.ts'
import { interruptedScore, latencyScore, yieldScore } from '../../src/panel/turn-taking-curve.ts'

describe('the turn-taking curve of EVA', () => {
  it.each([
    [-800, 0],
    [-500, 0],
    [0, 0.5],
    [200, 0.7],
    [500, 1],
    [2000, 1],
    [2750, 0.5],
    [3500, 0],
    [9000, 0],
  ])('gives an answer after %d ms %d', (latencyMs, score) => {
    expect(latencyScore(latencyMs)).toBeCloseTo(score)
  })

  it.each([
    [0, 1],
    [600, 0.7],
    [1000, 0.5],
    [2500, 0],
  ])('gives a yield of %d ms %d', (yieldMs, score) => {
    expect(yieldScore(yieldMs)).toBeCloseTo(score)
  })

  it.each([
    [1, 0, 0.5],
    [1, 500, 0.375],
    [2, 0, 0.25],
    [2, 1500, 0.125],
    [3, 0, 0],
    [1, 4000, 0],
  ])(
    'gives an agent that began %d times inside a turn and spoke along for %d ms %d',
    (count, overMs, score) => {
      expect(interruptedScore(count, overMs)).toBeCloseTo(score)
    },
  )

  const scoreOf = (caller: CallerEvent, agent: readonly Interval[]): number | undefined =>
    scorePanel({ caller: [caller], agent, durationMs: 20_000 }).turnTaking.score

  it.each<[string, CallerEvent, Interval[], number]>([
    ['an answer', { kind: 'turn', startMs: 0, endMs: 1000 }, [{ startMs: 1200, endMs: 2000 }], 0.7],
    ['no answer', { kind: 'turn', startMs: 0, endMs: 1000 }, [], 0],
    ['a yield', { kind: 'interruption', startMs: 1000, endMs: 3000 }, [{ startMs: 0, endMs: 1600 }], 0.7],
    ['no yield', { kind: 'interruption', startMs: 1000, endMs: 3000 }, [{ startMs: 0, endMs: 9000 }], 0],
    [
      'a beginning inside, then a late answer',
      { kind: 'turn', startMs: 0, endMs: 1000 },
      [
        { startMs: 500, endMs: 600 },
        { startMs: 4200, endMs: 5000 },
      ],
      0.2,
    ],
    [
      'a beginning inside, with nothing after',
      { kind: 'turn', startMs: 0, endMs: 1000 },
      [{ startMs: 500, endMs: 1500 }],
      0.375,
    ],
    [
      'a yield and a beginning inside',
      { kind: 'interruption', startMs: 1000, endMs: 3000 },
      [
        { startMs: 0, endMs: 1100 },
        { startMs: 2500, endMs: 4000 },
      ],
      0.35,
    ],
  ])('scores %s', (_, caller, agent, score) => {
    expect(scoreOf(caller, agent)).toBeCloseTo(score)
  })
})
