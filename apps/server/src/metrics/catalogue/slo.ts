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
  kav_slo_window_events: gauge(
    'What was counted in the last 5 minutes, hour or six hours, as `kav_slo_events_total` counts it.',
    {
      labels: ['slo', 'window'],
    },
  ),
  kav_slo_window_bad: gauge('What of it was bad.', { labels: ['slo', 'window'] }),
  kav_slo_burn_rate: gauge(
    'How fast the error budget was used up in them, told every 10 s: 1 is as fast as the objective allows. Of the processes of one machine together; it begins anew with the service. Absent where nothing bad is allowed.',
    {
      labels: ['slo', 'window'],
      alert: 'above 14.4 in `1h` and `5m`; `kav alerts` asks the counters, which outlive a process',
    },
  ),
  kav_slo_events_total: counter(
    'What is counted: calls (`availability`, `first_words`), `answers`, minutes of calls (`gaps`).',
    { labels: ['slo'] },
  ),
  kav_slo_bad_total: counter('Those of them that were bad; of `gaps`, how many were heard.', {
    labels: ['slo'],
    alert: 'how fast the budget is used up: `kav alerts`',
  }),
}
