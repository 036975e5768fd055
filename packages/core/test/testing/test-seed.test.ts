import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('what is random in tests', () => {
  it('has one seed, which the environment may set and nothing else changes', () => {
    const asked = process.env['KAV_TEST_SEED']
    const { seed } = fc.readConfigureGlobal()
    expect(seed).toBeTypeOf('number')
    if (asked) expect(seed).toBe(Number(asked))
  })

  it('is the same again: properties', () => {
    const seen: unknown[][] = [[], []]
    for (const run of seen) {
      fc.assert(
        fc.property(fc.anything(), (value) => void run.push(fc.stringify(value))),
        { numRuns: 50 },
      )
    }
    expect(seen[0]).toEqual(seen[1])
  })

  it('is the same again: Math.random', () => {
    // The engine's own says so; the one that takes its place has a body.
    expect(String(Math.random)).not.toContain('[native code]')
    const drawn = Array.from({ length: 1000 }, () => Math.random())
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(990)
  })
})
