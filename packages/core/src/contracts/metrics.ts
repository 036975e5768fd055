/**
 * Counters and measurements that a person can see (`/metrics`, the call record, the once-a-second line).
 * Names are `snake_case` with their unit (`_ms`, `_bytes`, `_total`); labels are few and of few values.
 */
export interface Metrics {
  count(name: string, by?: number, labels?: Readonly<Record<string, string>>): void
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void
  observe(name: string, value: number, labels?: Readonly<Record<string, string>>): void
}
