/** What the admin API answers. Times are ISO 8601, or ms since the call began where they are called `atMs`. */

export type Side = 'caller' | 'agent'

export interface LiveCall {
  readonly id: string
  readonly pipeline: string
  readonly version?: string
  readonly node?: string
  readonly worker?: number | string
  readonly direction: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  readonly startedAt: string
  readonly state: 'promised' | 'running'
  readonly turn?: number
  readonly speaking?: Side | 'both' | 'nobody'
  readonly muted?: boolean
}

export interface CallChange {
  readonly type: 'began' | 'ended' | 'lost'
  readonly call: LiveCall
}

export interface CallEvent {
  readonly event: string
  readonly atMs: number
  readonly fields: Readonly<Record<string, unknown>>
  /** What was said and the like; absent where nothing private may be shown. */
  readonly private?: Readonly<Record<string, unknown>>
}

export interface TranscriptLine {
  readonly atMs: number
  readonly who: Side
  readonly text: string
  /** What the caller heard of an agent's utterance; absent where that is all of it. */
  readonly heard?: string
}

export interface LiveCallDetail extends LiveCall {
  readonly transcript: readonly TranscriptLine[]
  readonly turns: readonly TurnFields[]
  readonly events: readonly CallEvent[]
  readonly counters: Readonly<Record<string, number>>
}

/** About five times a second while somebody watches. */
export interface Level {
  readonly atMs: number
  readonly callerDb: number
  readonly agentDb: number
  readonly rxQueue: number
  readonly txQueue: number
  /** So far. */
  readonly underruns: number
  /** How many characters of what the agent is saying the caller has heard. */
  readonly heard?: { readonly turn: number; readonly chars: number }
}

/** Of one turn, ms from the end of the caller's speech; absent where the step did not happen. */
export interface TurnFields {
  readonly turn?: unknown
  readonly turn_end_ms?: unknown
  readonly first_token_ms?: unknown
  readonly first_audio_ms?: unknown
  readonly first_frame_ms?: unknown
}

export interface CallSummary {
  readonly id: string
  readonly startedAt: string
  readonly pipeline: string
  readonly direction?: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  readonly durationMs: number
  /** Why it ended; absent for a call whose end was not told. */
  readonly outcome?: string
  readonly state?: 'begun' | 'ended' | 'torn'
  readonly turns?: number
  readonly slowestMs?: number
  readonly cost?: number
  readonly currency?: string
  readonly recording?: string | boolean
}

export interface CallPage {
  readonly calls: readonly CallSummary[]
  readonly next?: string
}

export interface Span {
  readonly startMs: number
  readonly endMs: number
}

export interface ToolCall {
  readonly atMs: number
  readonly turn?: number
  readonly tool: string
  readonly arguments?: string
  readonly result?: string
  readonly failed?: boolean
  readonly durationMs?: number
}

export interface Stage {
  readonly kind: string
  readonly answered: readonly string[]
  readonly fallbacks: readonly {
    readonly atMs: number
    readonly from: string
    readonly to: string
    readonly why: string
  }[]
}

/** A call that is over. What was said is absent where it was erased or never kept. */
export interface CallRecord {
  readonly callId: string
  readonly pipeline: string
  readonly pipelineVersion?: string
  readonly node?: string
  readonly direction?: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  readonly startedAt: string
  readonly durationMs: number
  readonly endedBy?: string
  readonly counters?: Readonly<Record<string, number>>
  readonly turns?: readonly TurnFields[]
  readonly voice?: Readonly<Record<Side, readonly Span[]>>
  readonly usage?: readonly Readonly<Record<string, unknown>>[]
  readonly stages?: readonly Stage[]
  readonly tools?: readonly ToolCall[]
  readonly cost?: {
    readonly currency: string
    readonly total: number
    readonly parts: readonly { readonly kind: string; readonly provider: string; readonly amount: number }[]
    readonly unpriced: readonly string[]
  }
  readonly recording?: string
  readonly transcript?: readonly TranscriptLine[]
  readonly events?: readonly CallEvent[]
}
