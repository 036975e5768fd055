import { counter, type MetricStatements } from './statement.ts'

/** What is written of calls. */
export const FILE_METRICS: MetricStatements = {
  kav_call_files_failed_total: counter(
    'Transcripts and records that could not be written; the log says which and why.',
    { alert: 'any' },
  ),
  kav_call_files_shortened_total: counter(
    'Records written without their events, on a disk that had no room for more.',
    { alert: 'any' },
  ),
  kav_call_journals_failed_total: counter(
    'Journals that could not be written: were the process killed, these calls would leave no record.',
    { alert: 'any' },
  ),
  kav_killed_calls_completed_total: counter(
    'Calls of a process that died, completed at a start of this one.',
    { alert: 'any' },
  ),
  kav_killed_calls_failed_total: counter('Calls of a process that died, still waiting to be completed.', {
    alert: 'any',
  }),
  kav_recordings_failed_total: counter(
    'Recordings that could not be written to their end; the log says which and why.',
    { alert: 'any' },
  ),
  kav_recording_dropped_seconds_total: counter(
    'Sound that is not in a recording: `slow_disk`, `failed`, `too_large` (4 GiB), `out_of_time` (sent faster than it can be said).',
    { labels: ['reason'], alert: 'any' },
  ),
  kav_recordings_toned_total: counter('Recordings with a tone over something private (`redact`).'),
  kav_recordings_withheld_total: counter(
    'Recordings that are not kept, since something private could not be taken out of them; the log says why.',
    { alert: 'any' },
  ),
  kav_recordings_uploaded_total: counter(
    'Recordings that are where `record.upload` says. What waits and what failed stands in `kav_outbox_*{outbox="recordings"}`.',
  ),
  kav_recordings_not_kept_total: counter(
    'Tries after which a bucket said that it took a recording and did not have it: it stays in the folder, and is tried again. The address of `record.upload` is of no bucket, perhaps.',
    { alert: 'any' },
  ),
  kav_recordings_removed_total: counter(
    'Recordings taken away from where they were brought, by `keep` or by an erasure.',
  ),
  kav_recordings_out_of_reach_total: counter(
    'Recordings that must go, and that no pipeline brings to that place any more: one line each says which.',
    { alert: 'any' },
  ),
  kav_recordings_left_behind_total: counter(
    'Uploaded recordings that could not be taken out of the folder.',
    { alert: 'any' },
  ),
  kav_storage_given_up_total: counter(
    'Operations on files that were not done within 10 s, their turn included, or for which too many waited.',
    { alert: 'any' },
  ),
}
