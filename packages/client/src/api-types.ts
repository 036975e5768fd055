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
    readonly code: ApiErrorCode
    /** What is wrong. */
    readonly message: string
    /** What can be done about it. */
    readonly fix: string
  }
}

/** One of those in docs/control-api.md. */
export type ApiErrorCode =
  | 'bad-request'
  | 'no-token'
  | 'wrong-token'
  | 'foreign-origin'
  | 'unknown-host'
  | 'unknown-path'
  | 'unknown-call'
  | 'unknown-pipeline'
  | 'method'
  | 'cannot-do'
  | 'call-over'
  | 'not-taken'
  | 'too-many'
  | 'key-reused'
  | 'too-large'
  | 'no-json'
  | 'too-soon'
  | 'internal'
  | 'not-ready'
  | 'no-room'
  | 'node-lost'
  | 'no-answer'

export interface CallChange {
  readonly type: 'began' | 'ended' | 'lost'
  readonly call: LiveCall
}

export interface CallCost {
  readonly currency: string
  readonly total: number
  readonly parts: readonly {
    readonly kind: string
    readonly provider: string
    readonly amount: number
  }[]
  /** Did something and have no price: `tts google-tts`. */
  readonly unpriced: readonly string[]
}

export interface CallPage {
  readonly calls: readonly CallSummary[]
  readonly next?: string
}

export interface CallRecord {
  readonly callId: string
  /** `begun`: its end was not told yet. `torn`: its process died, so it lacks its end, or parts of it. */
  readonly state: 'begun' | 'ended' | 'torn'
  readonly pipeline: string
  /** Hash of the pipeline’s file. */
  readonly pipelineVersion?: string
  readonly node?: string
  /** 32 hex digits; absent where it was not traced. */
  readonly traceId?: string
  readonly direction: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  readonly startedAt: string
  /** 0 until the call has ended. */
  readonly durationMs: number
  /** Why it ended; empty until then. */
  readonly endedBy: string
  readonly counters: Readonly<Record<string, number>>
  readonly turns: readonly TurnLatency[]
  /** When each side was heard; the caller’s is empty where nobody listened for a voice. */
  readonly voice: {
    readonly caller: readonly VoiceSpan[]
    readonly agent: readonly VoiceSpan[]
  }
  readonly usage: readonly ProviderUsage[]
  readonly stages: readonly RecordedStage[]
  readonly tools: readonly RecordedTool[]
  readonly cost?: CallCost
  /** Where it is; absent: there is none. */
  readonly recording?: string
  /** Where the recording is brought. */
  readonly uploadedTo?: string
  readonly panel?: Panel
  /** Parts that lack something. */
  readonly incomplete?: readonly ('counters' | 'events' | 'transcript' | 'recording')[]
  /** The caller did not get through. */
  readonly refused?: {
    /** As `CallSummary` says it. */
    readonly reason: string
    /** What the caller got in place of the agent. */
    readonly instead: 'refuse' | 'elsewhere' | 'forward'
  }
  /** Empty where what was said is not kept. */
  readonly transcript: readonly TranscriptLine[]
  readonly events: readonly RecordedEvent[]
}

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
  /** Why a call was `refused`: `full`, `overloaded`, `draining`, `hook`, `hook-failed`, `unknown-number`, `unauthorised`. */
  readonly reason?: string
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
  /** The call runs: it is erased when it ends. */
  readonly running: boolean
  /** The call runs on another machine: ask there when it is over, or run kav calls erase there. */
  readonly unreached: boolean
  /** The store could not erase it now, its disk is full or it went away: a server tries again every ten minutes. */
  readonly unerased: boolean
  /** False: somebody reads the store, and what was erased stands in its file until a call is put. */
  readonly settled: boolean
}

export interface Figures {
  /** ISO 8601. */
  readonly at: string
  /** When the process began: latencies and totals are of the time since. */
  readonly since: string
  readonly ready: boolean
  /** Why it is not ready: `starting`, `full`, … */
  readonly reason?: string
  /** Calls now, those counted that end on a file that was replaced. */
  readonly running: number
  readonly promised: number
  readonly pipelines: readonly PipelineFigures[]
  readonly latency: readonly LatencyHistogram[]
  readonly totals: Totals
  readonly outcomes?: OutcomesOverTime
}

export interface Keys {
  /** `0-9`, `*`, `#`, `A-D`; `w` is half a second of silence. */
  readonly digits: string
}

/** From the end of the caller’s speech to one step of the answer, since the process began. */
export interface LatencyHistogram {
  readonly pipeline: string
  readonly step: 'turn_end' | 'first_token' | 'first_audio' | 'first_frame'
  /** Turns that got to this step. */
  readonly count: number
  readonly sumMs: number
  /** Borders of the buckets, ascending. */
  readonly upToMs: readonly number[]
  /** For each border, how many took at most so long; the difference to `count` took longer than the last. */
  readonly counts: readonly number[]
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
  readonly turns: readonly TurnLatency[]
  /** As the record will have them: without private parts, and without what comes every second. */
  readonly events: readonly RecordedEvent[]
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
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
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

/** Calls that began in one hour or day. */
export interface OutcomeSpan {
  /** ISO 8601. */
  readonly since: string
  readonly until: string
  /** By why they ended: `caller`, `agent`, `killed`, … */
  readonly ended: Readonly<Record<string, number>>
  /** They have not ended, or nobody told of it. */
  readonly running: number
}

export interface OutcomesOverTime {
  /** `store`: all calls that are kept. `process`: those that ended since it began; no store is there that counts. */
  readonly from: 'store' | 'process'
  /** Whole hours or days, also those without a call. */
  readonly spans: readonly OutcomeSpan[]
}

/** How the agent took turns: docs/turn-taking.md. */
export interface Panel {
  readonly calls: number
  readonly durationMs: number
  /** The caller’s turns and interruptions. */
  readonly words: number
  readonly response: PanelShare
  readonly responseLatency: PanelTimes
  readonly yield: PanelShare
  readonly timeToYield: PanelTimes
  readonly talkOverMs: number
  readonly selectivity: {
    readonly backchannel: PanelShare
    readonly vocalTic: PanelShare
    readonly notToAgent: PanelShare
  }
  readonly unscored: number
  readonly agentInterruptions: PanelShare
  readonly deadAir: {
    readonly count: number
    readonly totalMs: number
  }
  readonly turnTaking: {
    readonly n: number
    readonly sum: number
    readonly score?: number
  }
}

/** `count` of `n`. */
export interface PanelShare {
  readonly count: number
  readonly n: number
  readonly rate?: number
}

export interface PanelTimes {
  readonly n: number
  readonly p50Ms?: number
  readonly p95Ms?: number
  /** The shortest first. */
  readonly valuesMs: readonly number[]
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

export interface PipelineFigures {
  readonly name: string
  readonly running: number
  /** Announced to the carrier, and not there yet. */
  readonly promised: number
  /** For how many more there is room here; absent where there is no limit. */
  readonly free?: number
  /** Every stage has a provider that may work. */
  readonly able: boolean
  /** Why a new call would be refused now. */
  readonly refusing?: string
  readonly providers: readonly ProviderState[]
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

export interface ProviderState {
  readonly kind: string
  readonly provider: string
  /** Empty where the provider has none. */
  readonly region: string
  /** `closed`: well; `open`: down; `half-open`: it was down, and is being tried. */
  readonly state: 'closed' | 'open' | 'half-open'
  /** Of the fault that it is down with. */
  readonly code?: string
}

/** What one provider has done for the call. */
export interface ProviderUsage {
  readonly kind: 'stt' | 'llm' | 'tts' | 'realtime'
  readonly plugin: string
  /** Heard by recognition. */
  readonly audio_ms?: number
  /** Spoken by the voice. */
  readonly characters?: number
  readonly input_tokens?: number
  readonly output_tokens?: number
  /** Of `input_tokens`. */
  readonly cached_input_tokens?: number
  /** Absent: the provider, where it counts at all. */
  readonly counted_by?: 'provider' | 'core' | 'both'
}

export interface RecordedEvent {
  /** One of docs/events.md. */
  readonly event: string
  /** Milliseconds since the call began. */
  readonly atMs: number
  readonly fields: Readonly<Record<string, unknown>>
}

/** Which providers of a stage answered. */
export interface RecordedStage {
  readonly kind: 'stt' | 'llm' | 'tts' | 'realtime'
  /** In the order in which they first did something. */
  readonly answered: readonly string[]
  readonly fallbacks: readonly {
    /** Milliseconds since the call began. */
    readonly atMs: number
    readonly from: string
    readonly to: string
    /** `passed_over`: it was known to be down and was not asked. */
    readonly why: 'failed' | 'passed_over'
  }[]
}

export interface RecordedTool {
  /** Milliseconds since the call began. */
  readonly atMs: number
  readonly turn: number
  /** Empty where what was said is not kept. */
  readonly tool: string
  /** JSON, as the model wrote it. */
  readonly arguments?: string
  /** What the model was told. Absent: the call was over before. */
  readonly result?: string
  readonly failed?: boolean
  readonly durationMs?: number
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
  readonly providers: readonly ProviderState[]
}

export interface Say {
  readonly text: string
  /** `turn` (default): when the agent has finished and the caller is silent. `once`: now, and to its end. */
  readonly at?: 'turn' | 'once'
}

/** What was counted since the process began. */
export interface Totals {
  /** Calls that have come. */
  readonly callsBegun: number
  /** Those of them that are over. */
  readonly callsEnded: number
  /** Turns of callers. */
  readonly callerTurns: number
  /** Agents stopped by a caller who spoke over them, or by an operator. */
  readonly interruptions: number
  /** Callers who were not taken. */
  readonly callsRefused: number
  /** Calls that were promised and never came. */
  readonly promisesExpired: number
  /** Calls that were given up: turn after turn failed. */
  readonly callsGivenUp: number
  /** Calls that ended with their worker. */
  readonly callsLost: number
  /** Gaps that callers heard. */
  readonly underruns: number
  /** Frames of callers that were lost. */
  readonly callerFramesLost: number
  /** Frames of the agent that were lost. */
  readonly agentFramesLost: number
  /** Requests to models that failed. */
  readonly modelFailures: number
  /** Clauses that were not spoken. */
  readonly speechFailures: number
  /** Sessions of recognition that broke off. */
  readonly recognitionsLost: number
  /** Tools that failed or took too long. */
  readonly toolFailures: number
  /** Files of calls that could not be written. */
  readonly recordsLost: number
  /** Calls that are in no store. */
  readonly storeCallsLost: number
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

/** Of one turn, ms from the end of the caller’s speech; what did not happen is absent. */
export interface TurnLatency {
  readonly turn: number
  readonly turn_end_ms?: number
  readonly first_token_ms?: number
  readonly first_audio_ms?: number
  readonly first_frame_ms?: number
}

export interface VoiceSpan {
  /** Milliseconds since the call began. */
  readonly startMs: number
  /** Milliseconds since the call began. */
  readonly endMs: number
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
  'GET /api/figures': {
    readonly query?: {
      readonly by?: 'hour' | 'day'
      readonly since?: string
      readonly until?: string
      readonly zone?: string
      readonly pipeline?: string
    }
    readonly answer: Figures
  }
  'POST /api/log-level': {
    readonly body: LogLevelAsk
    readonly answer: LogLevelAnswer
  }
}
