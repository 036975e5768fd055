// Generated from the routes of the admin API by `npm run generate`. Do not edit.

export interface About {
  /** Of Kav. */
  readonly version: string
  /** The name of this node; absent while it starts. */
  readonly node?: string
  /** Whether there are pipelines yet, and connections are up. */
  readonly ready: boolean
}

export interface ApiError {
  readonly error: {
    /** One of those in docs/control-api.md. */
    readonly code: string
    /** What is wrong. */
    readonly message: string
    /** What can be done about it. */
    readonly fix: string
  }
}

export interface CallChange {
  readonly type: 'began' | 'ended' | 'lost'
  readonly call: LiveCall
}

export interface CallPage {
  readonly calls: readonly CallSummary[]
  readonly next?: string
}

export type CallRecord = Readonly<Record<string, unknown>>

export interface CallSummary {
  readonly id: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly state: 'begun' | 'ended' | 'torn'
  readonly pipeline: string
  readonly version?: string
  readonly node?: string
  readonly direction: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  readonly durationMs: number
  readonly outcome?: string
  readonly turns: number
  readonly slowestMs?: number
  readonly cost?: number
  readonly currency?: string
  readonly recording?: string
}

export interface Done {
  readonly ok: true
}

export interface Ended {
  readonly endedBy: string
  readonly durationMs: number
}

export interface ErasedCall {
  /** That are gone. */
  readonly files: readonly string[]
  /** That were brought elsewhere, and are gone there. */
  readonly recordings: readonly string[]
  /** Whose place is away: they go when it is back. */
  readonly later: readonly string[]
  /** Out of reach: whoever keeps them has to erase them. */
  readonly elsewhere: readonly string[]
}

export interface Keys {
  /** `0-9`, `*`, `#`, `A-D`; `w` is half a second of silence. */
  readonly digits: string
}

export interface Level {
  /** Milliseconds since the call began. */
  readonly atMs: number
  /** dBFS over the last fifth of a second; -96 is silence. */
  readonly callerDb: number
  readonly agentDb: number
  /** Frames that wait for recognition. */
  readonly rxQueue: number
  /** Frames that wait to be sent. */
  readonly txQueue: number
  /** So far in the call. */
  readonly underruns: number
  /** Of what is being said: how many of its characters the caller has heard, by the playout clock. */
  readonly heard?: {
    readonly turn: number
    readonly chars: number
  }
}

export interface LiveCall {
  /** As the carrier calls it. */
  readonly id: string
  readonly pipeline: string
  /** Hash of the pipeline’s file. Absent for calls of other nodes. */
  readonly version?: string
  readonly node: string
  readonly worker?: number
  readonly direction: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  readonly startedAt: string
  readonly state: 'promised' | 'running'
  /** Turns of the caller that were answered. */
  readonly turn?: number
  readonly speaking?: 'caller' | 'agent' | 'both' | 'nobody'
  /** An operator has muted the agent. */
  readonly muted?: boolean
}

export interface LiveCallDetail {
  /** As the carrier calls it. */
  readonly id: string
  readonly pipeline: string
  /** Hash of the pipeline’s file. Absent for calls of other nodes. */
  readonly version?: string
  readonly node: string
  readonly worker?: number
  readonly direction: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  readonly startedAt: string
  readonly state: 'promised' | 'running'
  /** Turns of the caller that were answered. */
  readonly turn?: number
  readonly speaking?: 'caller' | 'agent' | 'both' | 'nobody'
  /** An operator has muted the agent. */
  readonly muted?: boolean
  /** Milliseconds since the call began. */
  readonly atMs: number
  readonly transcript: readonly TranscriptLine[]
  /** Latencies of every turn, as `turn_latency` has them. */
  readonly turns: readonly Readonly<Record<string, unknown>>[]
  /** As the record will have them: without private parts, and without what comes every second. */
  readonly events: readonly {
    readonly event: string
    /** Milliseconds since the call began. */
    readonly atMs: number
    readonly fields: Readonly<Record<string, unknown>>
  }[]
  readonly counters: Readonly<Record<string, number>>
}

export interface LiveCalls {
  readonly calls: readonly LiveCall[]
}

export interface LiveEvent {
  /** One of docs/events.md. */
  readonly event: string
  /** Milliseconds since the call began. */
  readonly atMs: number
  readonly fields: Readonly<Record<string, unknown>>
  readonly private: Readonly<Record<string, unknown>>
}

export interface LogLevelAnswer {
  readonly ok: true
  /** When it falls back. */
  readonly until: string
}

export interface LogLevelAsk {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Lines of this call alone. */
  readonly call?: string
  /** Lines of this plugin alone, `google-stt`. */
  readonly plugin?: string
  /** After it all is as before. Default: ten minutes. */
  readonly forMs?: number
}

export interface Mute {
  readonly on: boolean
}

export interface PhoneAsk {
  /** Its name. */
  readonly pipeline: string
  /** Who calls, as a carrier would say it: `+15550100`. */
  readonly from?: string
}

export interface PhoneOffer {
  readonly callId: string
  /** Below this address: a WebSocket of this port. */
  readonly streamUrl: string
  /** What the stream says in `start.customParameters`. Good for one stream, for some seconds. */
  readonly parameters: Readonly<Record<string, string>>
}

export interface PipelineDraft {
  readonly yaml: string
  /** The pipeline whose file it is to become: paths in it are seen from there. */
  readonly name?: string
}

export interface PipelineFile {
  readonly name: string
  readonly file: string
  /** Hash of the text that runs. */
  readonly running: string
  /** Hash of the file now; absent where it has errors. */
  readonly version?: string
  /** The file as it is now. */
  readonly yaml: string
  readonly problems: readonly PipelineProblem[]
  /** With all defaults and variables, secrets masked; absent where it has errors. */
  readonly effective?: unknown
}

export interface PipelineProblem {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  readonly path: string
  readonly level: 'error' | 'warning'
  readonly message: string
}

export interface PipelineProblems {
  readonly problems: readonly PipelineProblem[]
}

export interface Pipelines {
  readonly pipelines: readonly RunningPipeline[]
}

export interface PlaceCall {
  readonly pipeline: string
  /** Who is called. */
  readonly to: string
  /** What they are shown; the pipeline’s first number when absent. */
  readonly from?: string
  /** For `{{name}}` in the pipeline, and in the record. */
  readonly values?: Readonly<Record<string, string>>
}

export interface PlacedCall {
  /** As the call will be called once it is answered. */
  readonly id: string
}

export interface RunningPipeline {
  readonly name: string
  readonly file: string
  /** Hash of the text that runs. */
  readonly version: string
  readonly calls: number
  /** Every stage has a provider that may work. */
  readonly able: boolean
  /** Why a new call would be refused now. */
  readonly refusing?: string
  readonly providers: readonly {
    readonly kind: string
    readonly provider: string
    readonly region: string
    readonly state: 'closed' | 'open' | 'half-open'
    readonly code?: string
  }[]
}

export interface Say {
  readonly text: string
  /** `turn` (default): when the agent has finished and the caller is silent. `once`: now, and to its end. */
  readonly at?: 'turn' | 'once'
}

export interface TranscriptLine {
  /** Milliseconds since the call began. */
  readonly atMs: number
  readonly who: 'caller' | 'agent'
  readonly text: string
  /** What the caller heard of it; absent: all that is over. */
  readonly heard?: string
}

export interface Transfer {
  /** A number or a SIP address. */
  readonly to: string
}

export interface Whisper {
  readonly text: string
}

/** What each route that answers JSON takes and answers. */
export interface ApiRoutes {
  'GET /api/about': {
    readonly answer: About
  }
  'GET /api/calls': {
    readonly answer: LiveCalls
  }
  'POST /api/calls': {
    readonly body: PlaceCall
    readonly answer: PlacedCall
  }
  'GET /api/calls/{id}': {
    readonly params: { readonly id: string }
    readonly answer: LiveCallDetail
  }
  'POST /api/calls/{id}/say': {
    readonly params: { readonly id: string }
    readonly body: Say
    readonly answer: Done
  }
  'POST /api/calls/{id}/whisper': {
    readonly params: { readonly id: string }
    readonly body: Whisper
    readonly answer: Done
  }
  'POST /api/calls/{id}/interrupt': {
    readonly params: { readonly id: string }
    readonly answer: Done
  }
  'POST /api/calls/{id}/keys': {
    readonly params: { readonly id: string }
    readonly body: Keys
    readonly answer: Done
  }
  'POST /api/calls/{id}/transfer': {
    readonly params: { readonly id: string }
    readonly body: Transfer
    readonly answer: Done
  }
  'POST /api/calls/{id}/hangup': {
    readonly params: { readonly id: string }
    readonly answer: Done
  }
  'POST /api/calls/{id}/mute': {
    readonly params: { readonly id: string }
    readonly body: Mute
    readonly answer: Done
  }
  'GET /api/pipelines': {
    readonly answer: Pipelines
  }
  'POST /api/pipelines/validate': {
    readonly body: PipelineDraft
    readonly answer: PipelineProblems
  }
  'GET /api/pipelines/{name}': {
    readonly params: { readonly name: string }
    readonly answer: PipelineFile
  }
  'POST /api/phone': {
    readonly body: PhoneAsk
    readonly answer: PhoneOffer
  }
  'GET /api/history': {
    readonly query?: {
      readonly since?: string
      readonly until?: string
      readonly from?: string
      readonly to?: string
      readonly text?: string
      readonly outcome?: string
      readonly pipeline?: string
      readonly slow?: number
      readonly limit?: number
      readonly cursor?: string
    }
    readonly answer: CallPage
  }
  'GET /api/history/{id}': {
    readonly params: { readonly id: string }
    readonly answer: CallRecord
  }
  'DELETE /api/history/{id}': {
    readonly params: { readonly id: string }
    readonly answer: ErasedCall
  }
  'POST /api/log-level': {
    readonly body: LogLevelAsk
    readonly answer: LogLevelAnswer
  }
}
