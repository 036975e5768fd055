import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/index.ts'
import { createProviderHealth, RANK } from '../../src/providers/provider-health.ts'
import { createFakeClock, createTestLogger, createTestMetrics } from '../../src/testing/index.ts'

const NETWORK = new ProviderError('network', 'the line broke')
const LABELS = { kind: 'tts', provider: 'voice', region: '' } as const

/** `answers`: what each probe does; the last repeats. */
function rig(answers: readonly ('well' | 'fails' | 'hangs')[]) {
  const time = createFakeClock()
  const { clock } = time
  const metrics = createTestMetrics()
  const log = createTestLogger()
  const probes: { atMs: number; signal: AbortSignal }[] = []
  const health = createProviderHealth(
    LABELS,
    { clock, metrics, log },
    {
      limitMs: 3000,
      async run(signal) {
        const answer = answers[probes.length] ?? answers.at(-1)
        probes.push({ atMs: clock.nowMs() - 1000, signal })
        if (answer === 'fails') throw NETWORK
        if (answer === 'hangs') await new Promise(() => undefined)
      },
    },
  )
  return { time, metrics, log, probes, health, fall: () => health.begin().failed(NETWORK) }
}

const labels = (extra: object = {}) => ({ ...LABELS, ...extra })

describe('the health of a provider', () => {
  it('has no timer while it is well, and none again once a probe found it so', async () => {
    const { time, health, fall, probes, metrics } = rig(['well'])
    health.begin().succeeded()
    expect(time.pending()).toBe(0)
    expect(metrics.value('provider_state', labels())).toBe(0)
    fall()
    expect(health.rank()).toBe(RANK.failing)
    expect(metrics.value('provider_state', labels())).toBe(2)
    await time.advance(1999)
    expect(probes).toHaveLength(0)
    await time.advance(1)
    expect(probes).toHaveLength(1)
    expect(health.state()).toBe('closed')
    expect(metrics.value('provider_state', labels())).toBe(0)
    expect(metrics.value('provider_transitions_total', labels({ to: 'closed' }))).toBe(1)
    expect(time.pending()).toBe(0)
  })

  it('spaces probes that fail ever wider: a day of it costs fewer than 300', async () => {
    const { time, probes, fall, metrics } = rig(['fails'])
    fall()
    await time.advance(62_000)
    expect(probes.map(({ atMs }) => atMs)).toEqual([2000, 6000, 14_000, 30_000, 62_000])
    await time.advance(86_400_000)
    expect(probes.length).toBeLessThan(300)
    const counted = { kind: 'tts', provider: 'voice', outcome: 'network' }
    expect(metrics.value('provider_probes_total', counted)).toBe(probes.length)
  })

  it('ends a probe that hangs, and takes that for a fault that hangs', async () => {
    const { time, probes, fall, health } = rig(['hangs', 'well'])
    fall()
    await time.advance(5000)
    expect(probes[0]!.signal.aborted).toBe(true)
    expect(health.rank()).toBe(RANK.hanging)
    await time.advance(10_000)
    expect(health.state()).toBe('closed')
  })

  it('lets no live request be the one who tries, and is closed by one that succeeds all the same', async () => {
    const { time, probes, fall, health } = rig(['hangs'])
    fall()
    await time.advance(2500)
    expect(health.state()).toBe('half-open')
    health.begin().failed(NETWORK)
    expect(health.state()).toBe('half-open')
    health.begin().succeeded()
    expect(health.state()).toBe('closed')
    await time.settle()
    expect(probes[0]!.signal.aborted).toBe(true)
    expect(time.pending()).toBe(0)
    fall()
    expect(health.state()).toBe('open')
  })

  it.each([
    ['before a probe', 100],
    ['in a probe', 2500],
  ])('leaves nothing behind when it is closed %s', async (_when, ms) => {
    const { time, probes, fall, health } = rig(['hangs'])
    fall()
    await time.advance(ms)
    health.close()
    await time.settle()
    expect(time.pending()).toBe(0)
    expect(probes.every(({ signal }) => signal.aborted)).toBe(true)
    // A call that is still running may tell of faults.
    health.begin().failed(NETWORK)
    expect(time.pending()).toBe(0)
  })

  it('tells a person when it falls, and when it is well', async () => {
    const { time, fall, log } = rig(['well'])
    fall()
    await time.advance(2000)
    expect(log.entries.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn PROVIDER: down, tried last until it is found well',
      'info PROVIDER: well again',
    ])
    expect(log.entries[0]!.fields).toMatchObject({
      provider: 'voice',
      code: 'KAV_PROVIDER_NETWORK',
      next_ms: 2000,
    })
  })

  it('that is of no use is probed no more, told once, and found well by the call that tries it', async () => {
    const { time, probes, health, log, fall, metrics } = rig(['hangs'])
    fall()
    await time.advance(2500)
    expect(probes).toHaveLength(1)
    const deaf = new ProviderError('timeout', 'hears nothing')
    health.condemn(deaf)
    health.condemn(deaf)
    expect(probes[0]!.signal.aborted).toBe(true)
    expect(health.confirmed()).toBe(true)
    const told = log.find('PROVIDER: down, tried last until it is found well').slice(1)
    expect(told.map(({ fields }) => fields['next_ms'])).toEqual([60_000])
    expect(time.pending()).toBe(0)
    await time.advance(59_999)
    expect(health.rank()).toBe(RANK.hanging)
    await time.advance(1)
    expect(health.rank()).toBe(RANK.well)
    const tries = health.begin()
    expect([health.rank(), health.begin().byUse]).toEqual([RANK.hanging, false])
    tries.succeeded()
    expect(health.state()).toBe('closed')
    expect(probes).toHaveLength(1)
    expect(metrics.value('provider_state', labels())).toBe(0)
  })

  it('that is of no use and down is told as both, and not probed as it was to be', () => {
    const { time, health, log, fall } = rig(['well'])
    fall()
    health.condemn(new ProviderError('timeout', 'hears nothing'))
    expect(time.pending()).toBe(0)
    const told = log.find('PROVIDER: down, tried last until it is found well')
    expect(told.map(({ fields }) => fields['code'])).toEqual(['KAV_PROVIDER_NETWORK', 'KAV_PROVIDER_TIMEOUT'])
  })
})
