import { counter, gauge, type MetricStatements } from './statement.ts'

const labels = ['outbox'] as const

/** Outboxes: what must reach somebody who may be away. */
export const OUTBOX_METRICS: MetricStatements = {
  kav_outbox_waiting: gauge('Items that [wait](operating.md#what-waits-for-others) to be delivered.', {
    labels,
    alert: 'when it grows',
  }),
  kav_outbox_waiting_bytes: gauge('Their bytes.', { labels }),
  kav_outbox_accepted_total: counter('Items put.', { labels }),
  kav_outbox_adopted_total: counter('Items taken over from processes that are gone.', { labels }),
  kav_outbox_ended_total: counter(
    'Items no longer waited for: `delivered`; `dropped`, newer ones needed the room; `dead`, given up; `elsewhere`, another process took this one for dead and has them.',
    { labels: ['outbox', 'outcome'], alert: '`dropped`, `dead`' },
  ),
  kav_outbox_refused_total: counter('Items that were not taken, since there was no room.', {
    labels,
    alert: 'any',
  }),
  kav_outbox_tries_failed_total: counter('Deliveries that failed and are tried again.', {
    labels,
    alert: 'a rate',
  }),
  kav_outbox_disk_failed_total: counter(
    'Operations on its folder that failed; items are in memory alone meanwhile.',
    { labels, alert: 'any' },
  ),
}
