import { counter, gauge, type MetricStatements } from './statement.ts'

/** Figures of prom-client for every process of Node.js, as far as the manual, the alerts or the dashboard name them. */
export const NODE_METRICS: MetricStatements = {
  nodejs_eventloop_lag_p99_seconds: gauge('How late this process is.', {
    alert: 'above 0.05: too many calls for the core',
  }),
  process_cpu_seconds_total: counter('Time of the processor that the process used.'),
  process_resident_memory_bytes: gauge('Memory of the process.'),
  process_open_fds: gauge('Open files of the process.', { alert: 'near `process_max_fds`' }),
  process_max_fds: gauge('How many it may open.'),
}
