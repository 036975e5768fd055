import type { CallPage, CallSummary } from '@kav/client'

const OUTCOMES = ['agent', 'caller', 'caller', 'transferred', 'idle'] as const
const PIPELINES = ['front-desk', 'front-desk-he', 'reminders'] as const
const FIRST_MS = Date.parse('2026-03-03T16:00:00.000Z')
const MINUTE_MS = 60_000

/** Calls that are told apart by their number, one every few minutes, the newest first. */
export function manySummaries(count: number): readonly CallSummary[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `CA-${String(index).padStart(5, '0')}`,
    startedAt: new Date(FIRST_MS - index * 3 * MINUTE_MS).toISOString(),
    pipeline: PIPELINES[index % PIPELINES.length]!,
    direction: index % 7 === 0 ? 'out' : 'in',
    from: `+1500555${String(1000 + (index % 9000))}`,
    to: '+15005550001',
    durationMs: 20_000 + ((index * 7919) % 400_000),
    outcome: OUTCOMES[index % OUTCOMES.length]!,
    state: 'ended',
    turns: 1 + (index % 12),
    slowestMs: 400 + ((index * 331) % 2400),
    cost: 0.004 + (index % 90) / 1000,
    currency: 'USD',
    ...(index % 3 !== 0 && { recording: `recordings/${index}.wav` }),
  }))
}

/** As the server does it, of what the list shows. */
export function searchHistory(all: readonly CallSummary[], query: URLSearchParams): CallPage {
  const limit = Number(query.get('limit') ?? 100)
  const from = Number(query.get('cursor') ?? 0)
  const found = all.filter((call) => matches(call, query))
  const end = from + limit
  return { calls: found.slice(from, end), ...(end < found.length && { next: String(end) }) }
}

function matches(call: CallSummary, query: URLSearchParams): boolean {
  for (const name of ['from', 'to', 'outcome', 'pipeline'] as const)
    if (query.has(name) && call[name] !== query.get(name)) return false
  const [since, until] = [query.get('since'), query.get('until')]
  if (since !== null && call.startedAt < new Date(since).toISOString()) return false
  if (until !== null && call.startedAt >= new Date(until).toISOString()) return false
  if (query.has('slow') && (call.slowestMs ?? 0) < Number(query.get('slow'))) return false
  return !query.has('text') || (query.get('text') === 'weasels' && call.id === 'CA-plain')
}
