import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/index.ts'
import { createGate } from '../../src/kit/gate.ts'
import { HEDGE_AFTER_MS, openHedged } from '../../src/providers/hedged-opening.ts'
import { createFakeClock } from '../../src/testing/index.ts'

const LIMIT_MS = 5000
const NETWORK = new ProviderError('network', 'the line broke')

/** One try: opens or fails after so long, or never; `deaf` to its signal, it comes up though nobody wants it. */
interface Plan {
  readonly afterMs: number
  readonly fails: boolean
  readonly deaf: boolean
}

function rig(plans: readonly Plan[]) {
  const time = createFakeClock()
  const { clock } = time
  const abort = new AbortController()
  const told: string[] = []
  const open = new Set<number>()
  const startedMs = clock.nowMs()
  let taken = 0
  let pending = 0
  let mostPending = 0
  const starts: number[] = []

  const answerOf = (plan: Plan, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (): void => (plan.fails ? reject(NETWORK) : resolve())
      const cancel = Number.isFinite(plan.afterMs) ? clock.after(plan.afterMs, settle) : () => undefined
      if (plan.deaf) return
      signal.addEventListener('abort', () => {
        cancel()
        reject(new ProviderError('cancelled', 'cancelled'))
      })
    })

  const found = openHedged<number, number>({
    tries: {
      take: () => (taken < plans.length ? taken++ : undefined),
      backOffMs: () => 0,
      async open(attempt, signal) {
        starts.push(clock.nowMs() - startedMs)
        mostPending = Math.max(mostPending, ++pending)
        // What the core waits for is over with its limit, or with its signal.
        signal.addEventListener('abort', () => pending--, { once: true })
        await answerOf(plans[attempt]!, signal).finally(() => signal.aborted || pending--)
        open.add(attempt)
        return attempt
      },
      async close(attempt) {
        open.delete(attempt)
      },
      hedged: (attempt) => told.push(`hedged ${attempt}`),
      won: (attempt) => told.push(`won ${attempt}`),
      failed: (attempt) => told.push(`failed ${attempt}`),
      beaten: (attempt) => told.push(`beaten ${attempt}`),
    },
    limitMs: LIMIT_MS,
    doing: (attempt) => `try ${attempt}`,
    clock,
    signal: abort.signal,
  })
  return {
    time,
    abort,
    told,
    open,
    starts,
    found,
    get taken() {
      return taken
    },
    get mostPending() {
      return mostPending
    },
  }
}

const plan = fc.record({
  afterMs: fc.oneof(
    fc.constantFrom(0, HEDGE_AFTER_MS, LIMIT_MS, Infinity),
    fc.integer({ min: 0, max: 12_000 }),
  ),
  fails: fc.boolean(),
  deaf: fc.boolean(),
})

describe('a hedged opening', () => {
  it('opens the first that is ready, two at once at the most, and leaves nothing open beside it', async () => {
    const when = fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 30_000 }))
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { maxLength: 6 }), when, async (plans, abortAtMs) => {
        const one = rig(plans)
        if (Number.isFinite(abortAtMs)) {
          await one.time.advance(abortAtMs)
          one.abort.abort()
        }
        await one.time.advance(60_000)
        const found = await one.found
        expect(one.mostPending).toBeLessThanOrEqual(2)
        expect([...one.open]).toEqual(found ? [found.opened] : [])
        expect(one.time.pending()).toBe(0)
        // Every try that was taken has one outcome.
        const outcomes = one.told.filter((text) => !text.startsWith('hedged'))
        expect(outcomes.map((text) => Number(text.split(' ')[1])).sort()).toEqual(
          Array.from({ length: one.taken }, (_, at) => at),
        )
        if (found) expect(outcomes.filter((text) => text.startsWith('won'))).toEqual([`won ${found.attempt}`])
        else if (!one.abort.signal.aborted) expect(one.taken).toBe(plans.length)
        // Nobody waits for one that hangs while there is another to try.
        const openable = plans.findIndex(({ fails, afterMs }) => !fails && afterMs < LIMIT_MS)
        if (openable >= 0 && !one.abort.signal.aborted) expect(found).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })

  const HANGS = { afterMs: Infinity, fails: false, deaf: true }
  const OPENS = { afterMs: 0, fails: false, deaf: false }
  const FAILS = { afterMs: 0, fails: true, deaf: false }

  it('starts the second try beside a first that hangs, and the third where the second fails at once', async () => {
    const one = rig([HANGS, FAILS, OPENS])
    await one.time.advance(HEDGE_AFTER_MS)
    expect(await one.found).toEqual({ attempt: 2, opened: 2 })
    expect(one.told).toEqual(['hedged 1', 'failed 1', 'won 2', 'beaten 0'])
    expect(one.starts).toEqual([0, HEDGE_AFTER_MS, HEDGE_AFTER_MS])
  })

  it('keeps one of two that come up at the same moment, and closes the other', async () => {
    const { clock, ...time } = createFakeClock()
    const gate = createGate()
    const closed: number[] = []
    let taken = 0
    const finding = openHedged<number, number>({
      tries: {
        take: () => (taken < 2 ? taken++ : undefined),
        backOffMs: () => 0,
        open: (attempt) => gate.open.then(() => attempt),
        close: async (attempt) => void closed.push(attempt),
        hedged: () => undefined,
        won: () => undefined,
        failed: () => undefined,
        beaten: () => undefined,
      },
      limitMs: LIMIT_MS,
      doing: String,
      clock,
      signal: new AbortController().signal,
    })
    await time.advance(2000)
    gate.release()
    await time.settle()
    expect((await finding)?.opened).toBe(0)
    expect(closed).toEqual([1])
    expect(time.pending()).toBe(0)
  })

  it('starts no second one beside a first that fails, or opens, in time', async () => {
    const one = rig([{ ...FAILS, afterMs: 1000 }, { ...OPENS, afterMs: 1499 }, OPENS])
    await one.time.advance(10_000)
    expect(await one.found).toEqual({ attempt: 1, opened: 1 })
    expect(one.told).toEqual(['failed 0', 'won 1'])
  })
})
