import type { CallSummary } from '@kav/core'
import type { KeptRecord } from '../calls/kept-record.ts'
import { turnLine } from './turn-line.ts'

const HEADS = ['began (UTC)', 'length', 'from', 'to', 'ended by', 'turns', 'slowest', 'cost', 'id']

/** A table of calls, the head first. */
export function callTable(calls: readonly CallSummary[]): readonly string[] {
  const rows = [HEADS, ...calls.map(cellsOf)]
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

function cellsOf(call: CallSummary): readonly string[] {
  const { startedAtMs, durationMs, from = '-', to = '-', turns, slowestMs, cost, currency, id } = call
  return [
    timeText(startedAtMs),
    call.state === 'begun' ? 'running' : lengthText(durationMs),
    from,
    to,
    outcomeText(call),
    String(turns),
    slowestMs === undefined ? '-' : `${slowestMs} ms`,
    cost === undefined ? '-' : `${cost.toFixed(4)} ${currency ?? ''}`.trim(),
    id,
  ]
}

function outcomeText({ state, outcome = '-', reason }: CallSummary): string {
  if (reason !== undefined) return `${outcome}: ${reason}`
  return state === 'torn' ? `${outcome} (torn)` : outcome
}

/** `2026-11-28 14:03:07`, of UTC. */
export function timeText(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')
}

/** `2:07` */
function lengthText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** All that a person wants to know of one call. */
export function recordLines(record: KeptRecord): readonly string[] {
  const { callId, pipeline, pipelineVersion = '', direction, from = '-', to = '-', cost } = record
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['call', `${callId}, ${direction === 'in' ? 'in' : 'out'}, from ${from} to ${to}`],
    [
      'pipeline',
      (`${pipeline} ${pipelineVersion}`.trim() || '-') +
        (record.node === undefined ? '' : ` on ${record.node}`),
    ],
    [
      'began',
      `${record.startedAt}, ${lengthText(record.durationMs)}, ended by ${record.endedBy || 'nobody yet'}`,
    ],
    ['refused', record.refused && `${record.refused.reason}; the caller got: ${record.refused.instead}`],
    ['incomplete', record.incomplete?.join(', ')],
    ['recording', record.recording],
    ['cost', cost && `${cost.total.toFixed(6)} ${cost.currency}${missingPrices(cost.unpriced)}`],
  ]
  return [
    ...facts.flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(10)}  ${text}`])),
    ...record.stages.map(({ kind, answered, fallbacks }) => {
      const fell = fallbacks.map((one) => `${one.from} → ${one.to} at ${seconds(one.atMs)} (${one.why})`)
      return `${kind.padEnd(10)}  ${[answered.join(', '), ...fell].join('; ')}`
    }),
    '',
    ...record.transcript.map(({ atMs, who, text, heard }) => {
      const cut = heard !== undefined && heard !== text ? ` [heard: ${heard === '' ? 'nothing' : heard}]` : ''
      return `${seconds(atMs)}  ${who.padEnd(6)}  ${text}${cut}`
    }),
    ...(record.turns.length > 0 ? [''] : []),
    ...record.turns.map(turnLine),
    ...(record.tools.length > 0 ? [''] : []),
    ...record.tools.map((call) => {
      const took = call.durationMs === undefined ? 'no end' : `${call.durationMs} ms`
      return `${seconds(call.atMs)}  ${call.failed ? 'failed ' : ''}${call.tool}(${call.arguments ?? ''}) → ${call.result ?? ''} (${took})`
    }),
  ]
}

function missingPrices(unpriced: readonly string[]): string {
  return unpriced.length === 0 ? '' : `, without ${unpriced.join(', ')}`
}

function seconds(atMs: number): string {
  return `${(atMs / 1000).toFixed(1).padStart(6)} s`
}
