import { describe, expect, it } from 'vitest'
import { MULAW_8K, ProviderError } from '../../../src/index.ts'
import { type CallEvent, createCallTelemetry } from '../../../src/host.ts'
import { RANK } from '../../../src/providers/index.ts'
import { createRouteCursor } from '../../../src/pipeline/hearing/stt-cursor.ts'
import { listSttRoutes } from '../../../src/pipeline/hearing/stt-routes.ts'
import { findSttSession } from '../../../src/pipeline/hearing/stt-search.ts'
import {
  createFakeClock,
  createFakeStt,
  createTestLogger,
  createTestMetrics,
  type FakeSttOpening,
  testInstances,
} from '../../../src/testing/index.ts'
import { AUTH, NETWORK } from './stt-rig.ts'

const WAYS = {
  fails: { error: NETWORK },
  'is refused': { error: AUTH },
  throws: { error: NETWORK, throwsSynchronously: true },
  hangs: { afterMs: Infinity },
  'fails late': { afterMs: 4000, error: NETWORK },
  'opens late': { afterMs: 4000 },
  works: {},
} satisfies Record<string, FakeSttOpening>
type Way = keyof typeof WAYS
const ways = Object.keys(WAYS) as Way[]
const pairs = ways.flatMap((first) => ways.map((second): [Way, Way] => [first, second]))

/** When the first try is over, or another begins beside it. */
const firstMs = (way: Way): number =>
  ({
    fails: 400,
    throws: 400,
    'is refused': 0,
    works: 0,
    hangs: 1500,
    'fails late': 1500,
    'opens late': 1500,
  })[way]

/** Recognisers shared by calls; each call searches with a cursor of its own. */
function rig(now: () => readonly Way[], regions?: readonly string[], count = now().length) {
  const time = createFakeClock()
  const { clock } = time
  const host = { clock, log: createTestLogger(), metrics: createTestMetrics() }
  const instanceOf = testInstances(host)
  const events: CallEvent[] = []
  const telemetry = createCallTelemetry({ ...host, onEvent: (event) => events.push(event) })
  const stts = Array.from({ length: count }, (_, at) =>
    createFakeStt({
      clock,
      ...(regions && { regions }),
      opening: (_attempt, { region }) => WAYS[now()[regions ? regions.indexOf(region!) : at]!],
    }),
  )
  const instances = stts.map(({ provider }, at) => instanceOf('stt', `p${at}`, provider))

  function openCall() {
    const cursor = createRouteCursor(listSttRoutes(instances, MULAW_8K))
    const abort = new AbortController()
    const options = { callId: 'CA1', hints: [], signal: abort.signal }
    return {
      cursor,
      abort,
      async search() {
        const startedMs = clock.nowMs()
        const searching = findSttSession({ cursor, options, callFormat: MULAW_8K, clock, telemetry })
        let over = false
        void searching.then(() => (over = true))
        for (let at = 0; at < 600 && !over; at++) await time.advance(100)
        const live = await searching
        return {
          live,
          by: live && `${live.route.plugin}${live.route.region ?? ''}`,
          tookMs: clock.nowMs() - startedMs,
        }
      },
    }
  }
  return {
    time,
    metrics: host.metrics,
    events,
    stts,
    instances,
    openCall,
    attempts: () => stts.map(({ attempts }) => attempts.length),
    open: () => stts.flatMap(({ sessions }) => sessions.filter(({ closed }) => !closed)).length,
  }
}

describe('a search for a session', () => {
  it.each(pairs)('the first %s, the second %s', async (first, second) => {
    const one = rig(() => [first, second])
    const { by, live, tookMs } = await one.openCall().search()
    const opens = (way: Way): boolean => way === 'works' || way === 'opens late'
    expect(by !== undefined).toBe(opens(first) || opens(second))
    // Nothing that could open in time is waited for in vain.
    if (second === 'works') expect(tookMs).toBeLessThanOrEqual(firstMs(first) + 100)
    if (first === 'works') expect(by).toBe('p0')
    expect(tookMs).toBeLessThanOrEqual(10_000)
    // Every other session that came up was closed, and nothing is left of the search.
    await one.time.advance(10_000)
    expect(one.open()).toBe(live ? 1 : 0)
    expect(one.time.pending()).toBe(0)
    const hedged = one.metrics.value('stt_openings_hedged_total')
    expect(one.events.filter(({ event }) => event === 'stt_opening_hedged')).toHaveLength(hedged)
    const fellBack = one.events.filter(({ event }) => event === 'stt_fell_back')
    expect(fellBack.map(({ fields }) => [fields['from'], fields['to']])).toEqual(
      by === 'p1' ? [['p0', 'p1']] : [],
    )
  })

  it.each(ways.filter((way) => way !== 'works'))(
    'whose first %s: no other call waits for it, until it is well again',
    async (way) => {
      let first: Way = way
      const one = rig(() => [first, 'works'])
      const [early, beside] = [one.openCall(), one.openCall()]
      expect((await early.search()).by).toBe('p1')
      const before = one.attempts()[0]
      for (const call of [beside, early, one.openCall()]) {
        const { by, tookMs } = await call.search()
        expect({ by, tookMs: tookMs < 200 }).toEqual({ by: 'p1', tookMs: true })
      }
      expect(one.attempts()[0]).toBe(before)
      expect(one.metrics.value('provider_passed_over_total', { kind: 'stt', from: 'p0' })).toBe(2)
      expect(one.instances[0]!.healthOf().rank()).not.toBe(RANK.well)
      first = 'works'
      await one.time.advance(60_000)
      expect((await one.openCall().search()).by).toBe('p0')
      expect((await one.openCall().search()).by).toBe('p0')
    },
  )

  it('knows the regions of a provider apart', async () => {
    const one = rig(() => ['hangs', 'works'], ['a', 'b'], 1)
    expect((await one.openCall().search()).by).toBe('p0b')
    expect((await one.openCall().search()).tookMs).toBeLessThan(200)
    expect(one.instances[0]!.healths().map(({ labels, state }) => [labels.region, state()])).toEqual([
      ['a', 'open'],
      ['b', 'closed'],
    ])
    const [fellBack] = one.events.filter(({ event }) => event === 'stt_fell_back')
    expect(fellBack?.fields).toMatchObject({ from: 'p0/a', to: 'p0/b', code: 'KAV_PROVIDER_TIMEOUT' })
  })

  it('holds against a route what its session does after it opened', async () => {
    const one = rig(() => ['works', 'works'])
    const call = one.openCall()
    for (let died = 0; died < 3; died++) {
      expect((await call.search()).by).toBe('p0')
      call.cursor.failed(NETWORK)
    }
    expect((await call.search()).by).toBe('p1')
    expect((await one.openCall().search()).by).toBe('p1')
  })

  it('is over at once when the call ends, with both its tries', async () => {
    const one = rig(() => ['hangs', 'hangs'])
    const call = one.openCall()
    const searching = call.search()
    await one.time.settle()
    // `search` moves time; the call ends within it.
    one.time.clock.after(2000, () => call.abort.abort())
    expect(await searching).toMatchObject({ by: undefined, tookMs: 2000 })
    expect(one.attempts()).toEqual([1, 1])
    for (const { attempts } of one.stts) expect(attempts[0]!.options.signal.aborted).toBe(true)
    expect(one.time.pending()).toBe(0)
    expect(one.instances.map((instance) => instance.healthOf().state())).toEqual(['closed', 'closed'])
  })

  it('lets only one of two at once be the one who tries a provider that is due', async () => {
    const one = rig(() => ['hangs', 'works'])
    await one.openCall().search()
    await one.time.advance(10_000)
    const route = listSttRoutes(one.instances, MULAW_8K)
    const [a, b] = [createRouteCursor(route), createRouteCursor(route)]
    expect([a.take()?.route.plugin, b.take()?.route.plugin]).toEqual(['p0', 'p1'])
  })

  it('tells a fault that is the configuration’s from one that is the network’s', () => {
    const [route] = listSttRoutes(rig(() => ['works']).instances, MULAW_8K)
    const cursor = createRouteCursor([route!])
    const quick = cursor.take()!
    cursor.lost(quick, NETWORK, 10)
    expect(cursor.take()).toMatchObject({ attempt: 2, backOffMs: 200 })
    cursor.restart()
    cursor.lost(cursor.take()!, new ProviderError('bad-request', 'no such model'), 10)
    expect(cursor.take()).toBeUndefined()
  })
})
