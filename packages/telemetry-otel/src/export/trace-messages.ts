import type { CallEventName } from '@kav/core/host'
import type { SamplerSettings } from './sampler.ts'
import type { QueueSettings } from './span-queue.ts'

export interface TracesSettings {
  readonly protocol: 'http/protobuf' | 'http/json'
  readonly sampler: SamplerSettings
  readonly queue: QueueSettings
  /** What was said, and phone numbers, under keys with `pii`. */
  readonly content: boolean
  /** Of this process; `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` have the last word. */
  readonly resource: Readonly<Record<string, string>>
  readonly version: string
}

/** What the thread of the traces must know of a call. */
export interface TracedCall {
  readonly id: string
  readonly pipeline: string
  readonly transport: string
  readonly startedAtWallMs: number
  /** What is known of its models, by the name of the provider. */
  readonly models: Readonly<Record<string, { readonly model?: string; readonly maker: string }>>
  readonly traceId: string
  /** The span of somebody else that the call lies in. */
  readonly remoteParentId?: string | undefined
}

/**
 * A batch is one flat list, as JSON: of each entry the number of its call, a time, what it is and two objects. So an
 * event costs the thread that has the calls no object, and a batch one text.
 */
export const ENTRY_SLOTS = 5

/** `begin`: the first object is a `TracedCall`. `over`: nothing more comes of it. Else an event: fields and what was said. */
export type EntryKind = CallEventName | 'begin' | 'over'

export type ToTraceThread =
  { readonly kind: 'batch'; readonly entries: string } | { readonly kind: 'close'; readonly limitMs: number }

/** What has come of it since the last report. */
export interface FromTraceThread {
  /** Entries that were read. */
  readonly read: number
  /** Spans that wait for the collector, or are on their way. */
  readonly waiting: number
  readonly counts: readonly (readonly [name: string, by: number, labels: Readonly<Record<string, string>>])[]
  readonly lines: readonly {
    readonly level: 'info' | 'warn'
    readonly fields: Readonly<Record<string, unknown>>
    readonly message: string
  }[]
  /** It was the last. */
  readonly closed: boolean
}
