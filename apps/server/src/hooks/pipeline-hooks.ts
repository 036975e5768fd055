import type { Clock, InsteadOfCall, LlmProvider, Logger, Metrics } from '@kav/core'
import type { PipelineConfig } from '@kav/core/host'
import type { Storage } from '../process/storage.ts'
import type { CallTraces } from '../traces/call-traces.ts'
import { type AfterCall, openAfterCall } from './after-call.ts'
import { type BeforeCall, createBeforeCall } from './before-call.ts'
import { createEventHook, type EventHook } from './event-hook.ts'
import type { HookTarget } from './post-hook.ts'

/** The hooks of one pipeline; each is there where the file has it, and costs nothing where not. */
export interface PipelineHooks {
  readonly beforeCall?: BeforeCall | undefined
  readonly afterCall?: AfterCall | undefined
  readonly onEvent?: EventHook | undefined
  /** What is on its way has so long to arrive. Never rejects. */
  close(withinMs: number): Promise<void>
}

type Hooks = PipelineConfig['hooks']

const HOUR_MS = 3_600_000
const MB = 1024 * 1024

export function openPipelineHooks(options: {
  readonly config: PipelineConfig
  readonly models: readonly LlmProvider[]
  /** What a caller gets who cannot be taken. */
  readonly instead: InsteadOfCall
  /** Absent: calls are not traced. */
  readonly traceparentOf?: CallTraces['traceparentOf'] | undefined
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): PipelineHooks {
  const { config, log } = options
  const { before_call: before, after_call: after, on_event: event } = config.hooks
  const parts = { ...options, pipelineName: config.name, log: log.child({ pipeline: config.name }) }
  const beforeCall = before && createBeforeCall({ ...parts, settings: beforeSettings(before) })
  const afterCall = after && openAfterCall({ ...parts, settings: afterSettings(after) })
  const onEvent = event && createEventHook({ ...parts, settings: eventSettings(event) })
  return {
    beforeCall,
    afterCall,
    onEvent,
    async close(withinMs) {
      await Promise.all([afterCall?.close(withinMs), onEvent?.close(withinMs)])
    },
  }
}

function targetOf(hook: {
  url: string
  headers: Record<string, string>
  secret?: string
  timeout_ms: number
}): HookTarget {
  const { url, headers, secret, timeout_ms: timeoutMs } = hook
  return { url, headers, secret, timeoutMs }
}

function beforeSettings(hook: NonNullable<Hooks['before_call']>) {
  return { ...targetOf(hook), onError: hook.on_error, names: hook.values }
}

function afterSettings(hook: NonNullable<Hooks['after_call']>) {
  const { include, fields, fields_timeout_ms: timeoutMs, outbox } = hook
  return {
    ...targetOf(hook),
    include,
    fields: fields && { schema: fields, timeoutMs },
    dir: outbox.dir,
    maxItems: outbox.max_items,
    maxBytes: outbox.max_mb * MB,
    maxAgeMs: outbox.max_age_hours * HOUR_MS,
  }
}

function eventSettings(hook: NonNullable<Hooks['on_event']>) {
  const { events, private: isPrivate, batch_ms: batchMs, max_queue: maxQueue } = hook
  return { ...targetOf(hook), events, private: isPrivate, batchMs, maxQueue }
}
