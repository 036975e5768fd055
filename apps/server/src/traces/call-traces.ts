import type { CallEvent } from '@kav/core/host'

/** Traces of the process's calls, as `@kav/telemetry-otel` makes them: the server does without that package. */
export interface CallTraces {
  begin(call: BegunCall): CallTrace
  /** What `CallTrace.traceparent` of a call is, before it begins and when it is over. */
  traceparentOf(call: {
    readonly id: string
    readonly traceparent?: string | undefined
    readonly traceId?: string | undefined
  }): string
  /** Sends what waits. Never rejects, and takes little longer than this. */
  close(limitMs: number): Promise<void>
}

/** A call as it begins. */
export interface BegunCall {
  readonly id: string
  readonly pipeline: string
  readonly transport: string
  readonly startedAtWallMs: number
  /** W3C, that the call came with. */
  readonly traceparent: string | undefined
  /** What is known of its models, by the name of the provider. */
  readonly models: TracedModels
}

export type TracedModels = Readonly<Record<string, { readonly model?: string; readonly maker: string }>>

/** The trace of one call. */
export interface CallTrace {
  /** 32 hex digits. */
  readonly traceId: string
  /** For who goes on from here. */
  readonly traceparent: string
  /** `false`: nothing of it is sent. */
  readonly sampled: boolean
  /** Never throws. */
  onEvent(event: CallEvent): void
  /** Nothing more comes. */
  over(): void
}
