/** One alert as Prometheus has it. */
export interface AlertRule {
  /** `KavSlowToAnswer`. */
  readonly alert: string
  readonly expr: string
  /** How long it must hold. Absent: it fires at once. */
  readonly forMinutes?: number
  /** `page`: callers suffer now. `ticket`: in working hours. */
  readonly severity: 'page' | 'ticket'
  readonly labels?: Readonly<Record<string, string>>
  readonly summary: string
}

/** A series that alerts and dashboards are made of, worked out once for all of them. */
export interface RecordingRule {
  readonly record: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
}

export interface RuleGroup {
  readonly name: string
  readonly rules: readonly (AlertRule | RecordingRule)[]
}
