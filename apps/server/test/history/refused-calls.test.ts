import type { CallPlace, CallSummary, OfferedCall, RefusalReason } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createRefusedCalls } from '../../src/calls/refused-calls.ts'
import type { HookAnswer } from '../../src/hooks/hook-answer.ts'
import { eraseCalls } from '../../src/history/erase-calls.ts'
import { callTable, recordLines } from '../../src/history/call-lines.ts'
import { runRetention } from '../../src/history/retention.ts'
import { recordOfStored } from '../../src/calls/stored-call.ts'
import { createLineCalls } from '../../src/service/line-calls.ts'
import type { RunningPipeline } from '../../src/service/running-pipeline.ts'
import { recordFaults } from '../admin/record-faults.ts'
import { DAY_MS, type HistoryRig, openHistoryRig, storedCallOf } from './history-rig.ts'

const CALLER: OfferedCall = { id: 'CA1', from: '+15550101', to: '+15550999' }
const REFUSE = { how: 'refuse' } as const

describe('a caller who does not get through', () => {
  let rig: HistoryRig
  beforeAll(async () => {
    rig = await openHistoryRig([
      { name: 'desk', keep: '{ record: 1d }' },
      { name: 'silent', transcript: false },
      { name: 'storeless', storeless: true },
    ])
  })
  afterEach(async () => {
    for (let left = 1; left > 0;) {
      await rig.time.advance(300)
      left = rig.history.states()[0]!.waiting
      for (const desk of ['desk', 'silent']) left += (await rig.store(desk).erase('call', {})).length
    }
  })
  afterAll(() => rig.remove())

  /** A line whose pipelines refuse as they are told to. */
  function open(
    refusing: RefusalReason | undefined,
    { said, how = 'refuse' }: { said?: HookAnswer; how?: 'refuse' | 'elsewhere' } = {},
  ) {
    const { clock, metrics } = rig.parts
    const refused = createRefusedCalls({
      clock,
      metrics: metrics.metrics,
      node: 'node-1',
      onStored: (pipeline, call) => rig.history.put(pipeline, call),
    })
    const place: CallPlace = { release: () => undefined }
    const running = (loaded: LoadedPipeline) => ({
      loaded,
      hooks: said === undefined ? {} : { beforeCall: { ask: async () => said } },
      admission: {
        refusing: undefined,
        admit: async () => (refusing === undefined ? place : { refused: refusing, instead: { how } }),
      },
    })
    const calls = createLineCalls({ transport: 'line', log: rig.log, metrics: metrics.metrics, refused })
    const lead = (loaded: readonly LoadedPipeline[]): void =>
      calls.lead(loaded.map((one) => running(one) as unknown as RunningPipeline))
    lead(rig.loaded.slice(0, 1))
    return { calls, lead }
  }
  async function kept(desk = 'desk'): Promise<readonly CallSummary[]> {
    await rig.time.advance(300)
    const { calls } = await rig.store(desk).find({ outcome: 'refused' }, { limit: 1000 })
    return calls
  }
  const reasons = async (): Promise<readonly (string | undefined)[]> =>
    (await kept()).map(({ reason }) => reason)

  it('is kept with who it was, whom he called, and why', async () => {
    await open('full').calls.admit(CALLER, 1000)
    const [call] = await kept()
    expect(call).toMatchObject({
      ...CALLER,
      pipeline: 'desk',
      node: 'node-1',
      direction: 'in',
      outcome: 'refused',
      reason: 'full',
      durationMs: 0,
    })
    expect(callTable([call!]).join('\n')).toContain('refused: full')
    const record = recordOfStored((await rig.store('desk').get('CA1'))!)
    expect(recordFaults({ ...record, state: 'ended' })).toEqual([])
    expect(recordLines(record).join('\n')).toContain('full; the caller got: refuse')
  })

  it('is kept when before_call said no, and when it said nothing', async () => {
    const no = { values: {}, faults: [], instead: REFUSE }
    await open(undefined, { said: no }).calls.admit(CALLER, 1000)
    expect(await reasons()).toEqual(['hook'])
    await open(undefined, { said: { ...no, failed: true } }).calls.admit(CALLER, 1000)
    expect([...(await reasons())].sort()).toEqual(['hook', 'hook-failed'])
  })

  it('is nobody’s when no pipeline answers the number, and goes with the longest period all the same', async () => {
    const { calls, lead } = open(undefined)
    lead([])
    await calls.admit(CALLER, 1000)
    expect(await kept()).toEqual([])
    lead(rig.loaded.map((one) => ({ ...one, config: { ...one.config, numbers: ['+15550777'] } })))
    await calls.admit(CALLER, 1000)
    const [call] = await kept()
    expect(call).toMatchObject({ pipeline: '', reason: 'unknown-number' })
    // One of the pipelines keeps no numbers.
    expect(call).not.toHaveProperty('from')
    await rig.time.advance(2 * DAY_MS)
    const pipelines = () => rig.loaded.slice(0, 1)
    const parts = { ...rig.parts, metrics: rig.parts.metrics.metrics, removals: rig.history.removals }
    const stores = () => new Map([['desk', rig.store('desk')]])
    await runRetention({ ...parts, pipelines, stores })
    expect(await kept()).toEqual([])
  })

  it('is kept when nothing proves the call, but not many of them', async () => {
    const { calls } = open(undefined)
    for (let n = 0; n < 100; n++) calls.onUnproven({ ...CALLER, id: `CA${n}` })
    const all = await reasons()
    expect(new Set(all)).toEqual(new Set(['unauthorised']))
    expect(all).toHaveLength(20)
    // Strangers take no room from callers.
    await open('full').calls.admit(CALLER, 1000)
    expect(await reasons()).toContain('full')
  })

  it('hides no real call, whose id a stranger knows', async () => {
    const real = storedCallOf('desk', 1, 1000)
    await rig.store('desk').put([real])
    open(undefined).calls.onUnproven({ ...CALLER, from: '+15559990000' })
    expect(await kept()).toMatchObject([{ id: 'unproven-CA1', reason: 'unauthorised', from: '+15559990000' }])
    expect(await rig.store('desk').get('CA1')).toEqual(real)
  })

  it('is left out where too many come, and counted', async () => {
    const { calls } = open('full')
    const before = await rig.figure('kav_refused_calls_unkept_total{why="rate"}')
    for (let n = 0; n < 1000; n++) await calls.admit({ ...CALLER, id: `CA${n}` }, 1000)
    expect(await kept()).toHaveLength(200)
    expect(await rig.figure('kav_refused_calls_unkept_total{why="rate"}')).toBe(before + 800)
    await rig.time.advance(1000)
    await calls.admit({ ...CALLER, id: 'later' }, 1000)
    expect((await kept())[0]).toMatchObject({ id: 'later' })
  })

  it('takes no room that calls need while the store is behind', async () => {
    const put = (n: number, outcome: string) =>
      void rig.history.put('desk', storedCallOf('desk', n, 0, { outcome }))
    for (let n = 0; n < 700; n++) put(n, 'refused')
    put(1000, 'caller')
    expect(rig.history.states()[0]!.waiting).toBe(501)
    expect(await rig.figure('kav_refused_calls_unkept_total{why="store"}')).toBe(200)
  })

  it('leaves nothing where a balancer asks another process, or no calls are kept', async () => {
    await open('draining', { how: 'elsewhere' }).calls.admit(CALLER, 1000)
    const { calls, lead } = open('full')
    lead(rig.loaded.slice(2))
    await calls.admit(CALLER, 1000)
    expect(await kept()).toEqual([])
  })

  it('has no number where no transcript is kept', async () => {
    const { calls, lead } = open('full')
    lead(rig.loaded.slice(1, 2))
    await calls.admit(CALLER, 1000)
    const [call] = await kept('silent')
    expect(call).toMatchObject({ reason: 'full', pipeline: 'silent' })
    expect(JSON.stringify(await rig.store('silent').get('CA1'))).not.toContain('5550')
  })

  it('is erased with the calls of its number', async () => {
    await open('full').calls.admit(CALLER, 1000)
    expect(await kept()).toHaveLength(1)
    const places = { store: rig.history.store!, pipelines: rig.loaded, removals: rig.history.removals }
    const erased = await eraseCalls(places, { party: '+15550101' })
    expect(erased.calls.map(({ id }) => id)).toEqual(['CA1'])
    expect(await kept()).toEqual([])
  })
})
