import type { OutcomeSpan } from '@kav/client'
import type { ThemeColour } from '../charts/colours.ts'

/** Outcomes that are shown as one. */
export interface OutcomeGroup {
  readonly key: string
  readonly name: string
  readonly colour: ThemeColour
  /** Calls of one span. */
  readonly countOf: (span: OutcomeSpan) => number
}

const NAMED = [
  { key: 'caller', name: 'Caller hung up', colour: 'accent', outcomes: ['caller'] },
  { key: 'agent', name: 'Agent hung up', colour: 'caller', outcomes: ['agent'] },
  { key: 'transferred', name: 'Transferred', colour: 'good', outcomes: ['transferred'] },
  { key: 'operator', name: 'Ended by an operator', colour: 'ink-soft', outcomes: ['operator'] },
  { key: 'refused', name: 'Refused', colour: 'ink', outcomes: ['refused'] },
  { key: 'cut', name: 'Cut short', colour: 'warn', outcomes: ['limit', 'shutdown', 'rejected'] },
  {
    key: 'failed',
    name: 'Failed',
    colour: 'danger',
    outcomes: ['failure', 'gave-up', 'transport-error', 'killed'],
  },
] as const

const NAMED_OUTCOMES: ReadonlySet<string> = new Set(NAMED.flatMap(({ outcomes }) => outcomes))

/** From the bottom of the chart to its top. */
export const OUTCOME_GROUPS: readonly OutcomeGroup[] = [
  ...NAMED.map(({ outcomes, ...group }) => ({
    ...group,
    countOf: ({ ended }: OutcomeSpan) => outcomes.reduce((sum, one) => sum + (ended[one] ?? 0), 0),
  })),
  {
    key: 'other',
    name: 'Other',
    colour: 'unheard',
    countOf: ({ ended }) =>
      Object.entries(ended).reduce((sum, [one, calls]) => sum + (NAMED_OUTCOMES.has(one) ? 0 : calls), 0),
  },
  { key: 'running', name: 'Not ended', colour: 'line-strong', countOf: ({ running }) => running },
]

/** Those that have a call, in the same order. */
export function groupsIn(spans: readonly OutcomeSpan[]): readonly OutcomeGroup[] {
  return OUTCOME_GROUPS.filter((group) => spans.some((span) => group.countOf(span) > 0))
}

export function callsIn(span: OutcomeSpan): number {
  return OUTCOME_GROUPS.reduce((sum, group) => sum + group.countOf(span), 0)
}

/** For who draws bars on each other: the highest first, so that what is lower is drawn over it. */
export function stackedColumns(
  spans: readonly OutcomeSpan[],
  groups: readonly OutcomeGroup[],
): readonly (readonly number[])[] {
  return groups
    .map((_group, top) =>
      spans.map((span) => groups.slice(0, top + 1).reduce((sum, group) => sum + group.countOf(span), 0)),
    )
    .reverse()
}
