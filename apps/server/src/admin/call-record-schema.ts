import { type Static, Type } from '@kav/core'
import type { CallRecord } from '@kav/core/host'
import type { KeptPart } from '../calls/kept-record.ts'
import { LINE, TURN_LATENCY, RECORDED_EVENT } from '../live/live-call.ts'

const Closed = { additionalProperties: false } as const
const AtMs = Type.Number({ description: 'Milliseconds since the call began.' })

/** One of these texts. */
function oneOf<const Text extends string>(texts: readonly Text[], description?: string) {
  const literals = texts.map((text) => Type.Literal(text as string))
  return Type.Unsafe<Text>(Type.Union(literals, description === undefined ? {} : { description }))
}

const SPAN = Type.Object({ startMs: AtMs, endMs: AtMs }, { $id: 'VoiceSpan', ...Closed })

const USAGE = Type.Object(
  {
    kind: oneOf(['stt', 'llm', 'tts', 'realtime']),
    plugin: Type.String(),
    audio_ms: Type.Optional(Type.Number({ description: 'Heard by recognition.' })),
    characters: Type.Optional(Type.Number({ description: 'Spoken by the voice.' })),
    input_tokens: Type.Optional(Type.Number()),
    output_tokens: Type.Optional(Type.Number()),
    cached_input_tokens: Type.Optional(Type.Number({ description: 'Of `input_tokens`.' })),
    counted_by: Type.Optional(
      oneOf(['provider', 'core', 'both'], 'Absent: the provider, where it counts at all.'),
    ),
  },
  { $id: 'ProviderUsage', ...Closed, description: 'What one provider has done for the call.' },
)

const FALLBACK = Type.Object(
  {
    atMs: AtMs,
    from: Type.String(),
    to: Type.String(),
    why: oneOf(['failed', 'passed_over'], '`passed_over`: it was known to be down and was not asked.'),
  },
  Closed,
)

const STAGE = Type.Object(
  {
    kind: oneOf(['stt', 'llm', 'tts', 'realtime']),
    answered: Type.Array(Type.String(), { description: 'In the order in which they first did something.' }),
    fallbacks: Type.Array(FALLBACK),
  },
  { $id: 'RecordedStage', ...Closed, description: 'Which providers of a stage answered.' },
)

const TOOL = Type.Object(
  {
    atMs: AtMs,
    turn: Type.Integer(),
    tool: Type.String({ description: 'Empty where what was said is not kept.' }),
    arguments: Type.Optional(Type.String({ description: 'JSON, as the model wrote it.' })),
    result: Type.Optional(
      Type.String({ description: 'What the model was told. Absent: the call was over before.' }),
    ),
    failed: Type.Optional(Type.Boolean()),
    durationMs: Type.Optional(Type.Number()),
  },
  { $id: 'RecordedTool', ...Closed },
)

const COST = Type.Object(
  {
    currency: Type.String(),
    total: Type.Number(),
    parts: Type.Array(
      Type.Object({ kind: Type.String(), provider: Type.String(), amount: Type.Number() }, Closed),
    ),
    unpriced: Type.Array(Type.String(), {
      description: 'Did something and have no price: `tts google-tts`.',
    }),
  },
  { $id: 'CallCost', ...Closed },
)

const SHARE = Type.Object(
  { count: Type.Number(), n: Type.Number(), rate: Type.Optional(Type.Number()) },
  { $id: 'PanelShare', ...Closed, description: '`count` of `n`.' },
)
const TIMES = Type.Object(
  {
    n: Type.Number(),
    p50Ms: Type.Optional(Type.Number()),
    p95Ms: Type.Optional(Type.Number()),
    valuesMs: Type.Array(Type.Number(), { description: 'The shortest first.' }),
  },
  { $id: 'PanelTimes', ...Closed },
)

const PANEL = Type.Object(
  {
    calls: Type.Number(),
    durationMs: Type.Number(),
    words: Type.Number({ description: 'The caller’s turns and interruptions.' }),
    response: SHARE,
    responseLatency: TIMES,
    yield: SHARE,
    timeToYield: TIMES,
    talkOverMs: Type.Number(),
    selectivity: Type.Object({ backchannel: SHARE, vocalTic: SHARE, notToAgent: SHARE }, Closed),
    unscored: Type.Number(),
    agentInterruptions: SHARE,
    deadAir: Type.Object({ count: Type.Number(), totalMs: Type.Number() }, Closed),
    turnTaking: Type.Object(
      { n: Type.Number(), sum: Type.Number(), score: Type.Optional(Type.Number()) },
      Closed,
    ),
  },
  { $id: 'Panel', ...Closed, description: 'How the agent took turns: docs/turn-taking.md.' },
)

/** A call as it was kept. What a torn call lacks is named in `incomplete`; what was erased is absent or empty. */
export const CALL_RECORD = Type.Object(
  {
    callId: Type.String(),
    state: oneOf(
      ['begun', 'ended', 'torn'],
      '`begun`: its end was not told yet. `torn`: its process died, so it lacks its end, or parts of it.',
    ),
    pipeline: Type.String(),
    pipelineVersion: Type.Optional(Type.String({ description: 'Hash of the pipeline’s file.' })),
    node: Type.Optional(Type.String()),
    traceId: Type.Optional(Type.String({ description: '32 hex digits; absent where it was not traced.' })),
    direction: oneOf<CallRecord['direction']>(['in', 'out']),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    startedAt: Type.String({ format: 'date-time' }),
    durationMs: Type.Number({ description: '0 until the call has ended.' }),
    endedBy: Type.String({ description: 'Why it ended; empty until then.' }),
    counters: Type.Record(Type.String(), Type.Number()),
    turns: Type.Array(TURN_LATENCY),
    voice: Type.Object(
      { caller: Type.Array(SPAN), agent: Type.Array(SPAN) },
      {
        ...Closed,
        description: 'When each side was heard; the caller’s is empty where nobody listened for a voice.',
      },
    ),
    usage: Type.Array(USAGE),
    stages: Type.Array(STAGE),
    tools: Type.Array(TOOL),
    cost: Type.Optional(COST),
    recording: Type.Optional(Type.String({ description: 'Where it is; absent: there is none.' })),
    uploadedTo: Type.Optional(Type.String({ description: 'Where the recording is brought.' })),
    panel: Type.Optional(PANEL),
    incomplete: Type.Optional(
      Type.Array(oneOf<KeptPart>(['counters', 'events', 'transcript', 'recording']), {
        description: 'Parts that lack something.',
      }),
    ),
    refused: Type.Optional(
      Type.Object(
        {
          reason: Type.String({ description: 'As `CallSummary` says it.' }),
          instead: oneOf(['refuse', 'elsewhere', 'forward'], 'What the caller got in place of the agent.'),
        },
        { ...Closed, description: 'The caller did not get through.' },
      ),
    ),
    transcript: Type.Array(LINE, { description: 'Empty where what was said is not kept.' }),
    events: Type.Array(RECORDED_EVENT),
  },
  { $id: 'CallRecord', ...Closed },
)
export type CallRecordAnswer = Static<typeof CALL_RECORD>
