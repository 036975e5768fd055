import { type CallCount, type CallStore, type Static, Type } from '@kav/core'
import { ApiFault } from './api/api-fault.ts'
import type { ApiParts } from './api-parts.ts'
import { dateMs } from '../history/moment-of.ts'
import { storeAnswer } from './store-answers.ts'
import { SPAN_MS, spanBorders, type SpanLength } from './figures/span-borders.ts'

const text = (description: string) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 100 }))

export const SPAN_QUERY = Type.Object(
  {
    by: Type.Optional(
      Type.Union([Type.Literal('hour'), Type.Literal('day')], {
        description: 'Counts how calls ended as well, in hours or days; without it the others say nothing.',
      }),
    ),
    since: text('Counts from here on: ISO 8601. Default: a day, or 30 days, before `until`.'),
    until: text('And up to here. Default: now.'),
    zone: text('Whose hours and days: `Europe/Berlin`. Default: UTC.'),
    pipeline: text('Counts calls of this pipeline alone.'),
  },
  { additionalProperties: false },
)
export type SpanQuery = Static<typeof SPAN_QUERY>

const SPAN = Type.Object(
  {
    since: Type.String({ description: 'ISO 8601.' }),
    until: Type.String(),
    ended: Type.Record(Type.String(), Type.Integer(), {
      description: 'By why they ended: `caller`, `agent`, `killed`, …',
    }),
    running: Type.Integer({ description: 'They have not ended, or nobody told of it.' }),
  },
  { $id: 'OutcomeSpan', additionalProperties: false, description: 'Calls that began in one hour or day.' },
)

export const OUTCOMES = Type.Object(
  {
    from: Type.Unsafe<'store' | 'process'>({
      type: 'string',
      enum: ['store', 'process'],
      description:
        '`store`: all calls that are kept. `process`: those that ended since it began; no store is there that counts.',
    }),
    spans: Type.Array(SPAN, { description: 'Whole hours or days, also those without a call.' }),
  },
  { $id: 'OutcomesOverTime', additionalProperties: false },
)
export type OutcomesOverTime = Static<typeof OUTCOMES>

const MAX_SPANS = 1000
const DEFAULT_SPANS: Readonly<Record<SpanLength, number>> = { hour: 24, day: 30 }

/** How calls ended, in the hours or days that are asked for. Absent where none are. */
export async function outcomesOverTime(
  query: SpanQuery,
  { state, clock }: Pick<ApiParts, 'state' | 'clock'>,
): Promise<OutcomesOverTime | undefined> {
  if (query.by === undefined) return undefined
  const bordersMs = bordersOf(query, query.by, clock.wallMs())
  const { pipeline } = query
  const stores = storesOf(state, pipeline)
  if (stores.length === 0)
    return answerOf('process', bordersMs, state.ended?.count(pipeline, bordersMs) ?? [])
  const meant = pipeline === undefined ? {} : { pipeline }
  const counts = await Promise.all(stores.map((store) => storeAnswer(store.count!(meant, bordersMs))))
  return answerOf('store', bordersMs, counts.flat())
}

/** None where one of them cannot count: half of the calls would be shown as all. */
function storesOf({ history }: ApiParts['state'], pipeline: string | undefined): readonly CallStore[] {
  const { stores } = history ?? { stores: new Map<string, CallStore>() }
  const own = pipeline === undefined ? undefined : stores.get(pipeline)
  const all = own === undefined ? [...new Set(stores.values())] : [own]
  return all.every((store) => store.count !== undefined) ? all : []
}

function bordersOf({ since, until, zone = 'UTC' }: SpanQuery, by: SpanLength, nowMs: number) {
  const untilMs = momentOf('until', until, nowMs)
  const sinceMs = momentOf('since', since, untilMs - DEFAULT_SPANS[by] * SPAN_MS[by])
  if (sinceMs >= untilMs) throw fault('since: it is not before `until`', 'ask for a span of time')
  if ((untilMs - sinceMs) / SPAN_MS[by] > MAX_SPANS - 1)
    throw fault(`since: more than ${MAX_SPANS} ${by}s`, by === 'hour' ? 'ask by day' : 'ask for less')
  try {
    return spanBorders({ by, sinceMs, untilMs, zone })
  } catch {
    throw fault('zone: no time zone that is known here', 'write it as Europe/Berlin')
  }
}

function momentOf(name: string, value: string | undefined, fallbackMs: number): number {
  const ms = value === undefined ? fallbackMs : dateMs(value)
  if (ms !== undefined) return ms
  throw fault(`${name}: no time`, 'write it as 2026-11-28T14:00:00Z')
}

function fault(message: string, fix: string): ApiFault {
  return new ApiFault('bad-request', `query.${message}`, fix)
}

function answerOf(
  from: OutcomesOverTime['from'],
  bordersMs: readonly number[],
  counts: readonly CallCount[],
): OutcomesOverTime {
  const ended = bordersMs.slice(1).map((): Record<string, number> => ({}))
  const running = ended.map(() => 0)
  for (const { span, outcome, calls } of counts) {
    const own = ended[span]
    if (own === undefined) continue
    if (outcome === undefined) running[span]! += calls
    else own[outcome] = (own[outcome] ?? 0) + calls
  }
  const spans = ended.map((own, span) => ({
    since: new Date(bordersMs[span]!).toISOString(),
    until: new Date(bordersMs[span + 1]!).toISOString(),
    ended: own,
    running: running[span]!,
  }))
  return { from, spans }
}
