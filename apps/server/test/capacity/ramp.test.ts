import { describe, expect, it } from 'vitest'
import { CAPACITY_LIMITS, crossedBy, rampCalls, type StepFigures } from '../../src/capacity/ramp.ts'

const step = (calls: number, more: Partial<StepFigures> = {}): StepFigures => ({
  calls,
  failed: 0,
  gapped: 0,
  lateMs: 3,
  lagMs: 2,
  cpuShare: calls / 200,
  callersLateMs: 1,
  ...more,
})
const ramp = async (measure: (calls: number) => StepFigures, most = 1000) => {
  const asked: number[] = []
  const found = await rampCalls(
    async (calls) => {
      asked.push(calls)
      return measure(calls)
    },
    { first: 10, most },
  )
  return { ...found, asked }
}

describe('more and more calls', () => {
  it('come until a limit is crossed, and then fewer, until the number is known to a tenth', async () => {
    const { calls, crossed, asked } = await ramp((count) => step(count))
    expect(crossed).toBe('CPU')
    expect(asked).toEqual([10, 16, 26, 42, 68, 109, 175, 142, 158, 166])
    expect(calls).toBe(158)
  })

  it('end at the most that were asked for, where nothing is crossed', async () => {
    expect(await ramp((count) => step(count), 40)).toMatchObject({
      calls: 40,
      crossed: undefined,
      asked: [10, 16, 26, 40],
    })
  })

  it('are none where even one is too many', async () => {
    const found = await ramp((count) => step(count, { lagMs: 90 }))
    expect(found).toMatchObject({ calls: 0, crossed: 'event loop', asked: [10, 5, 2, 1] })
  })

  it('are tried once more where the callers themselves were late', async () => {
    let late = true
    const { calls, asked } = await ramp((count) => {
      const once = step(count, { callersLateMs: late ? 60 : 1, gapped: late ? count : 0 })
      late = false
      return once
    }, 16)
    expect([calls, asked]).toEqual([16, [10, 10, 16]])
  })
})

describe('a step', () => {
  it.each([
    [{}, undefined],
    [{ lagMs: 26 }, 'event loop'],
    [{ cpuShare: 0.81 }, 'CPU'],
    // What late callers hear says nothing.
    [{ callersLateMs: 16, gapped: 50, lateMs: 90 }, 'callers'],
    [{ failed: 1, gapped: 50 }, 'calls that failed'],
    [{ gapped: 1 }, undefined],
    [{ gapped: 2 }, 'gaps'],
    [{ lateMs: 41 }, 'late frames'],
  ] as const)('that shows %j has crossed: %s', (more, crossed) => {
    expect(crossedBy(step(100, more), CAPACITY_LIMITS)).toBe(crossed)
  })
})
