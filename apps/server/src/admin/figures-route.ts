import { type Static, Type } from '@kav/core'
import { sharedAnswer } from '../http/shared-answer.ts'
import type { Figures } from '../metrics.ts'
import { type ApiRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { PROVIDER_STATE } from './pipeline-routes.ts'
import { readinessDetail, type ServiceState } from './readiness.ts'
import { LATENCY_HISTOGRAM, latencyHistograms } from './figures/latency-histograms.ts'
import { OUTCOMES, outcomesOverTime, SPAN_QUERY } from './outcomes-over-time.ts'
import { TOTALS_SCHEMA, totalsOf } from './figures/totals.ts'

const Closed = { additionalProperties: false } as const

const PIPELINE = Type.Object(
  {
    name: Type.String(),
    running: Type.Integer(),
    promised: Type.Integer({ description: 'Announced to the carrier, and not there yet.' }),
    free: Type.Optional(
      Type.Integer({ description: 'For how many more there is room here; absent where there is no limit.' }),
    ),
    able: Type.Boolean({ description: 'Every stage has a provider that may work.' }),
    refusing: Type.Optional(Type.String({ description: 'Why a new call would be refused now.' })),
    providers: Type.Array(PROVIDER_STATE),
  },
  { $id: 'PipelineFigures', ...Closed },
)

const FIGURES = Type.Object(
  {
    at: Type.String({ description: 'ISO 8601.' }),
    since: Type.String({
      description: 'When the process began: latencies and totals are of the time since.',
    }),
    ready: Type.Boolean(),
    reason: Type.Optional(Type.String({ description: 'Why it is not ready: `starting`, `full`, …' })),
    running: Type.Integer({ description: 'Calls now, those counted that end on a file that was replaced.' }),
    promised: Type.Integer(),
    pipelines: Type.Array(PIPELINE),
    latency: Type.Array(LATENCY_HISTOGRAM),
    totals: TOTALS_SCHEMA,
    outcomes: Type.Optional(OUTCOMES),
  },
  { $id: 'Figures', ...Closed },
)

/** Adding up what all workers have counted is work. */
const COUNTED_EVERY_MS = 1000

/** How the service does as a whole: one answer, of all its processes. */
export function figuresRoute(parts: Pick<ApiParts, 'state' | 'clock' | 'figures'>): ApiRoute {
  const { state, clock } = parts
  const since = new Date(clock.wallMs()).toISOString()
  const counted = sharedAnswer(clock, COUNTED_EVERY_MS, async () => countedOf(await parts.figures()))
  return jsonRoute({
    method: 'GET',
    path: '/api/figures',
    summary: 'How the service does: calls, latencies, providers, what was lost; with `by`, how calls ended',
    query: SPAN_QUERY,
    answer: FIGURES,
    faults: ['not-ready'],
    async handle({ query }) {
      const [figures, outcomes] = await Promise.all([counted(), outcomesOverTime(query, parts)])
      return {
        at: new Date(clock.wallMs()).toISOString(),
        since,
        ...liveFigures(state),
        ...figures,
        ...(outcomes && { outcomes }),
      }
    },
  })
}

function countedOf(figures: Figures): Pick<Static<typeof FIGURES>, 'latency' | 'totals'> {
  return { latency: [...latencyHistograms(figures)], totals: totalsOf(figures) }
}

function liveFigures(state: ServiceState) {
  const { ready, reason, calls, promised_calls: promised, pipelines } = readinessDetail(state)
  return {
    ready,
    ...(reason !== undefined && { reason }),
    running: calls,
    promised,
    pipelines: pipelines.map((one) => ({
      name: one.name,
      running: one.calls,
      promised: one.promised_calls,
      ...(one.free_calls !== undefined && { free: one.free_calls }),
      able: one.able,
      ...(one.refusing !== undefined && { refusing: one.refusing }),
      providers: [...one.providers],
    })),
  }
}
