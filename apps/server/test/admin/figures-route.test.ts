import type { CallStore } from '@kav/core'
import { createFakeStore, createTestLogger } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AdminPort, openAdminPort } from '../../src/admin/admin-port.ts'
import { TOTALS } from '../../src/admin/figures/totals.ts'
import type { ServiceState } from '../../src/admin/readiness.ts'
import { createOutcomeTally } from '../../src/history/outcome-tally.ts'
import { METRICS } from '../../src/metrics/catalogue/catalogue.ts'
import { createMetrics, type ProcessMetrics } from '../../src/metrics.ts'
import { type HistoryRig, openHistoryRig, storedCallOf } from '../history/history-rig.ts'

const TOKEN = 'sesame/open+now=123'
const HOUR_MS = 3_600_000
/** Where the rig's clock stands. */
const NEW_YEAR = '2030-01-01T00:00:00.000Z'

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & {
    readonly outcomes?: { readonly from: string; readonly spans: readonly Span[] }
    readonly error?: { readonly message: string; readonly fix: string }
  }
}
interface Span {
  readonly since: string
  readonly until: string
  readonly ended: Readonly<Record<string, number>>
  readonly running: number
}

describe('the figures over the admin API', () => {
  let metrics: ProcessMetrics
  let state: ServiceState
  let admin: AdminPort
  let rig: HistoryRig | undefined
  beforeEach(async () => {
    metrics = createMetrics()
    state = { status: undefined, warm: true }
    const parts = { state, log: createTestLogger(), metrics, access: { token: TOKEN, names: [] }, env: {} }
    admin = await openAdminPort({ port: 0, host: '127.0.0.1' }, parts)
  })
  afterEach(async () => {
    await admin.close()
    await rig?.remove()
    rig = undefined
  })

  async function ask(query = ''): Promise<Answer> {
    const answer = await fetch(`http://127.0.0.1:${admin.port}/api/figures${query}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    return { status: answer.status, body: (await answer.json()) as Answer['body'] }
  }
  const countedIn = ({ body }: Answer) =>
    body.outcomes!.spans.filter(({ ended, running }) => running + Object.keys(ended).length > 0)

  it('says what is so now, by pipeline', async () => {
    expect((await ask()).body).toMatchObject({ ready: false, reason: 'starting', running: 0, pipelines: [] })
    const well = { kind: 'stt', provider: 'google-stt', region: '', state: 'closed' } as const
    state.status = () => ({
      leaving_calls: 1,
      pipelines: [
        {
          name: 'desk',
          file: 'desk.yaml',
          version: 'abc',
          calls: 3,
          promised_calls: 2,
          free_calls: 5,
          able: true,
          providers: [well],
        },
        {
          name: 'night',
          file: 'n.yaml',
          version: 'abd',
          calls: 0,
          promised_calls: 0,
          able: false,
          refusing: 'full',
          providers: [],
        },
      ],
    })
    expect((await ask()).body).toMatchObject({
      ready: true,
      running: 4,
      promised: 2,
      pipelines: [
        { name: 'desk', running: 3, promised: 2, free: 5, able: true, providers: [well] },
        { name: 'night', running: 0, promised: 0, able: false, refusing: 'full', providers: [] },
      ],
    })
  })

  it('has what was counted since the process began: latencies by pipeline and step, and totals', async () => {
    const { metrics: desk } = metrics.ofPipeline('desk')
    const { metrics: night } = metrics.ofPipeline('night')
    for (const ms of [400, 900, 20_000]) desk.observe('turn_latency_ms', ms, { step: 'first_frame' })
    night.observe('turn_latency_ms', 250, { step: 'turn_end' })
    for (const one of [desk, night]) one.count('call_events_total', 2, { event: 'call_started' })
    desk.count('calls_refused_total', 3, { reason: 'full', instead: 'refuse' })
    desk.count('tool_calls_total', 1, { tool: 'book', outcome: 'timeout' })
    desk.count('tool_calls_total', 5, { tool: 'book', outcome: 'ok' })
    metrics.metrics.count('worker_calls_lost_total', 1)
    const { latency, totals, since } = (await ask()).body as unknown as {
      latency: readonly { upToMs: readonly number[]; counts: readonly number[] }[]
      totals: Readonly<Record<string, number>>
      since: string
    }
    expect(latency).toMatchObject([
      { pipeline: 'desk', step: 'first_frame', count: 3, sumMs: 21_300 },
      { pipeline: 'night', step: 'turn_end', count: 1, sumMs: 250 },
    ])
    const at = (upToMs: number) => latency[0]!.counts[latency[0]!.upToMs.indexOf(upToMs)]
    expect([300, 500, 1000, 10_000].map(at)).toEqual([0, 1, 2, 2])
    expect(totals).toMatchObject({
      callsBegun: 4,
      callsRefused: 3,
      toolFailures: 1,
      callsLost: 1,
      underruns: 0,
    })
    expect(Date.parse(since)).toBeLessThanOrEqual(Date.now())
  })

  it('takes its totals from figures that the manual states', () => {
    const stated = Object.values(TOTALS).filter(({ metric }) => metric in METRICS)
    expect(stated).toHaveLength(Object.keys(TOTALS).length)
  })

  it('counts how calls ended, of every store, by the hours and days of a time zone', async () => {
    rig = await openHistoryRig([{ name: 'desk' }, { name: 'night', db: 'night.db' }, { name: 'day' }])
    state.history = rig.history
    await rig
      .store('desk')
      .put([
        storedCallOf('desk', 1, 90 * 60_000, { outcome: 'caller' }),
        storedCallOf('desk', 2, 80 * 60_000, { outcome: 'caller' }),
        storedCallOf('day', 3, 61 * 60_000, { outcome: 'agent' }),
      ])
    await rig.store('night').put([storedCallOf('night', 4, 70 * 60_000, { outcome: 'agent' })])
    const window = `since=2029-12-31T20:00:00Z&until=${NEW_YEAR}`
    const hours = await ask(`?by=hour&${window}`)
    expect(hours.body.outcomes).toMatchObject({ from: 'store' })
    expect(hours.body.outcomes!.spans).toHaveLength(4)
    expect(countedIn(hours)).toEqual([
      {
        since: '2029-12-31T22:00:00.000Z',
        until: '2029-12-31T23:00:00.000Z',
        ended: { caller: 2, agent: 2 },
        running: 0,
      },
    ])
    expect(countedIn(await ask(`?by=hour&${window}&pipeline=day`))).toMatchObject([{ ended: { agent: 1 } }])
    const days = countedIn(await ask(`?by=day&${window}&zone=Asia/Jerusalem`))
    expect(days).toMatchObject([{ since: '2029-12-31T22:00:00.000Z', ended: { caller: 2, agent: 2 } }])
    expect((await ask()).body).not.toHaveProperty('outcomes')
  })

  it('counts calls that this process saw end, where no store counts', async () => {
    state.ended = createOutcomeTally()
    const ended = (startedAt: string, pipeline: string, endedBy: string) =>
      state.ended!.add({ started_at: startedAt, pipeline, ended_by: endedBy })
    ended('2029-12-31T22:59:59.999Z', 'desk', 'caller')
    ended('2029-12-31T22:00:00.000Z', 'night', 'killed')
    ended('2029-12-31T23:00:00.000Z', 'desk', 'caller')
    ended('no time', 'desk', 'caller')
    const window = `?by=hour&since=2029-12-31T22:00:00Z&until=${NEW_YEAR}`
    const { body } = await ask(window)
    expect(body.outcomes).toMatchObject({
      from: 'process',
      spans: [{ ended: { caller: 1, killed: 1 } }, { ended: { caller: 1 } }],
    })
    expect((await ask(`${window}&pipeline=night`)).body.outcomes!.spans).toMatchObject([
      { ended: { killed: 1 } },
      { ended: {} },
    ])
    const { count: _count, ...uncounting }: CallStore = createFakeStore()
    rig = await openHistoryRig([])
    state.history = { ...rig.history, stores: new Map<string, CallStore>([['desk', uncounting]]) }
    expect((await ask(window)).body.outcomes!.from).toBe('process')
  })

  it('keeps five weeks of calls that this process saw end, and no more', () => {
    const tally = createOutcomeTally()
    const hour = (n: number) => Date.parse(NEW_YEAR) + n * HOUR_MS
    for (let n = 0; n < 4000; n++)
      tally.add({ started_at: new Date(hour(n)).toISOString(), pipeline: 'desk', ended_by: 'caller' })
    expect(tally.count(undefined, [0, hour(4000)])).toEqual([
      { span: 0, outcome: 'caller', calls: 35 * 24 * 4 },
    ])
    expect(tally.count(undefined, [0, hour(4000 - 35 * 24 * 4)])).toEqual([])
  })

  it('names the parameter that is wrong', async () => {
    for (const [query, place] of [
      ['?by=week', 'query.by'],
      ['?by=hour&since=soon', 'query.since: no time'],
      ['?by=hour&until=later', 'query.until'],
      ['?by=hour&since=2030-01-02&until=2030-01-01', 'query.since: it is not before'],
      ['?by=hour&since=2029-01-01&until=2030-01-01', 'query.since: more than 1000 hours'],
      ['?by=day&zone=Mars/Olympus', 'query.zone'],
      ['?by=day&zones=UTC', 'query.zones'],
    ] as const) {
      const { status, body } = await ask(query)
      expect([query, status]).toEqual([query, 400])
      expect(body.error!.message).toContain(place)
      expect(body.error!.fix).not.toBe('')
    }
  })

  it('says so where a store does not answer', async () => {
    rig = await openHistoryRig([{ name: 'desk' }])
    state.history = rig.history
    await rig.history.close()
    expect(await ask('?by=day')).toMatchObject({ status: 503, body: { error: { code: 'not-ready' } } })
    expect(await ask()).toMatchObject({ status: 200 })
  })
})
