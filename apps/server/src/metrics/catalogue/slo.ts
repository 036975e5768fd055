import { counter, gauge, type MetricStatements } from './statement.ts'

/** What a pipeline promises in its `slo`. */
export const SLO_METRICS: MetricStatements = {
  kav_slo_objective: gauge(
    'What `slo` of the file promises ([objectives](operating.md#objectives)): `availability` as a share, `answers` in seconds, `first_words` as a share, `gaps` a minute.',
    { labels: ['slo'] },
  ),
  kav_slo_allowed: gauge('Bad ones that are allowed for each that is counted: the error budget.', {
    labels: ['slo'],
  }),
  kav_slo_events_total: counter(
    'What is counted: calls (`availability`, `first_words`), `answers`, minutes of calls (`gaps`).',
    { labels: ['slo'] },
  ),
  kav_slo_bad_total: counter('Those of them that were bad; of `gaps`, how many were heard.', {
    labels: ['slo'],
    alert: 'how fast the budget is used up: `kav alerts`',
  }),
}
