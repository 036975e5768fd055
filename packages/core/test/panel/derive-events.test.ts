import { describe, expect, it } from 'vitest'
import { type CallerEvent, deriveEvents, type Interval } from '../../src/panel/index.ts'

const at = (startMs: number, endMs: number): Interval => ({ startMs, endMs })

function derived(caller: readonly Interval[], agent: readonly Interval[]): readonly CallerEvent[] {
  return deriveEvents(caller, agent, 60_000)
}

describe('what the voice of a caller may have been', () => {
  it('is a turn in silence, with its pauses', () => {
    expect(derived([at(1000, 2000), at(3500, 4000)], [at(4400, 6000)])).toEqual([
      { kind: 'turn', startMs: 1000, endMs: 4000 },
    ])
  })

  it('is two turns where the pause is longer, or the agent has answered in it', () => {
    expect(derived([at(1000, 2000), at(3501, 4000)], [at(4400, 6000)])).toHaveLength(2)
    expect(derived([at(1000, 2000), at(3000, 4000)], [at(2300, 2800), at(4400, 6000)])).toHaveLength(2)
  })

  it('is one turn where the agent began in a pause of it', () => {
    expect(derived([at(1000, 2000), at(2700, 4000)], [at(2400, 2900), at(4400, 6000)])).toEqual([
      { kind: 'turn', startMs: 1000, endMs: 4000 },
    ])
  })

  it('is a backchannel over the agent, where it is short and alone', () => {
    expect(derived([at(3000, 3400), at(6000, 7000)], [at(0, 9000)]).map(({ kind }) => kind)).toEqual([
      'backchannel',
      'backchannel',
    ])
  })

  it('is an interruption over the agent, where it is longer or goes on', () => {
    expect(derived([at(3000, 4001)], [at(0, 9000)])[0]!.kind).toBe('interruption')
    expect(derived([at(3000, 3400), at(4200, 6000)], [at(0, 3500), at(7000, 9000)])).toEqual([
      { kind: 'interruption', startMs: 3000, endMs: 6000 },
    ])
    expect(derived([at(3000, 3400), at(4300, 6000)], [at(0, 9000)])[0]!.kind).toBe('interruption')
  })

  it('misses no answer where the call ends before one could come', () => {
    expect(deriveEvents([at(8001, 9000)], [at(2500, 7000)], 10_999)).toEqual([
      { kind: 'turn', startMs: 8001, endMs: 9000, noTimeToAnswer: true },
    ])
    expect(deriveEvents([at(8001, 9000)], [at(2500, 7000)], 11_000)).toEqual([
      { kind: 'turn', startMs: 8001, endMs: 9000 },
    ])
  })
})
