import type { Figures } from '@kav/client'
import { momentOf } from '../text/format.ts'

const TOTALS = [
  { total: 'callsBegun', name: 'Calls begun', bad: false },
  { total: 'callerTurns', name: 'Turns of callers', bad: false },
  { total: 'interruptions', name: 'Interruptions', bad: false },
  { total: 'callsRefused', name: 'Calls refused', bad: true },
  { total: 'promisesExpired', name: 'Promised calls that never came', bad: true },
  { total: 'callsGivenUp', name: 'Calls given up', bad: true },
  { total: 'callsLost', name: 'Calls lost with their worker', bad: true },
  { total: 'underruns', name: 'Gaps that callers heard', bad: true },
  { total: 'callerFramesLost', name: 'Frames of callers lost', bad: true },
  { total: 'agentFramesLost', name: 'Frames of the agent lost', bad: true },
  { total: 'modelFailures', name: 'Model requests failed', bad: true },
  { total: 'speechFailures', name: 'Clauses not spoken', bad: true },
  { total: 'recognitionsLost', name: 'Recognitions lost', bad: true },
  { total: 'toolFailures', name: 'Tools failed or late', bad: true },
  { total: 'recordsLost', name: 'Files of calls not written', bad: true },
  { total: 'storeCallsLost', name: 'Calls in no store', bad: true },
] as const satisfies readonly { total: keyof Figures['totals']; name: string; bad: boolean }[]

export function Totals({ figures }: { figures: Figures }) {
  return (
    <section class="panel" aria-labelledby="totals-title">
      <header>
        <h2 id="totals-title">Since the process began</h2>
        <span class="soft number">{momentOf(figures.since)}</span>
      </header>
      <dl class="body totals">
        {TOTALS.map(({ total, name, bad }) => (
          <div key={total}>
            <dt>{name}</dt>
            <dd class={`number ${bad && figures.totals[total] > 0 ? 'warned' : ''}`}>
              {figures.totals[total].toLocaleString()}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
