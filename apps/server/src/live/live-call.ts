import { type Static, Type } from '@kav/core'

const Closed = { additionalProperties: false } as const
const Fields = Type.Record(Type.String(), Type.Unknown())
const AtMs = Type.Number({ description: 'Milliseconds since the call began.' })

const LIVE_CALL_FIELDS = {
  id: Type.String({ description: 'As the carrier calls it.' }),
  pipeline: Type.String(),
  version: Type.Optional(
    Type.String({ description: 'Hash of the pipeline’s file. Absent for calls of other nodes.' }),
  ),
  node: Type.String(),
  worker: Type.Optional(Type.Integer()),
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  startedAt: Type.String({ format: 'date-time' }),
  state: Type.Union([Type.Literal('promised'), Type.Literal('running')]),
  turn: Type.Optional(Type.Integer({ description: 'Turns of the caller that were answered.' })),
  speaking: Type.Optional(
    Type.Union([Type.Literal('caller'), Type.Literal('agent'), Type.Literal('both'), Type.Literal('nobody')]),
  ),
  muted: Type.Optional(Type.Boolean({ description: 'An operator has muted the agent.' })),
}

/** A call that is promised or runs, for operators. */
export const LIVE_CALL = Type.Object(LIVE_CALL_FIELDS, { $id: 'LiveCall', ...Closed })
export type LiveCall = Static<typeof LIVE_CALL>

export const LINE = Type.Object(
  {
    atMs: AtMs,
    who: Type.Union([Type.Literal('caller'), Type.Literal('agent')]),
    text: Type.String(),
    heard: Type.Optional(
      Type.String({ description: 'What the caller heard of it; absent: all that is over.' }),
    ),
  },
  { $id: 'TranscriptLine', ...Closed },
)

const StepMs = Type.Optional(Type.Number())

export const TURN_LATENCY = Type.Object(
  {
    turn: Type.Integer(),
    turn_end_ms: StepMs,
    first_token_ms: StepMs,
    first_audio_ms: StepMs,
    first_frame_ms: StepMs,
  },
  {
    $id: 'TurnLatency',
    ...Closed,
    description: 'Of one turn, ms from the end of the caller’s speech; what did not happen is absent.',
  },
)

export const RECORDED_EVENT = Type.Object(
  { event: Type.String({ description: 'One of docs/events.md.' }), atMs: AtMs, fields: Fields },
  { $id: 'RecordedEvent', ...Closed },
)

export const LIVE_CALL_DETAIL = Type.Object(
  {
    ...LIVE_CALL_FIELDS,
    atMs: AtMs,
    transcript: Type.Array(LINE),
    turns: Type.Array(TURN_LATENCY),
    events: Type.Array(RECORDED_EVENT, {
      description:
        'As the record will have them: without private parts, and without what comes every second.',
    }),
    counters: Type.Record(Type.String(), Type.Number()),
  },
  { $id: 'LiveCallDetail', ...Closed },
)
export type LiveCallDetail = Static<typeof LIVE_CALL_DETAIL>

export const LIVE_EVENT = Type.Object(
  {
    event: Type.String({ description: 'One of docs/events.md.' }),
    atMs: AtMs,
    fields: Fields,
    private: Fields,
  },
  { $id: 'LiveEvent', ...Closed },
)

export const LEVEL = Type.Object(
  {
    atMs: AtMs,
    callerDb: Type.Number({ description: 'dBFS over the last fifth of a second; -96 is silence.' }),
    agentDb: Type.Number(),
    rxQueue: Type.Integer({ description: 'Frames that wait for recognition.' }),
    txQueue: Type.Integer({ description: 'Frames that wait to be sent.' }),
    underruns: Type.Integer({ description: 'So far in the call.' }),
    heard: Type.Optional(
      Type.Object(
        { turn: Type.Integer(), chars: Type.Integer() },
        {
          description:
            'Of what is being said: how many of its characters the caller has heard, by the playout clock.',
          ...Closed,
        },
      ),
    ),
  },
  { $id: 'Level', ...Closed },
)

export const ENDED = Type.Object(
  { endedBy: Type.String(), durationMs: Type.Number() },
  { $id: 'Ended', ...Closed },
)

/** What a watcher of one call is told. */
export type CallNews =
  | ({ readonly type: 'event' } & Static<typeof LIVE_EVENT>)
  | ({ readonly type: 'level' } & Static<typeof LEVEL>)
  | ({ readonly type: 'ended' } & Static<typeof ENDED>)

export const CALL_CHANGE = Type.Object(
  {
    type: Type.Union([Type.Literal('began'), Type.Literal('ended'), Type.Literal('lost')]),
    call: LIVE_CALL,
  },
  { $id: 'CallChange', ...Closed },
)
export type CallChange = Static<typeof CALL_CHANGE>

/** 20 ms of one side, mu-law at 8 kHz: what a listener is given. */
export interface HeardFrame {
  readonly type: 'audio'
  readonly side: 'caller' | 'agent'
  readonly bytes: Uint8Array
}
