import { counter, gauge, histogram, type MetricStatements } from './statement.ts'

const part = { labels: ['part'] }

/** The history of calls. */
export const HISTORY_METRICS: MetricStatements = {
  kav_store_calls_written_total: counter(
    'Calls put into a [store](call-history.md), when they begin and when they are over.',
  ),
  kav_store_waiting_calls: gauge('Calls that wait for the next batch.', { alert: 'when it grows' }),
  kav_stores_away: gauge(
    'Stores that take no calls now: these wait in the outbox `store`. `/readyz` of the admin port says it of each.',
    { alert: 'above 0' },
  ),
  kav_store_put_seconds: histogram('How long the store takes for a batch.'),
  kav_store_batches_failed_total: counter(
    'Batches that the store did not take: their calls wait in the outbox `store`.',
    { alert: 'any' },
  ),
  kav_store_calls_refused_total: counter('Calls that the store will never take; one line each says which.', {
    alert: 'any',
  }),
  kav_store_calls_lost_total: counter(
    'Calls for which there was no room in the outbox either. Their files are there all the same.',
    { alert: 'any' },
  ),
  kav_refused_calls_unkept_total: counter(
    'Callers who were refused and have no record of it: `rate`, there were too many at once; `store`, too much waits for the store as it is. `kav_calls_refused_total` has them all.',
    { labels: ['why'] },
  ),
  kav_store_calls_torn_total: counter(
    'Calls in the store that had begun and whose process is gone, marked as torn.',
    { alert: 'any' },
  ),
  kav_store_calls_orphaned_total: counter(
    'Calls of a worker whose parent was gone, left in the outbox of their store for the next service.',
    { alert: 'any' },
  ),
  kav_history_erased_at_end_total: counter(
    'Calls that were to be erased while they ran, and were when they ended.',
  ),
  kav_store_files_gone_total: counter(
    'The file of a store was taken away or replaced while it was open; calls go into what is at its place now.',
    { alert: 'any' },
  ),
  kav_retention_calls_erased_total: counter(
    'Calls of which `keep` had something erased from the store: `call`, `words`, `recording`.',
    part,
  ),
  kav_retention_files_erased_total: counter('Files that `keep` had erased from folders of records.', part),
  kav_retention_failed_total: counter(
    'Erasures of `keep` that failed, and are tried again within ten minutes.',
    { alert: 'any' },
  ),
}
