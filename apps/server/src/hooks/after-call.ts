import type { Clock, LlmProvider, Logger, Metrics } from '@kav/core'
import type { KeptRecord } from '../calls/kept-record.ts'
import { type Outbox, openOutbox } from '../outbox/outbox.ts'
import { Undeliverable } from '../outbox/outbox-limits.ts'
import { withoutSecrets } from '../privacy/secrets.ts'
import type { Storage } from '../process/storage.ts'
import type { CallTraces } from '../traces/call-traces.ts'
import { afterCallOutbox } from './after-call-outbox.ts'
import { type CallFields, callFields, type FieldsSettings } from './call-fields.ts'
import { HookRefusal, type HookTarget, postHook } from './post-hook.ts'

/** The operator's service that is told of each call when it is over, until it has it. */
export interface AfterCall {
  /** Resolves when the end of the process cannot lose it any more, or the disk does not take it. Never rejects. */
  tell(record: KeptRecord): Promise<void>
  close(withinMs: number): Promise<void>
}

export interface AfterCallSettings extends HookTarget {
  readonly include: readonly ('record' | 'transcript' | 'events')[]
  readonly fields?: FieldsSettings | undefined
  readonly dir: string
  readonly maxItems: number
  readonly maxBytes: number
  readonly maxAgeMs: number
}

/** What waits: all that is known of the call. What is sent of it is made anew for each try. */
interface EndedCall {
  readonly id: string
  readonly createdAt: string
  readonly record: KeptRecord
}

/** Between the parts of one try. */
const SLACK_MS = 5000
const GONE = 410

export function openAfterCall(options: {
  readonly settings: AfterCallSettings
  readonly pipelineName: string
  readonly models: readonly LlmProvider[]
  /** Absent: calls are not traced. */
  readonly traceparentOf?: CallTraces['traceparentOf'] | undefined
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): AfterCall {
  const { settings, pipelineName, models, storage, clock, log, metrics } = options
  const { maxItems, maxBytes, maxAgeMs } = settings
  /** A try that failed at the service need not ask the llm once more. */
  const found = new Map<string, CallFields>()

  async function fieldsOf({ id, record }: EndedCall): Promise<CallFields | undefined> {
    if (settings.fields === undefined) return undefined
    const known = found.get(id)
    if (known !== undefined) return known
    const filled = await callFields(record, settings.fields, models, clock)
    metrics.count('after_call_fields_total', 1, { outcome: filled.fields === null ? 'failed' : 'filled' })
    if (filled.fields === null)
      log.warn(
        { call: record.callId, private: { error: filled.why } },
        'HOOK: the fields of a call are empty',
      )
    found.set(id, filled)
    return filled
  }

  /** A record has the id of its trace where that was sent. */
  function traceparentOf({ callId: id, traceId }: KeptRecord): string | undefined {
    return traceId === undefined ? undefined : options.traceparentOf?.({ id, traceId })
  }

  async function deliver(call: EndedCall, signal: AbortSignal): Promise<void> {
    // What the llm says of the call has not been cleaned yet, nor what an earlier process left here.
    const body = withoutSecrets(bodyOf(call, await fieldsOf(call), settings.include))
    try {
      await postHook(settings, body, clock, { signal, traceparent: traceparentOf(call.record) })
    } catch (error) {
      if (error instanceof HookRefusal && error.status === GONE)
        throw new Undeliverable('the service answered 410: it wants no more of it')
      throw error
    }
    found.delete(call.id)
  }

  const outbox: Outbox<EndedCall> = openOutbox<EndedCall>({
    name: 'after-call',
    dir: afterCallOutbox(settings.dir, pipelineName),
    deliver,
    limits: {
      maxItems,
      maxBytes,
      maxAgeMs,
      deliverLimitMs: settings.timeoutMs + (settings.fields?.timeoutMs ?? 0) + SLACK_MS,
    },
    storage,
    clock,
    log,
    metrics,
  })

  return {
    async tell(record) {
      const createdAt = new Date(clock.wallMs()).toISOString()
      outbox.put({ id: `${record.callId}@${record.startedAt}`, createdAt, record })
      await outbox.written()
    },
    close: (withinMs) => outbox.close(withinMs),
  }
}

function bodyOf(
  { id, createdAt, record }: EndedCall,
  found: CallFields | undefined,
  include: AfterCallSettings['include'],
): string {
  const { transcript, events, ...facts } = record
  return JSON.stringify({
    id,
    type: 'after_call',
    createdAt,
    callId: record.callId,
    pipeline: record.pipeline,
    ...(include.includes('record') && { record: facts }),
    ...(include.includes('transcript') && { transcript }),
    ...(include.includes('events') && { events }),
    ...(found && { fields: found.fields }),
    ...(found && found.fields === null && { fieldsError: found.why }),
  })
}
