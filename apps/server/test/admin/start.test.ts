import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { addAdmin, addBareHealth } from '../../src/admin/own-routes.ts'
import { readinessOf, type ServiceState } from '../../src/admin/readiness.ts'
import { createHttpHost, type HttpHost } from '../../src/http-host.ts'
import { createMetrics } from '../../src/metrics.ts'
import type { PipelineStatus, ServiceStatus } from '../../src/service/service-status.ts'
import { warmUp, type WarmUpParts } from '../../src/warm-up.ts'

type Warm = (() => Promise<void>) | undefined

/** Providers of which only `warm` matters. */
function providers(llm: Warm, tts: Warm, hebrew: Warm = undefined): WarmUpParts['providers'] {
  const named = (name: string, warm: Warm) => ({ name, provider: { ...(warm && { warm }) } })
  return {
    llm: [named('llm', llm)],
    tts: [named('tts', tts)],
    tools: [],
    languages: new Map([['he-IL', { tts: named('tts:he-IL', hebrew) }]]),
  } as unknown as WarmUpParts['providers']
}

describe('the warm-up', () => {
  const never = (): Promise<void> => new Promise(() => undefined)
  const start = (given: WarmUpParts['providers'], greeting: Promise<void> = Promise.resolve()) => {
    const { clock, advance } = createFakeClock()
    const [log, metrics] = [createTestLogger(), createTestMetrics()]
    const seen = { over: false }
    const over = warmUp({ providers: given, greeting, clock, log, metrics }).then(
      () => void (seen.over = true),
    )
    return { advance, log, seen, over }
  }

  it('is over when every connection is up and the greeting is spoken', async () => {
    let done = (): void => undefined
    const greeting = new Promise<void>((resolve) => (done = resolve))
    const warm = async (): Promise<void> => undefined
    const { over, seen, log } = start(providers(warm, warm, warm), greeting)
    await new Promise(setImmediate)
    expect(seen.over).toBe(false)
    done()
    await over
    expect(log.entries).toEqual([])
  })

  it('does not mind a provider without one, or one that fails in whatever way', async () => {
    const throws = (): Promise<void> => {
      throw new Error('no')
    }
    const { over } = start(providers(throws, undefined, () => Promise.reject(new Error('no'))))
    await over
  })

  it('ends after its time, whatever hangs, and says what', async () => {
    const { over, advance, log, seen } = start(providers(never, undefined, never), never())
    await advance(9999)
    expect(seen.over).toBe(false)
    await advance(1)
    await over
    expect(log.entries.map(({ fields }) => fields)).toEqual([
      { waiting: ['greeting', 'llm', 'tts:he-IL'], limit_ms: 10_000 },
    ])
  })
})

type Refusing = 'full' | 'draining' | undefined
const one = (refusing: Refusing, able: boolean): PipelineStatus => ({
  name: 'desk',
  file: '/etc/kav/desk.yaml',
  version: '0123456789ab',
  calls: 1,
  promised_calls: 2,
  ...(refusing && { refusing }),
  able,
  providers: [],
})
const status =
  (...pipelines: readonly PipelineStatus[]) =>
  (): ServiceStatus => ({ pipelines, leaving_calls: 3 })
const pipeline = (refusing: Refusing, able: boolean) => status(one(refusing, able))

describe('readiness', () => {
  it.each<[string, ServiceState, ReturnType<typeof readinessOf>]>([
    ['no providers yet', { status: undefined, warm: false }, { ready: false, reason: 'starting' }],
    ['not warm', { status: pipeline(undefined, true), warm: false }, { ready: false, reason: 'starting' }],
    [
      'draining before it is warm',
      { status: pipeline('draining', true), warm: false },
      { ready: false, reason: 'draining' },
    ],
    ['full', { status: pipeline('full', false), warm: true }, { ready: false, reason: 'full' }],
    [
      'a stage is dead',
      { status: pipeline(undefined, false), warm: true },
      { ready: false, reason: 'no-provider' },
    ],
    ['no worker left', { status: status(), warm: true }, { ready: false, reason: 'starting' }],
    ['all is well', { status: pipeline(undefined, true), warm: true }, { ready: true }],
    [
      'one of two that is full',
      { status: status(one('full', true), one(undefined, true)), warm: true },
      { ready: true },
    ],
    [
      'one full and one without providers',
      { status: status(one('full', true), one(undefined, false)), warm: true },
      { ready: false, reason: 'full' },
    ],
  ])('with %s', (_what, state, readiness) => expect(readinessOf(state)).toEqual(readiness))
})

describe('probes of a process that starts', () => {
  let http: HttpHost | undefined
  afterEach(() => http?.close())
  const ask = async (add: (http: HttpHost) => void) => {
    http = createHttpHost(createTestLogger())
    add(http)
    const port = await http.listen(0, '127.0.0.1')
    return (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  }

  it('find it alive at once, and started and ready once it is warm', async () => {
    const state: ServiceState = { status: undefined, warm: false }
    const get = await ask((host) => addAdmin(host, state, createMetrics()))
    const all = async () => [
      (await get('/livez')).status,
      (await get('/startupz')).status,
      (await get('/readyz')).status,
    ]
    expect(await all()).toEqual([200, 503, 503])
    state.status = pipeline(undefined, true)
    expect(await all()).toEqual([200, 503, 503])
    state.warm = true
    expect(await all()).toEqual([200, 200, 200])
    expect(await (await get('/readyz')).json()).toEqual({
      ready: true,
      calls: 4,
      promised_calls: 2,
      leaving_calls: 3,
      pipelines: [one(undefined, true)],
    })
  })

  it('learn no figures on the port of the calls', async () => {
    const get = await ask((host) => addBareHealth(host, { status: pipeline('full', true), warm: true }))
    expect(await (await get('/readyz')).json()).toEqual({ ready: false, reason: 'full' })
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
  })
})
