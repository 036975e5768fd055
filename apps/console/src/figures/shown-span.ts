/** How far back calls are counted, and in what. */
export interface ShownSpan {
  readonly key: string
  readonly name: string
  readonly by: 'hour' | 'day'
  readonly count: number
}

const SPANS = [
  { key: 'day', name: 'Last 24 hours', by: 'hour', count: 24 },
  { key: 'week', name: 'Last 7 days', by: 'day', count: 7 },
  { key: 'month', name: 'Last 30 days', by: 'day', count: 30 },
  { key: 'quarter', name: 'Last 90 days', by: 'day', count: 90 },
] as const satisfies readonly ShownSpan[]

export const SHOWN_SPANS: readonly ShownSpan[] = SPANS

/** As the page's address names it. */
export function spanOf(key: string | null): ShownSpan {
  return SPANS.find((span) => span.key === key) ?? SPANS[0]
}

const LENGTH_MS = { hour: 3_600_000, day: 86_400_000 }

/** What the server is asked for: the hour or day that is not over is one of them. */
export function spanQuery({ by, count }: ShownSpan, pipeline: string | undefined): URLSearchParams {
  const nowMs = Date.now()
  return new URLSearchParams({
    by,
    since: new Date(nowMs - (count - 1) * LENGTH_MS[by]).toISOString(),
    until: new Date(nowMs + 1).toISOString(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(pipeline !== undefined && { pipeline }),
  })
}

const HOUR = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: 'numeric', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' })

export function nameOf(by: ShownSpan['by'], since: string): string {
  return (by === 'hour' ? HOUR : DAY).format(new Date(since))
}
