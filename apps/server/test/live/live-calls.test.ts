import { MULAW_8K } from '@kav/core'
import type { CallTap, RedactedEvent } from '@kav/core/host'
import { createFakeClock, createTestMetrics } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { createCallWatchers } from '../../src/live/call-watchers.ts'
import type { CallCommandAnswer } from '../../src/live/call-command.ts'
import { createLiveCalls, type RunningLiveCall } from '../../src/live/live-calls.ts'
import { createLocalCallHost } from '../../src/live/local-call-host.ts'

const event = (name: string): RedactedEvent =>
  ({ event: name, atMs: 1, fields: {}, private: {} }) as unknown as RedactedEvent

function createRig() {
  const time = createFakeClock()
  const { clock } = time
  const metrics = createTestMetrics()
  const failures: unknown[] = []
  const watchers = createCallWatchers((error) => failures.push(error))
  const live = createLiveCalls({ node: 'here', watchers, clock, metrics })
  const taps = new Set<CallTap>()
  const call: RunningLiveCall = {
    call: { id: 'CA1', format: MULAW_8K },
    pipeline: 'desk',
    version: 'v1',
    startedMs: clock.nowMs(),
    control: {
      act: async () => ({ done: true }),
      look: () => ({ speaking: 'agent', muted: false, rxQueue: 1, txQueue: 2, underruns: 0 }),
      counters: () => ({ tx_frames: 3 }),
      listen(tap) {
        taps.add(tap)
        return () => void taps.delete(tap)
      },
    },
    soFar: () => ({ direction: 'in', transcript: [], turns: [], events: [] }),
  }
  const over = live.began(call)
  const host = createLocalCallHost(live, clock, async () => ({ refused: 'draining' }))
  return { time, clock, metrics, watchers, live, taps, over, host, failures }
}

const valueOf = (answer: CallCommandAnswer) => {
  if (!answer.done) throw new Error(answer.why)
  return answer.value as { watch: number; news: { type: string; event?: string }[]; over: boolean }
}

describe('the live calls of a process', () => {
  it('cost nothing where nobody watches: no tap, no timer, no listener', async () => {
    const { time, watchers, live, taps, over } = createRig()
    for (let at = 0; at < 100; at++) watchers.tell(event('partial'), 'CA1')
    expect([taps.size, time.pending()]).toEqual([0, 0])
    const watch = live.watch('CA1')!
    const ears = live.listen('CA1')!
    expect([taps.size, time.pending()]).toEqual([2, 1])
    watch.close()
    ears.close()
    expect([taps.size, time.pending()]).toEqual([0, 0])
    over({ endedBy: 'caller', durationMs: 5 })
    expect(live.watch('CA1')).toBeUndefined()
  })

  it('are told event by event, with levels between, and at last how they ended', async () => {
    const { time, watchers, live, taps, over } = createRig()
    const watch = live.watch('CA1')!
    watchers.tell(event('turn_ended'), 'CA1')
    watchers.tell(event('turn_ended'), 'CA2')
    for (const tap of taps) {
      tap.onCallerAudio(new Uint8Array(160).fill(0x80), 0)
      tap.onAgentFrame(new Uint8Array(160).fill(0xff), 0)
    }
    await time.advance(200)
    over({ endedBy: 'operator', durationMs: 200 })
    watchers.tell(event('partial'), 'CA1')
    const { news, over: isOver } = await watch.pull(0, 0)
    expect(isOver).toBe(true)
    expect(news).toMatchObject([
      { type: 'event', event: 'turn_ended' },
      { type: 'level', agentDb: -96, rxQueue: 1, txQueue: 2 },
      { type: 'ended', endedBy: 'operator', durationMs: 200 },
    ])
    expect((news[1] as { callerDb: number }).callerDb).toBeGreaterThan(-1)
    expect([taps.size, time.pending()]).toEqual([0, 0])
  })

  it('wait for nobody who does not fetch: the oldest news go, and are counted', async () => {
    const { watchers, live, metrics } = createRig()
    const watch = live.watch('CA1')!
    for (let at = 0; at < 2005; at++) watchers.tell(event(at < 5 ? 'partial' : 'final'), 'CA1')
    const { news } = await watch.pull(0, 0)
    expect(news).toHaveLength(2000)
    expect(news.some((one) => one.type === 'event' && one.event === 'partial')).toBe(false)
    expect(metrics.value('watch_news_dropped_total')).toBe(5)
    watch.close()
  })

  it('forget whoever does not ask any more, and tell him when he comes back', async () => {
    const { time, taps, host, watchers } = createRig()
    const { watch } = valueOf(await host.ask({ name: 'watch', ask: { id: 'CA1' } }))
    const pulling = host.ask({ name: 'pull', ask: { watch } })
    watchers.tell(event('final'), 'CA1')
    await time.advance(50)
    expect(valueOf(await pulling).news).toMatchObject([{ event: 'final' }])
    expect(taps.size).toBe(1)
    await time.advance(11_000)
    expect([taps.size, time.pending()]).toEqual([0, 0])
    expect(await host.ask({ name: 'pull', ask: { watch } })).toMatchObject({ why: 'unknown-watch' })
    expect(await host.ask({ name: 'detail', ask: { id: 'CA9' } })).toMatchObject({ why: 'unknown-call' })
  })

  it('refuse one watcher too many, and take nothing from those that watch', async () => {
    const { host, taps } = createRig()
    const watches: number[] = []
    for (let at = 0; at < 200; at++)
      watches.push(valueOf(await host.ask({ name: 'watch', ask: { id: 'CA1' } })).watch)
    const listening = taps.size
    const tooMany = { done: false, why: 'too-many-watchers' }
    expect(await host.ask({ name: 'watch', ask: { id: 'CA1' } })).toMatchObject(tooMany)
    expect(await host.ask({ name: 'listen', ask: { id: 'CA1', by: 'Dana' } })).toMatchObject(tooMany)
    expect(taps.size).toBe(listening)
    await host.ask({ name: 'unwatch', ask: { watch: watches[7]! } })
    expect(valueOf(await host.ask({ name: 'listen', ask: { id: 'CA1', by: 'Dana' } })).watch).toBeGreaterThan(
      0,
    )
  })

  it('leave out a listener that throws, and no other', () => {
    const { watchers, failures } = createRig()
    const heard: string[] = []
    watchers.watchAll(() => {
      throw new Error('broken')
    })
    watchers.watchAll((_event, id) => heard.push(id))
    watchers.tell(event('final'), 'CA1')
    watchers.tell(event('final'), 'CA2')
    expect([heard, failures.length]).toEqual([['CA1', 'CA2'], 1])
  })
})
