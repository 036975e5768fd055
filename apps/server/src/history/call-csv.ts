import type { StoredCall } from '@kav/core'

const COLUMNS = [
  'id',
  'started_at',
  'state',
  'pipeline',
  'version',
  'node',
  'direction',
  'from',
  'to',
  'duration_ms',
  'outcome',
  'reason',
  'turns',
  'slowest_ms',
  'cost',
  'currency',
  'recording',
  'transcript',
] as const

export const csvHead = (): string => COLUMNS.join(',')

/** One line of RFC 4180, whose texts a spreadsheet takes for no formula. */
export function csvLine(call: StoredCall): string {
  const said = (call.words?.lines ?? []).map(({ who, text }) => `${who}: ${text}`).join('\n')
  const cells: Readonly<Record<(typeof COLUMNS)[number], string | number | undefined>> = {
    id: call.id,
    started_at: new Date(call.startedAtMs).toISOString(),
    state: call.state,
    pipeline: call.pipeline,
    version: call.version,
    node: call.node,
    direction: call.direction,
    from: call.from,
    to: call.to,
    duration_ms: call.durationMs,
    outcome: call.outcome,
    reason: call.reason,
    turns: call.turns,
    slowest_ms: call.slowestMs,
    cost: call.cost,
    currency: call.currency,
    recording: call.recording,
    transcript: said,
  }
  return COLUMNS.map((name) => cell(cells[name])).join(',')
}

/** What callers say is written by strangers. A number that begins with + is text, too: it is a telephone's. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
