import { randomUUID } from 'node:crypto'
import { type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import type { RedactedEvent } from '@kav/core/host'
import { limitLog } from '@kav/core/kit'
import { withoutSecrets } from '../privacy/secrets.ts'
import type { CallTraces } from '../traces/call-traces.ts'
import { type HookTarget, postHook } from './post-hook.ts'

/** The operator's service that is told of events as they happen. */
export interface EventHook {
  /** Never waits: what there is no room for costs the oldest that waits. */
  onEvent(event: RedactedEvent, callId: string): void
  /** What waits is sent, within so long. Never rejects. */
  close(withinMs: number): Promise<void>
}

export interface EventHookSettings extends HookTarget {
  /** Empty: all but those of every second. */
  readonly events: readonly string[]
  readonly private: boolean
  readonly batchMs: number
  readonly maxQueue: number
}

interface ToldEvent {
  readonly callId: string
  readonly at: string
  readonly event: string
  readonly atMs: number
  readonly fields: Readonly<Record<string, unknown>>
  readonly private?: Readonly<Record<string, unknown>>
  readonly traceparent?: string
}

const EVERY_SECOND: ReadonlySet<string> = new Set(['rx_second', 'tx_second'])
/** Of one request. */
export const MAX_BATCH = 500

export function createEventHook(options: {
  readonly settings: EventHookSettings
  readonly pipelineName: string
  /** Absent: calls are not traced. */
  readonly traceparentOf?: CallTraces['traceparentOf'] | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): EventHook {
  const { settings, pipelineName, clock, metrics } = options
  const log = limitLog({ log: options.log, clock, metrics })
  const wanted = new Set(settings.events)
  const isWanted = (name: string): boolean => (wanted.size === 0 ? !EVERY_SECOND.has(name) : wanted.has(name))
  const waiting: ToldEvent[] = []
  /** Of the calls that run. */
  const traces = new Map<string, string>()
  const closing = new AbortController()
  let cancelTimer: (() => void) | undefined
  /** One request at a time: they arrive in their order. */
  let sending: Promise<void> | undefined

  function schedule(): void {
    if (sending !== undefined || cancelTimer !== undefined) return
    cancelTimer = clock.after(settings.batchMs, flush)
  }

  function flush(): void {
    cancelTimer?.()
    cancelTimer = undefined
    if (waiting.length === 0 || sending !== undefined) return
    const events = waiting.splice(0, MAX_BATCH)
    sending = send(events).finally(() => {
      sending = undefined
      if (waiting.length >= MAX_BATCH) flush()
      else if (waiting.length > 0) schedule()
    })
  }

  async function send(events: readonly ToldEvent[]): Promise<void> {
    const body = JSON.stringify({ id: randomUUID(), type: 'events', pipeline: pipelineName, events })
    try {
      await postHook(settings, withoutSecrets(body), clock, {
        signal: closing.signal,
        traceparent: traceOf(events),
      })
      metrics.count('on_event_sent_total', events.length)
    } catch (error) {
      metrics.count('on_event_dropped_total', events.length, { reason: 'failed' })
      log.warn({ events: events.length, error: messageOf(error) }, 'HOOK: on_event failed')
    }
  }

  return {
    onEvent({ event, atMs, fields, private: said }, callId) {
      if (event === 'call_started' && options.traceparentOf) {
        const given = typeof said['traceparent'] === 'string' ? said['traceparent'] : undefined
        traces.set(callId, options.traceparentOf({ id: callId, traceparent: given }))
      }
      const traceparent = traces.get(callId)
      if (event === 'call_ended') traces.delete(callId)
      if (!isWanted(event)) return
      if (waiting.length >= settings.maxQueue) {
        waiting.shift()
        metrics.count('on_event_dropped_total', 1, { reason: 'full' })
      }
      const at = new Date(clock.wallMs()).toISOString()
      const trace = traceparent !== undefined && { traceparent }
      const told = { callId, at, event, atMs: Math.round(atMs), fields, ...trace }
      waiting.push(settings.private ? { ...told, private: said } : told)
      schedule()
    },
    async close(withinMs) {
      const cancel = clock.after(withinMs, () => closing.abort())
      while (!closing.signal.aborted && (waiting.length > 0 || sending !== undefined)) {
        flush()
        await sending
      }
      cancel()
      cancelTimer?.()
    },
  }
}

/** Of a request, where all that it tells is of one call. */
function traceOf([first, ...others]: readonly ToldEvent[]): string | undefined {
  return others.every(({ callId }) => callId === first?.callId) ? first?.traceparent : undefined
}
