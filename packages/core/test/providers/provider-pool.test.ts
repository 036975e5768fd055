import { describe, expect, it } from 'vitest'
import { ProviderError, type RealtimeProvider } from '../../src/index.ts'
import { createProviderPool, type ProviderHealth } from '../../src/providers/index.ts'
import {
  createFakeClock,
  createFakeLlm,
  createFakeRealtime,
  createFakeStt,
  createFakeTts,
  createTestLogger,
  createTestMetrics,
} from '../../src/testing/index.ts'

const NETWORK = new ProviderError('network', 'the line broke')
type Way = 'works' | 'opens late' | 'fails' | 'hangs' | 'breaks'
const OPENINGS = {
  'opens late': { afterMs: 2000 },
  works: {},
  breaks: {},
  fails: { error: NETWORK },
  hangs: { afterMs: Infinity },
} as const
const ANSWERS = {
  'opens late': {},
  works: { text: 'one two' },
  fails: { error: NETWORK },
  hangs: { stalls: true },
  breaks: { ends: false },
} as const
const VOICES = {
  'opens late': {},
  works: {},
  fails: { error: NETWORK, errorAfterBytes: 0 },
  hangs: { stallsAfterBytes: 0 },
  breaks: { error: NETWORK, errorAfterBytes: 160 },
} as const

function rig(kinds: 'staged' | 'realtime' = 'staged') {
  let way: Way = 'works'
  const time = createFakeClock()
  const { clock } = time
  const stt = createFakeStt({ clock, regions: ['a', 'b'], opening: () => OPENINGS[way] })
  const llm = createFakeLlm({ clock, replies: () => ANSWERS[way] })
  const tts = createFakeTts({ clock, voice: () => VOICES[way] })
  const realtime = createFakeRealtime({ clock })
  const converses: RealtimeProvider = {
    ...realtime.provider,
    async openSession(options) {
      if (way === 'fails') throw NETWORK
      if (way === 'hangs') await new Promise(() => undefined)
      return realtime.provider.openSession(options)
    },
  }
  const named = <Provider>(name: string, provider: Provider) => ({ name, provider })
  const staged = kinds === 'staged'
  const pool = createProviderPool(
    {
      stt: staged ? [named('hears', stt.provider)] : [],
      llm: staged ? [named('thinks', llm.provider), named('thinks#2', llm.provider)] : [],
      tts: staged ? [named('speaks', tts.provider)] : [],
      ...(staged ? {} : { realtime: named('converses', converses) }),
      languages: new Map(staged ? [['he-IL', { tts: named('speaks:he-IL', tts.provider) }]] : []),
    },
    {
      clock,
      log: createTestLogger(),
      metrics: createTestMetrics(),
      firstTokenTimeoutMs: 3000,
      firstAudioTimeoutMs: 3000,
    },
  )
  const { stages } = pool
  const healths: Record<string, () => ProviderHealth> = {
    stt: () => stages.stt[0]!.healthOf('a'),
    llm: () => stages.llm[0]!.healthOf(),
    tts: () => stages.tts[0]!.healthOf(),
    realtime: () => stages.realtime!.healthOf(),
  }
  return {
    time,
    pool,
    stages,
    healths,
    become: (next: Way) => (way = next),
    /** Breaks every session that is open. */
    breakSessions() {
      for (const open of stt.sessions) if (!open.closed) open.fail(NETWORK)
      for (const open of realtime.sessions) if (!open.closed) open.fail(NETWORK)
    },
    openSessions: () => [...stt.sessions, ...realtime.sessions].filter(({ closed }) => !closed).length,
    requests: () => [...llm.requests, ...tts.requests],
    attempts: () => stt.attempts,
  }
}

describe('the probe of a provider', () => {
  it.each([
    ['stt', 'staged'],
    ['llm', 'staged'],
    ['tts', 'staged'],
    ['realtime', 'realtime'],
  ] as const)('of kind %s finds it well when it works, and only then', async (kind, kinds) => {
    const one = rig(kinds)
    const health = one.healths[kind]!()
    for (const way of ['fails', 'hangs', 'breaks'] as const) {
      one.become(way)
      health.begin().failed(NETWORK)
      for (let at = 0; at < 300; at++) {
        await one.time.advance(100)
        if (way === 'breaks') one.breakSessions()
      }
      expect([way, health.state()]).not.toEqual([way, 'closed'])
      one.become('works')
      await one.time.advance(600_000)
      expect(health.state()).toBe('closed')
    }
    expect(one.openSessions()).toBe(0)
    expect(one.time.pending()).toBe(0)
    expect(one.requests().filter(({ endedAtMs }) => endedAtMs === undefined)).toEqual([])
  })

  it('does not find a recogniser well that opens so late that a call would try another beside it', async () => {
    const one = rig()
    one.become('opens late')
    one.healths['stt']!().begin().failed(NETWORK)
    await one.time.advance(60_000)
    expect(one.healths['stt']!().fault()?.class).toBe('timeout')
    one.pool.close()
    await one.time.advance(5000)
    expect(one.openSessions()).toBe(0)
    expect(one.time.pending()).toBe(0)
  })

  it('asks for next to nothing: a word, one region, no audio', async () => {
    const one = rig()
    for (const kind of ['stt', 'llm', 'tts']) one.healths[kind]!().begin().failed(NETWORK)
    await one.time.advance(10_000)
    expect(one.attempts().map(({ options }) => options.region)).toEqual(['a'])
    const asked = one.requests().map(({ request }) => ('text' in request ? request.text : request.messages))
    expect(asked).toEqual([[{ role: 'user', content: '1' }], '1'])
  })
})

describe('the providers of a pipeline', () => {
  it('are listed with their states, each under its own name, region by region', async () => {
    const one = rig()
    one.become('fails')
    one.stages.llm[1]!.healthOf().begin().failed(NETWORK)
    expect(one.pool.states()).toEqual([
      { kind: 'stt', provider: 'hears', region: 'a', state: 'closed' },
      { kind: 'stt', provider: 'hears', region: 'b', state: 'closed' },
      { kind: 'llm', provider: 'thinks', region: '', state: 'closed' },
      { kind: 'llm', provider: 'thinks#2', region: '', state: 'open', code: 'KAV_PROVIDER_NETWORK' },
      { kind: 'tts', provider: 'speaks', region: '', state: 'closed' },
      { kind: 'tts', provider: 'speaks:he-IL', region: '', state: 'closed' },
    ])
    one.pool.close()
    expect(one.time.pending()).toBe(0)
  })

  it('are able while each stage has one that is not down for sure', async () => {
    const one = rig()
    one.become('fails')
    const [first, second] = one.stages.llm
    first!.healthOf().begin().failed(NETWORK)
    await one.time.advance(3000)
    expect(one.pool.able()).toBe(true)
    second!.healthOf().begin().failed(NETWORK)
    // One fault may be a lost connection; a probe says more.
    expect(one.pool.able()).toBe(true)
    await one.time.advance(3000)
    expect(one.pool.able()).toBe(false)
    one.become('works')
    await one.time.advance(30_000)
    expect(one.pool.able()).toBe(true)
    one.pool.close()
  })
})
