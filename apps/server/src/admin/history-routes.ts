import { type CallQuery, type StoredCall, Type } from '@kav/core'
import { ApiFault } from './api/api-fault.ts'
import { type ApiRoute, bytesRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { CALL_RECORD, type CallRecordAnswer } from './call-record-schema.ts'
import type { CallHistory } from '../history/call-history.ts'
import { eraseCalls } from '../history/erase-calls.ts'
import type { JoinedStores } from '../history/joined-stores.ts'
import { MOMENT_FORMS, momentOf } from '../history/moment-of.ts'
import { recordOfStored } from '../calls/stored-call.ts'
import { sendRecording } from './send-recording.ts'
import { findCalls, storeAnswer } from './store-answers.ts'

const text = (description: string) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 200 }))

const QUERY = Type.Object(
  {
    since: text(
      'Began at this time or later: ISO 8601, of UTC where it names no zone, or so long ago: `12h`, `7d`.',
    ),
    until: text('Began before; written as `since`.'),
    from: text('Who called.'),
    to: text('The number that was called.'),
    text: text('Words that were said, or their beginnings.'),
    outcome: text('Why it ended: `caller`, `agent`, `killed`, `refused`, …'),
    pipeline: text('Name of a pipeline.'),
    slow: Type.Optional(Type.Integer({ description: 'An answer took so many ms at least.', minimum: 0 })),
    limit: Type.Optional(Type.Integer({ description: 'Default 50.', minimum: 1, maximum: 500 })),
    cursor: text('`next` of the page before.'),
  },
  { additionalProperties: false },
)

const SUMMARY = Type.Object(
  {
    id: Type.String(),
    startedAt: Type.String({ description: 'ISO 8601.' }),
    state: Type.Unsafe<'begun' | 'ended' | 'torn'>({ type: 'string', enum: ['begun', 'ended', 'torn'] }),
    pipeline: Type.String(),
    version: Type.Optional(Type.String()),
    node: Type.Optional(Type.String()),
    direction: Type.Unsafe<'in' | 'out'>({ type: 'string', enum: ['in', 'out'] }),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    durationMs: Type.Number(),
    outcome: Type.Optional(Type.String()),
    reason: Type.Optional(
      Type.String({
        description:
          'Why a call was `refused`: `full`, `overloaded`, `draining`, `hook`, `hook-failed`, `unknown-number`, `unauthorised`.',
      }),
    ),
    turns: Type.Number(),
    slowestMs: Type.Optional(Type.Number()),
    cost: Type.Optional(Type.Number()),
    currency: Type.Optional(Type.String()),
    recording: Type.Optional(Type.String()),
  },
  { $id: 'CallSummary', additionalProperties: false },
)

const PAGE = Type.Object(
  { calls: Type.Array(SUMMARY), next: Type.Optional(Type.String()) },
  { $id: 'CallPage', additionalProperties: false },
)

const ERASED = Type.Object(
  {
    files: Type.Array(Type.String(), { description: 'That are gone.' }),
    recordings: Type.Array(Type.String(), {
      description: 'That were brought elsewhere, and are gone there.',
    }),
    later: Type.Array(Type.String(), { description: 'Whose place is away: they go when it is back.' }),
    elsewhere: Type.Array(Type.String(), {
      description: 'Out of reach: whoever keeps them has to erase them.',
    }),
    running: Type.Boolean({ description: 'The call runs: it is erased when it ends.' }),
    unreached: Type.Boolean({
      description:
        'The call runs on another machine: ask there when it is over, or run kav calls erase there.',
    }),
    unerased: Type.Boolean({
      description:
        'The store could not erase it now, its disk is full or it went away: a server tries again every ten minutes.',
    }),
    settled: Type.Boolean({
      description:
        'False: somebody reads the store, and what was erased stands in its file until a call is put.',
    }),
  },
  { $id: 'ErasedCall', additionalProperties: false },
)

/** Calls that were kept, of all stores of this process. */
export function historyRoutes({ state }: Pick<ApiParts, 'state'>): readonly ApiRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      path: '/api/history',
      summary: 'Calls that were kept, the last first',
      query: QUERY,
      answer: PAGE,
      faults: ['cannot-do', 'not-ready'],
      async handle({ query }) {
        const { limit = 50, cursor } = query
        const page = { limit, ...(cursor !== undefined && { cursor }) }
        const found = await findCalls(storeOf(state.history), queryOf(query), page)
        return {
          calls: found.calls.map(({ startedAtMs, owner: _owner, ...call }) => ({
            ...call,
            startedAt: new Date(startedAtMs).toISOString(),
          })),
          ...(found.next !== undefined && { next: found.next }),
        }
      },
    }),
    jsonRoute({
      method: 'GET',
      path: '/api/history/{id}',
      summary: 'The record of a call',
      answer: CALL_RECORD,
      faults: ['cannot-do', 'not-ready', 'unknown-call'],
      async handle({ params: { id = '' } }) {
        const call = await findCall(state.history, id)
        // A record is what its schema says: call-record-schema.test.ts.
        return { ...recordOfStored(call), state: call.state } as CallRecordAnswer
      },
    }),
    jsonRoute({
      method: 'DELETE',
      path: '/api/history/{id}',
      summary: 'Erases a call: its record, what was said, its files and its recording',
      answer: ERASED,
      faults: ['cannot-do', 'not-ready', 'unknown-call'],
      async handle({ params: { id = '' } }) {
        const { startedAtMs } = await findCall(state.history, id)
        const { pipelines, removals } = state.history!
        const places = { store: storeOf(state.history), pipelines, removals }
        const erased = await storeAnswer(eraseCalls(places, { id, startedAtMs }))
        const { files, recordings, later, elsewhere, running, unreached, unerased, settled } = erased
        return {
          files: [...files],
          recordings: [...recordings],
          later: [...later],
          elsewhere: [...elsewhere],
          running: running.length > 0,
          unreached: unreached.length > 0,
          unerased: unerased.length > 0,
          settled,
        }
      },
    }),
    bytesRoute({
      method: 'GET',
      path: '/api/history/{id}/recording',
      summary: 'The recording of a call: WAV, also in parts (Range)',
      contentType: 'audio/wav',
      faults: ['cannot-do', 'not-ready', 'unknown-call'],
      async send({ params: { id = '' } }, incoming, response) {
        const call = await findCall(state.history, id)
        if (call.recording === undefined)
          throw new ApiFault('unknown-call', 'the call has no recording', 'see record.audio and keep.audio')
        await sendRecording(state.history!, call, incoming, response)
      },
    }),
  ]
}

function storeOf(history: CallHistory | undefined): JoinedStores {
  if (history === undefined) throw new ApiFault('not-ready', 'no store is open yet', 'ask again in a second')
  if (history.store !== undefined) return history.store
  throw new ApiFault('cannot-do', 'no pipeline has a store', 'write store: into the pipeline file')
}

async function findCall(history: CallHistory | undefined, id: string): Promise<StoredCall> {
  const call = await storeAnswer(storeOf(history).get(id))
  if (call !== undefined) return call
  throw new ApiFault('unknown-call', 'no call of this id is kept', 'see GET /api/history')
}

function queryOf({
  since,
  until,
  slow,
  limit: _limit,
  cursor: _cursor,
  ...query
}: typeof QUERY.static): CallQuery {
  return {
    ...query,
    ...(since !== undefined && { sinceMs: momentIn('since', since) }),
    ...(until !== undefined && { untilMs: momentIn('until', until) }),
    ...(slow !== undefined && { slowMs: slow }),
  }
}

function momentIn(name: string, value: string): number {
  const ms = momentOf(value, Date.now())
  if (ms === undefined)
    throw new ApiFault('bad-request', `query.${name}: no time`, `write it as ${MOMENT_FORMS}`)
  return ms
}
