import { useEffect, useMemo } from 'preact/hooks'
import type { LiveCall } from '@kav/client'
import { Parties } from '../conversation/parties.tsx'
import { fragmentOf } from '../routing/route.ts'
import { currentSecond } from '../shell/now.ts'
import { Page } from '../shell/page.tsx'
import { LineLost, Problem } from '../shell/problem.tsx'
import { clockOf } from '../text/format.ts'
import { openLiveCalls } from './live-calls.ts'
import { Speaking } from './speaking.tsx'
import './live.css'

/** The calls that are running. */
export default function LivePage() {
  const end = useMemo(() => new AbortController(), [])
  const { calls, line, refused } = useMemo(() => openLiveCalls(end.signal), [])
  useEffect(() => () => end.abort(), [])
  const running = calls.value
  return (
    <Page
      title="Live calls"
      aside={
        <span class="soft" role="status">
          {running === undefined ? 'Asking the server…' : countOf(running.length)}
        </span>
      }
    >
      {refused.value && <Problem error={refused.value} />}
      {line.value === 'lost' && <LineLost />}
      {running?.length === 0 && (
        <div class="panel empty">
          <p>No call is running.</p>
          <p>
            <a href="#/phone">Talk to a pipeline</a> or <a href="#/calls">look at calls that are over</a>.
          </p>
        </div>
      )}
      {running !== undefined && running.length > 0 && <LiveTable calls={running} />}
    </Page>
  )
}

function countOf(calls: number): string {
  return calls === 1 ? '1 call' : `${calls} calls`
}

function LiveTable({ calls }: { calls: readonly LiveCall[] }) {
  return (
    <div class="panel scrolls">
      <table class="rows">
        <caption class="only-heard">Calls that are running, those that began last first</caption>
        <thead>
          <tr>
            <th scope="col">Caller and called</th>
            <th scope="col">Speaking</th>
            <th scope="col">Pipeline</th>
            <th scope="col" class="end">
              Turn
            </th>
            <th scope="col" class="end">
              Time
            </th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <LiveRow key={call.id} call={call} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function LiveRow({ call }: { call: LiveCall }) {
  return (
    <tr>
      <th scope="row">
        <a href={fragmentOf({ page: 'live-call', id: call.id })}>
          <Parties call={call} />
        </a>
      </th>
      <td>
        <Speaking call={call} />
      </td>
      <td>
        <bdi>{call.pipeline}</bdi>
      </td>
      <td class="end number">{call.turn ?? '–'}</td>
      <td class="end number">
        <Running since={call.startedAt} />
      </td>
      <td class="soft">
        <bdi>
          {[call.node, call.worker === undefined ? undefined : `worker ${call.worker}`]
            .filter(Boolean)
            .join(', ')}
        </bdi>
      </td>
    </tr>
  )
}

/** A part of its own: it alone is written anew every second. */
function Running({ since }: { since: string }) {
  return <>{clockOf(currentSecond.value - Date.parse(since))}</>
}
