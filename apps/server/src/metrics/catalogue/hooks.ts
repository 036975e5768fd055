import { counter, histogram, type MetricStatements } from './statement.ts'

/** Services of the operator's that are asked and told of calls. */
export const HOOK_METRICS: MetricStatements = {
  kav_before_call_total: counter(
    'Calls by what `before_call` said: `ok`, `refused`; `failed` and `timeout`; `down`, it was not asked since it failed before; `busy`, 200 calls wait for it already.',
    { labels: ['outcome'], alert: 'a rate of `failed`, `timeout`, `down`, `busy`' },
  ),
  kav_before_call_seconds: histogram('How long callers waited for `before_call`.', {
    alert: '95th percentile near `timeout_ms`',
  }),
  kav_before_call_faults_total: counter(
    'Parts of its answers that could not be used; the log says which and what to do.',
    { alert: 'any' },
  ),
  kav_after_call_fields_total: counter('Calls whose fields the llm `filled`, or `failed` to.', {
    labels: ['outcome'],
    alert: 'a rate of `failed`',
  }),
  kav_on_event_sent_total: counter('Events that `on_event` has taken.'),
  kav_on_event_dropped_total: counter(
    'Events it was not told: `full`, more waited than `max_queue`; `failed`, it did not take them.',
    { labels: ['reason'], alert: 'any' },
  ),
}
