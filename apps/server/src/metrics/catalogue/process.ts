import { counter, gauge, histogram, type MetricStatements } from './statement.ts'

/** The process, its workers, its ports and its log. */
export const PROCESS_METRICS: MetricStatements = {
  kav_worker_exits_total: counter(
    '[Workers](operating.md#all-cores-of-a-machine) that ended unasked: `SIGKILL`, `exit-3`, ….',
    { labels: ['reason'], alert: 'any' },
  ),
  kav_worker_calls_lost_total: counter('Calls that ended with their worker.', { alert: 'any' }),
  kav_worker_hangs_total: counter('Workers that were ended since they hung (`KAV_WORKER_HANGS_S`).', {
    alert: 'any',
  }),
  kav_worker_sockets_lost_total: counter(
    'Connections that a worker had [no file left](operating.md#when-there-are-too-few-open-files) for: closed.',
    { alert: 'any' },
  ),
  kav_worker_requests_unanswered_total: counter(
    'Requests whose worker did not answer, or that none had room for (16 MB that wait).',
    { alert: 'any' },
  ),
  kav_worker_starts_failed_total: counter(
    'Workers that could not follow one that ended, or did not open their files within a minute: tried again.',
    { alert: 'any' },
  ),
  kav_worker_start_seconds: histogram('From a free slot to a worker that takes calls.'),
  kav_reloads_total: counter('Files that were read anew: `taken`, `refused`.', {
    labels: ['outcome'],
    alert: '`refused`',
  }),
  kav_secrets_not_hidden_total: counter(
    'Secrets of pipelines beyond the 2,000 (or 200,000 characters) that a process hides over all its reloads.',
    { alert: 'any' },
  ),
  kav_warm_up_seconds: gauge(
    'From the providers being made until connections were up and the greeting was spoken.',
    { alert: 'near 10' },
  ),
  kav_stray_errors_total: counter('Errors that nobody caught; `unknown` where the stack tells no plugin.', {
    labels: ['kind', 'plugin'],
    alert: 'any of `unknown`, a rate of others',
  }),
  kav_process_stalls_total: counter('The process stood still for more than 250 ms (stopped, starved).', {
    alert: 'any',
  }),
  kav_process_stall_seconds_total: counter('How long it stood still.'),
  kav_clock_delays_clamped_total: counter(
    'Delays that no timer can keep (negative, not a number, beyond 24 days): a fault of Kav or a plugin.',
    { alert: 'any' },
  ),
  kav_trace_spans_exported_total: counter('Spans that the collector took ([traces](tracing.md)).'),
  kav_trace_spans_lost_total: counter(
    'Spans that nobody has: no room in the queue (`queue_full`), not taken (`collector`), left at the end of the process (`shutdown`) or of the thread of the traces (`thread`).',
    { labels: ['why'], alert: 'a rate' },
  ),
  kav_trace_events_lost_total: counter(
    'Events of traced calls that no span is made of: the thread of the traces does not keep up (`queue_full`), a field is none that can be written (`unreadable`), the thread ended (`thread`), or had not read them at the end of the process (`shutdown`).',
    { labels: ['why'], alert: 'any' },
  ),
  kav_log_lines_lost_total: counter('Lines of the log that found no room while it could not be written.', {
    alert: 'any',
  }),
  kav_log_lines_left_out_total: counter(
    'Lines of a kind that strangers can cause, beyond 5 at once and one a second; [security.md](security.md).',
    { labels: ['line'] },
  ),
  kav_foreign_lines_total: counter(
    'What plugins and their libraries printed (`console`) and warnings of Node.js, each a line of the log; `unknown` where the stack tells no plugin.',
    { labels: ['plugin'] },
  ),
  kav_output_errors_total: counter('What plugins print themselves could not be written (to standard error).'),
  kav_http_requests_refused_total: counter(
    '`unknown-path`, `method`, `too-large`, `aborted`, `no-host`, `expectation`.',
    { labels: ['reason'] },
  ),
  kav_http_connections_cut_total: counter(
    '`too-many-requests` on one connection, `unread-answers`, `too-many-connections`; `late-upgrade`, one sent behind requests whose answers did not come or with 64 KB behind it; `idle`: one of the operator’s port that asked nothing, so that a probe has room.',
    { labels: ['reason'], alert: 'a rate' },
  ),
  kav_http_upgrades_refused_total: counter(
    'Upgrades for an `unknown-path`, or passed on to another process while `draining`.',
    { labels: ['reason'], alert: 'a rate' },
  ),
  kav_http_accepts_failed_total: counter('Connections that the system could not hand over.', {
    alert: 'any',
  }),
}
