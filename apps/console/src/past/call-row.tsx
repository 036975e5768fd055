import { memo } from 'preact/compat'
import type { CallSummary } from '@kav/client'
import { Parties } from '../conversation/parties.tsx'
import { goTo } from '../routing/current-route.ts'
import { fragmentOf } from '../routing/route.ts'
import { clockOf, latencyOf, minuteOf, moneyOf, wordsOf } from '../text/format.ts'

interface CallRowProps {
  readonly call: CallSummary
  readonly row: number
  readonly topPx: number
  readonly isActive: boolean
  readonly onActive: (row: number) => void
}

/** From here on a caller has noticed. */
const SLOW_MS = 1500

function endOf({ state, outcome, reason }: CallSummary): string {
  if (state === 'torn') return 'Torn off'
  if (reason !== undefined) return `Refused: ${wordsOf(reason).toLowerCase()}`
  return outcome === undefined ? 'Running' : wordsOf(outcome)
}

/** One call; drawn anew only when it is another one, or the focus comes or goes. */
export const CallRow = memo(({ call, row, topPx, isActive, onActive }: CallRowProps) => {
  const { slowestMs, cost } = call
  return (
    <div
      class="call-row"
      role="row"
      aria-rowindex={row + 2}
      tabIndex={isActive ? 0 : -1}
      style={{ top: `${topPx}px` }}
      onFocus={() => onActive(row)}
      onClick={(event) => {
        // The link goes by itself, and elsewhere with Ctrl.
        if (!(event.target as Element).closest('a')) goTo({ page: 'call', id: call.id })
      }}
    >
      <span role="gridcell" class="when number">
        {minuteOf(call.startedAt)}
      </span>
      <span role="gridcell" class="who-whom may-be-long">
        <a href={fragmentOf({ page: 'call', id: call.id })} tabIndex={-1}>
          <Parties call={call} />
        </a>
      </span>
      <span role="gridcell" class="may-be-long">
        <bdi>{call.pipeline}</bdi>
      </span>
      <span
        role="gridcell"
        class={`outcome ${call.state === 'torn' || call.reason !== undefined ? 'warned' : ''}`}
      >
        {endOf(call)}
      </span>
      <span role="gridcell" class="end number">
        {clockOf(call.durationMs)}
      </span>
      <span role="gridcell" class="end number">
        {call.turns}
      </span>
      <span role="gridcell" class={`end number ${(slowestMs ?? 0) >= SLOW_MS ? 'warned' : ''}`}>
        {slowestMs === undefined ? '–' : latencyOf(slowestMs)}
      </span>
      <span role="gridcell" class="end number">
        {cost === undefined ? '–' : moneyOf(cost, call.currency ?? 'USD')}
      </span>
    </div>
  )
})
