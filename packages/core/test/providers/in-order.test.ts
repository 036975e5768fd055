import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/index.ts'
import { BEGINS, inOrderRig, LIMIT_MS, WAYS, type Way } from './in-order-rig.ts'

const KINDS = ['llm', 'tts'] as const
const pairs = WAYS.flatMap((first) => WAYS.map((second): [Way, Way] => [first, second]))

describe.each(KINDS)('several of kind %s as one', (kind) => {
  it.each(pairs)('the first %s, the second %s', async (first, second) => {
    const rig = inOrderRig(kind, 2, () => [first, second])
    const call = rig.openCall()
    const outcome = await rig.during(call.ask())
    const answers = BEGINS.has(first) ? first : second
    // Begun once, by the first that could; whole only where that one works.
    expect(rig.requests(0)).toHaveLength(1)
    expect(rig.requests(1)).toHaveLength(BEGINS.has(first) ? 0 : 1)
    expect(outcome.begun).toBe(BEGINS.has(answers))
    expect(outcome.whole).toBe(answers === 'works')
    expect(outcome.error === undefined).toBe(answers === 'works')
    if (outcome.error !== undefined) expect(outcome.error).toBeInstanceOf(ProviderError)
    if (outcome.firstMs !== undefined) expect(outcome.firstMs).toBe(first === 'hangs' ? LIMIT_MS : 0)
    const fellBack = rig.events.filter(({ event }) => event === `${kind}_fell_back`)
    expect(fellBack.map(({ fields }) => [fields['from'], fields['to']])).toEqual(
      BEGINS.has(first) ? [] : [['p0', 'p1']],
    )
    expect(rig.leftovers()).toEqual([])
  })

  it.each(WAYS.filter((way) => way !== 'works' && way !== 'says nothing'))(
    'a first that %s is waited for once, by one call, and asked first again once it is well',
    async (way) => {
      let now: Way = way
      const rig = inOrderRig(kind, 2, () => [now, 'works'])
      const call = rig.openCall()
      await rig.during(call.ask())
      for (let round = 0; round < 3; round++) {
        for (const caller of [call, rig.openCall()]) {
          const { whole, tookMs } = await caller.ask()
          expect({ whole, tookMs }).toEqual({ whole: true, tookMs: 0 })
        }
      }
      expect(rig.requests(0)).toHaveLength(1)
      const passed = { kind, from: 'p0', to: 'p1' }
      expect(rig.metrics.value('provider_passed_over_total', passed)).toBe(6)
      expect(rig.events.filter(({ event }) => event === 'provider_passed_over')).toHaveLength(4)
      now = 'works'
      await rig.time.advance(10_000)
      await rig.openCall().ask()
      await rig.openCall().ask()
      expect(rig.requests(0)).toHaveLength(3)
      expect(rig.leftovers()).toEqual([])
    },
  )

  it('of which all are down asks the best all the same, and none that this call has waited for already', async () => {
    let ways: readonly Way[] = ['hangs', 'fails']
    const rig = inOrderRig(kind, 2, () => ways)
    const call = rig.openCall()
    expect((await rig.during(call.ask())).tookMs).toBe(LIMIT_MS)
    // The one that fails is quick; the one that hangs has had its time.
    expect((await rig.during(call.ask())).tookMs).toBe(0)
    expect(rig.requests(0)).toHaveLength(1)
    // Another call may wait for it, last.
    expect((await rig.during(rig.openCall().ask())).tookMs).toBe(LIMIT_MS)
    expect(rig.requests(0)).toHaveLength(2)
    ways = ['works', 'works']
    expect((await rig.openCall().ask()).whole).toBe(true)
    expect(rig.leftovers()).toEqual([])
  })

  it.each(WAYS)('alone is asked every time, though it %s', async (way) => {
    const rig = inOrderRig(kind, 1, () => [way])
    const call = rig.openCall()
    for (let round = 1; round <= 3; round++) {
      await rig.during(call.ask())
      expect(rig.requests(0)).toHaveLength(round)
    }
    expect(rig.leftovers()).toEqual([])
  })

  it('ends at the provider when the caller interrupts, and that is held against nobody', async () => {
    const rig = inOrderRig(kind, 2, () => ['hangs', 'works'])
    const abort = new AbortController()
    const asking = rig.openCall().ask(abort.signal)
    await rig.time.advance(500)
    abort.abort()
    await rig.time.settle()
    await asking
    expect(rig.instances[0]!.healthOf().state()).toBe('closed')
    expect(rig.requests(0)[0]!.abortedAtMs).toBe(rig.time.clock.nowMs())
    expect(rig.requests(1)).toHaveLength(0)
    expect(rig.leftovers()).toEqual([])
  })

  it('lets the next request try a provider that is due, where the one who tried was interrupted', async () => {
    let first: Way = 'hangs'
    const rig = inOrderRig(kind, 2, () => [first, 'works'])
    await rig.during(rig.openCall().ask())
    await rig.time.advance(10_000)
    const abort = new AbortController()
    const asking = rig.openCall().ask(abort.signal)
    await rig.time.settle()
    expect(rig.instances[0]!.healthOf().state()).toBe('half-open')
    abort.abort()
    await rig.time.settle()
    await asking
    expect(rig.instances[0]!.healthOf().state()).toBe('open')
    first = 'works'
    await rig.openCall().ask()
    expect(rig.instances[0]!.healthOf().state()).toBe('closed')
    expect(rig.leftovers()).toEqual([])
  })

  it('asks nobody twice for one answer, gives it whole or says why not, and leaves nothing, however they change', async () => {
    const change = fc.tuple(
      fc.array(fc.constantFrom(...WAYS), { minLength: 3, maxLength: 3 }),
      fc.nat(20_000),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        let ways: readonly Way[] = []
        const rig = inOrderRig(kind, 3, () => ways)
        const calls = [rig.openCall(), rig.openCall()]
        for (const [now, ms] of changes) {
          ways = now
          const before = [0, 1, 2].map((at) => rig.requests(at).length)
          const outcomes = await rig.during(Promise.all(calls.map((call) => call.ask())))
          for (const { whole, error } of outcomes) expect(whole).toBe(error === undefined)
          for (const at of [0, 1, 2]) {
            // Each call asks each of them once at the most.
            expect(rig.requests(at).length - before[at]!).toBeLessThanOrEqual(calls.length)
          }
          await rig.time.advance(ms)
        }
        expect(rig.leftovers()).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})
