import type { RedactedEvent } from '@kav/core/host'
import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEventHook } from '../../src/hooks/event-hook.ts'
import { type HookReceiver, openHookReceiver } from './hook-receiver.ts'

const event = (n: number, name = 'turn_ended'): RedactedEvent =>
  ({ event: name, atMs: n, fields: { turn: n }, private: { text: 'a word' } }) as unknown as RedactedEvent

describe('on_event', () => {
  let receiver: HookReceiver
  beforeEach(async () => void (receiver = await openHookReceiver()))
  afterEach(() => receiver.close())

  function opened(more: { private?: boolean; maxQueue?: number } = {}) {
    const time = createFakeClock()
    const metrics = createTestMetrics()
    const settings = {
      url: `${receiver.url}/events`,
      headers: {},
      events: [],
      private: false,
      timeoutMs: 5000,
    }
    const hook = createEventHook({
      settings: { ...settings, batchMs: 1000, maxQueue: 100, ...more },
      pipelineName: 'desk',
      clock: time.clock,
      log: createTestLogger(),
      metrics,
    })
    const dropped = (reason: string): number => metrics.value('on_event_dropped_total', { reason })
    return { hook, time, metrics, dropped }
  }

  it('is sent what was gathered, without what is private, and without the lines of every second', async () => {
    const { hook, time } = opened()
    hook.onEvent(event(1), 'CA1')
    hook.onEvent(event(2, 'rx_second'), 'CA1')
    hook.onEvent(event(3), 'CA2')
    await time.advance(1000)
    await expect.poll(() => receiver.received.length).toBe(1)
    const { events } = receiver.received[0]!.body as { events: unknown[] }
    expect(events).toMatchObject([
      { callId: 'CA1', atMs: 1 },
      { callId: 'CA2', atMs: 3 },
    ])
    expect(receiver.received[0]!.text).not.toContain('a word')
  })

  it('has what was said where that is wanted', async () => {
    const { hook } = opened({ private: true })
    hook.onEvent(event(1), 'CA1')
    await hook.close(5000)
    expect(receiver.received[0]!.text).toContain('a word')
  })

  it('loses the oldest where they do not fit, and what is not taken, and counts both', async () => {
    receiver.answer = (_hook, response) => void response.writeHead(500).end()
    const { hook, dropped, metrics } = opened({ maxQueue: 10 })
    for (let n = 0; n < 25; n++) hook.onEvent(event(n), 'CA1')
    expect(dropped('full')).toBe(15)
    await hook.close(5000)
    expect(dropped('failed')).toBe(10)
    expect(metrics.value('on_event_sent_total')).toBe(0)
  })
})
