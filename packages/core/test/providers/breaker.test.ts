import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProviderError, type ProviderErrorClass } from '../../src/index.ts'
import { type BreakerState, createBreaker, type Trial } from '../../src/providers/breaker.ts'
import { MAX_OPEN_MS } from '../../src/providers/breaker-times.ts'

const CLASSES: readonly ProviderErrorClass[] = [
  'auth',
  'bad-request',
  'quota',
  'session-limit',
  'network',
  'timeout',
  'bad-data',
  'cancelled',
]
const fault = (errorClass: ProviderErrorClass): ProviderError => new ProviderError(errorClass, errorClass)

function rig(liveTries = false) {
  let nowMs = 1000
  const changes: BreakerState[] = []
  const breaker = createBreaker({ nowMs: () => nowMs, liveTries, onChange: (state) => changes.push(state) })
  return { breaker, changes, pass: (ms: number) => (nowMs += ms), now: () => nowMs }
}

/** One thing that may happen to a breaker; trials are picked among all that ever began. */
const step = fc.oneof(
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 700_000 }) }),
  fc.record({ do: fc.constantFrom('begin' as const, 'probe' as const, 'condemn' as const) }),
  fc.record({ do: fc.constantFrom('succeed' as const, 'abandon' as const), of: fc.nat(20) }),
  fc.record({ do: fc.constant('fail' as const), of: fc.nat(20), error: fc.constantFrom(...CLASSES) }),
)

describe('a breaker', () => {
  it('is in one of three states, with one who tries at the most, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 80 }), (liveTries, steps) => {
        const { breaker, changes, pass, now } = rig(liveTries)
        const trials: Trial[] = []
        /** The trial that may decide while it is half-open. */
        let trier: Trial | undefined
        /** Those that had begun an answer, and those that have no say since one of these broke. */
        const begun = new Set<Trial>()
        let voiceless = new Set<Trial>()
        for (const one of steps) {
          const before = breaker.state
          const { due, condemned } = breaker
          const trial = 'of' in one ? trials[one.of % trials.length] : undefined
          if (one.do === 'pass') pass(one.ms)
          else if (one.do === 'begin') trials.push(breaker.begin())
          else if (one.do === 'probe') trials.push(breaker.probe())
          else if (one.do === 'condemn') breaker.condemn(fault('timeout'))
          else if (one.do === 'succeed') trial?.succeeded()
          else if (one.do === 'abandon') trial?.abandoned()
          else if (one.do === 'fail') trial?.failed(fault(one.error))

          if (breaker.state === 'half-open' && before !== 'half-open') {
            // Nobody takes the one place before it is due, but a probe, which keeps the time itself.
            expect(before).toBe('open')
            const live = one.do === 'begin' && (liveTries || condemned) && due
            expect(live || (one.do === 'probe' && !condemned)).toBe(true)
            trier = trials.at(-1)
            expect(trier!.byUse).toBe(condemned)
          }
          if (one.do === 'condemn') trier = undefined
          else if (before === 'half-open' && breaker.state === 'open') expect(trial).toBe(trier)
          if (before === 'closed' && breaker.state === 'open' && one.do === 'fail')
            voiceless = new Set(trial && begun.has(trial) ? trials : [])
          if (one.do === 'succeed' && trial) {
            begun.add(trial)
            const hasVoice = condemned ? before === 'half-open' && trial === trier : !voiceless.has(trial)
            expect(breaker.state).toBe(hasVoice ? 'closed' : before)
          }
          if (before !== 'closed' && breaker.state === 'closed') expect(one.do).toBe('succeed')
          if (before === 'closed' && breaker.state !== 'closed') expect(one.do).toMatch(/^(?:fail|condemn)$/)
          expect(breaker.condemned && breaker.state === 'closed').toBe(false)
          expect(breaker.fault === undefined).toBe(breaker.state === 'closed')
          expect(breaker.fault?.class).not.toBe('cancelled')
          expect(breaker.dueMs === undefined).toBe(breaker.state !== 'open')
          expect(breaker.dueMs ?? 0).toBeLessThanOrEqual(now() + MAX_OPEN_MS)
        }
        for (const [index, state] of changes.entries()) expect(state).not.toBe(changes[index - 1])
      }),
    )
  })

  it.each(CLASSES.filter((name) => name !== 'cancelled'))(
    'opens for %s, is due later each time it is in vain, and never waits longer than 5 minutes',
    (name) => {
      const { breaker, pass } = rig()
      const faults = ['bad-data', 'bad-request'].includes(name) ? 3 : 1
      for (let count = 1; count <= faults; count++) {
        expect(breaker.state).toBe('closed')
        breaker.begin().failed(fault(name))
      }
      const waits: number[] = []
      for (let round = 0; round < 12; round++) {
        expect(breaker.state).toBe('open')
        waits.push(breaker.dueMs! - pass(0))
        pass(waits.at(-1)!)
        breaker.probe().failed(fault(name))
      }
      expect(waits).toEqual([...waits].sort((a, b) => a - b))
      expect(waits[1]).toBe(waits[0]! * 2)
      expect(waits.at(-1)).toBe(MAX_OPEN_MS)
    },
  )

  it('forgets odd faults of what was asked as soon as something works', () => {
    const { breaker } = rig()
    for (let round = 0; round < 5; round++) {
      breaker.begin().failed(fault('bad-data'))
      breaker.begin().failed(fault('bad-data'))
      breaker.begin().succeeded()
    }
    expect(breaker.state).toBe('closed')
  })

  it('that broke in mid-answer is not closed by the beginning of another that it was asked for before', () => {
    const { breaker } = rig()
    const [first, second] = [breaker.begin(), breaker.begin()]
    first.succeeded()
    first.failed(fault('timeout'))
    second.succeeded()
    expect(breaker.state).toBe('open')
    breaker.begin().succeeded()
    expect(breaker.state).toBe('closed')
  })

  it('that did not begin is closed by another that does', () => {
    const { breaker } = rig()
    const [first, second] = [breaker.begin(), breaker.begin()]
    first.failed(fault('timeout'))
    second.succeeded()
    expect(breaker.state).toBe('closed')
  })

  it('does not hold against it what began before it was found well', () => {
    const { breaker } = rig()
    const slow = breaker.begin()
    breaker.begin().failed(fault('network'))
    breaker.probe().succeeded()
    slow.failed(fault('timeout'))
    expect(breaker.state).toBe('closed')
    // Nor forgives what broke in mid-answer.
    const broken = breaker.begin()
    broken.succeeded()
    broken.failed(fault('network'))
    expect(breaker.state).toBe('open')
  })

  it('is taken up where it was left when it falls down again within a minute of being well', () => {
    const { breaker, pass } = rig()
    const waits: number[] = []
    for (const steadyMs of [1000, 1000, 100_000, 1000]) {
      breaker.begin().failed(fault('network'))
      waits.push(breaker.dueMs! - pass(0))
      pass(waits.at(-1)!)
      breaker.probe().succeeded()
      pass(steadyMs)
    }
    expect(waits).toEqual([2000, 4000, 8000, 2000])
  })

  it('lets exactly one live request through where no probe is possible, and the next when that one gave up', () => {
    const { breaker, pass } = rig(true)
    breaker.begin().failed(fault('network'))
    breaker.begin()
    expect(breaker.state).toBe('open')
    pass(2000)
    const one = breaker.begin()
    const other = breaker.begin()
    expect(breaker.state).toBe('half-open')
    other.failed(fault('network'))
    other.abandoned()
    expect(breaker.state).toBe('half-open')
    one.abandoned()
    expect(breaker.due).toBe(true)
    breaker.begin().failed(fault('network'))
    expect(breaker.dueMs! - pass(0)).toBe(4000)
  })

  it('that is of no use is tried by one request in a minute, then ever more rarely, and closed by its use alone', () => {
    const { breaker, pass } = rig()
    const waits: number[] = []
    const before = breaker.begin()
    breaker.condemn(fault('timeout'))
    for (let round = 0; round < 5; round++) {
      before.succeeded()
      breaker.probe().succeeded()
      breaker.begin().succeeded()
      expect(breaker.state).toBe('open')
      waits.push(breaker.dueMs! - pass(0))
      pass(waits.at(-1)!)
      const tries = breaker.begin()
      expect([breaker.state, tries.byUse, breaker.begin().byUse]).toEqual(['half-open', true, false])
      if (round < 4) tries.failed(fault('network'))
      else tries.succeeded()
    }
    expect(waits).toEqual([60_000, 120_000, 240_000, MAX_OPEN_MS, MAX_OPEN_MS])
    expect([breaker.state, breaker.condemned]).toEqual(['closed', false])
    // It is anew what it was before.
    breaker.condemn(fault('timeout'))
    expect(breaker.dueMs! - pass(0)).toBe(60_000)
    pass(60_000)
    breaker.begin().abandoned()
    expect([breaker.state, breaker.due]).toEqual(['open', true])
    // Nobody waited for that either.
    breaker.begin().failed(fault('cancelled'))
    expect([breaker.due, breaker.fault?.class]).toEqual([true, 'timeout'])
  })
})
