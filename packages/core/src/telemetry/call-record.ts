import { type CallCost, costOf } from './call-cost.ts'
import type { CallEvent } from './call-events.ts'
import type { CallFacts } from './call-facts.ts'
import { type RecordedStage, RecordedStages } from './recorded-stages.ts'
import { type RecordedTool, RecordedTools } from './recorded-tools.ts'

/** What is kept of a call when it is over. Plain data, written as JSON by the host. */
export interface CallRecord {
  readonly callId: string
  readonly pipeline: string
  /** Hash of the pipeline's file. */
  readonly pipelineVersion?: string
  /** Name of the machine, or what `KAV_NODE` says. */
  readonly node?: string
  /** Of its trace, 32 hex digits; absent where the call was not traced. */
  readonly traceId?: string
  /** `out`: the agent has called. */
  readonly direction: 'in' | 'out'
  /** The numbers of both ends, as the carrier writes them: as private as the transcript. */
  readonly from?: string
  readonly to?: string
  readonly startedAt: string
  readonly durationMs: number
  readonly endedBy: string
  readonly counters: Readonly<Record<string, number>>
  readonly turns: readonly Readonly<Record<string, unknown>>[]
  /** When each side was heard. The caller's is missing where the pipeline has no voice detector. */
  readonly voice: Readonly<Record<'caller' | 'agent', readonly VoiceSpan[]>>
  /** What each provider has done for the call, as the event `usage` says. */
  readonly usage: readonly Readonly<Record<string, unknown>>[]
  /** Which provider of every stage answered, and who failed before it. */
  readonly stages: readonly RecordedStage[]
  /** What the model called; arguments and results are as private as the transcript. */
  readonly tools: readonly RecordedTool[]
  /** Absent where the pipeline names no prices. */
  readonly cost?: CallCost
  /** Where the recording is; absent when there is none. */
  readonly recording?: string
  /** Who said what, with ms since the call began; `heard` is what the caller heard of an agent's utterance. */
  readonly transcript: readonly TranscriptLine[]
  /** What a provider said of a fault is among the fields, and as private as the transcript. */
  readonly events: readonly {
    readonly event: string
    readonly atMs: number
    readonly fields: Readonly<Record<string, unknown>>
  }[]
}

/** From when to when in the call. */
export interface VoiceSpan {
  readonly startMs: number
  readonly endMs: number
}

export interface TranscriptLine {
  readonly atMs: number
  readonly who: 'caller' | 'agent'
  readonly text: string
  readonly heard?: string
}

/** Collects one call's events into its record. */
export interface CallRecorder {
  onEvent(event: CallEvent): void
  /** What it has by now. Nothing is copied but the transcript, where that is read: read it at once. */
  soFar(): Pick<CallRecord, 'direction' | 'from' | 'to' | 'transcript' | 'turns' | 'events'>
  finish(facts: Pick<CallRecord, 'durationMs' | 'endedBy' | 'counters'>): CallRecord
}

/** Whose private part has the numbers of both ends. */
const BEGINNINGS: ReadonlySet<string> = new Set(['call_started', 'call_unreached'])

/** Too many to keep; their totals are in the counters. */
const UNKEPT: ReadonlySet<string> = new Set(['partial', 'rx_second', 'tx_second'])

/** A long call must not fill the memory: after this many events only transcript and turns are kept. */
const MAX_EVENTS = 5000
/** The same for stretches of each side's voice: six hours of them. */
const MAX_SPANS = 10_000

/** What the caller heard of what the agent said, where that was not all. */
const TELLS_HEARD: ReadonlySet<string> = new Set<CallEvent['event']>([
  'interrupted',
  'reply_ended',
  'reply_dropped',
  'prompt_ended',
  'greeting_end',
])
/** Whose voice an event tells of. */
const SIDE_BY_EVENT: Readonly<Record<string, 'caller' | 'agent'>> = {
  caller_voice: 'caller',
  agent_voice: 'agent',
}

interface RecordedCall extends CallFacts {
  readonly callId: string
  readonly pipeline: string
  readonly startedAtWallMs: number
}

export function createCallRecorder(call: RecordedCall): CallRecorder {
  const events: CallRecord['events'][number][] = []
  const turns: Readonly<Record<string, unknown>>[] = []
  const voice = { caller: [] as VoiceSpan[], agent: [] as VoiceSpan[] }
  const usage: Readonly<Record<string, unknown>>[] = []
  const tools = new RecordedTools()
  const stages = new RecordedStages(call.providers)
  let parties: Pick<CallRecord, 'direction' | 'from' | 'to'> = { direction: 'in' }
  const transcript: { atMs: number; who: 'caller' | 'agent'; text: string; heard?: string; turn: number }[] =
    []

  const spoken = (): TranscriptLine[] =>
    transcript.map(({ turn: _turn, ...line }) => ({ ...line, atMs: Math.round(line.atMs) }))

  function agentClause(event: CallEvent, turn: number): void {
    const text = String(event.private['text'])
    const last = transcript.at(-1)
    if (last?.who === 'agent' && last.turn === turn && last.heard === undefined) last.text += ` ${text}`
    else transcript.push({ atMs: event.atMs, who: 'agent', text, turn })
  }

  function heard(event: CallEvent, turn: number): void {
    const said = transcript.findLast((line) => line.who === 'agent' && line.turn === turn)
    if (said && event.private['heard'] !== undefined) said.heard = String(event.private['heard'])
  }

  function heardVoice(spans: VoiceSpan[], { fields }: CallEvent): void {
    const { start_ms: startMs, end_ms: endMs } = fields
    // A journal may be damaged.
    if (typeof startMs !== 'number' || typeof endMs !== 'number' || !(startMs <= endMs)) return
    if (spans.length < MAX_SPANS) spans.push({ startMs, endMs })
  }

  return {
    onEvent(event) {
      const side = SIDE_BY_EVENT[event.event]
      if (side !== undefined) return heardVoice(voice[side], event)
      tools.onEvent(event)
      stages.onEvent(event)
      const turn = Number(event.fields['turn'] ?? 0)
      if (BEGINNINGS.has(event.event)) parties = partiesOf(event)
      else if (event.event === 'greeting_queued') agentClause(event, 0)
      else if (event.event === 'agent_said' && turn !== 0) agentClause(event, turn)
      else if (event.event === 'turn_ended') {
        transcript.push({ atMs: event.atMs, who: 'caller', text: String(event.private['text']), turn })
      } else if (event.event === 'turn_corrected') {
        const said = transcript.findLast((line) => line.who === 'caller' && line.turn === turn)
        if (said) said.text = String(event.private['text'])
      } else if (event.event === 'turn_latency') turns.push(event.fields)
      else if (event.event === 'usage') usage.push(event.fields)
      else if (TELLS_HEARD.has(event.event)) heard(event, turn)
      if (events.length < MAX_EVENTS && !UNKEPT.has(event.event)) {
        const { error } = event.private
        const fields = error === undefined ? event.fields : { ...event.fields, error }
        events.push({ event: event.event, atMs: Math.round(event.atMs), fields })
      }
    },
    soFar: () => ({
      ...parties,
      turns,
      events,
      get transcript() {
        return spoken()
      },
    }),
    finish: (facts) => ({
      callId: call.callId,
      pipeline: call.pipeline,
      ...definedFacts(call),
      ...parties,
      startedAt: new Date(call.startedAtWallMs).toISOString(),
      ...facts,
      turns,
      voice,
      usage,
      stages: stages.stages,
      tools: tools.calls,
      ...costIn(usage, facts.durationMs, call),
      transcript: spoken(),
      events,
    }),
  }
}

function definedFacts({ pipelineVersion, node, traceId, recording }: CallFacts) {
  return {
    ...(pipelineVersion !== undefined && { pipelineVersion }),
    ...(node !== undefined && { node }),
    ...(traceId !== undefined && { traceId }),
    ...(recording !== undefined && { recording }),
  }
}

function costIn(usage: CallRecord['usage'], durationMs: number, { prices }: CallFacts) {
  const cost = costOf(usage, durationMs, prices)
  return cost === undefined ? {} : { cost }
}

/** A carrier's own word for a call that it placed is `outbound-api` or the like. */
function partiesOf({ private: params }: CallEvent): Pick<CallRecord, 'direction' | 'from' | 'to'> {
  const { from, to, direction } = params
  return {
    direction: String(direction ?? '').startsWith('out') ? 'out' : 'in',
    ...(typeof from === 'string' && from !== '' && { from }),
    ...(typeof to === 'string' && to !== '' && { to }),
  }
}
