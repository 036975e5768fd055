import type { SeenEvent } from './live-call-state.ts'
import { clockOf, wordsOf } from '../text/format.ts'

/** What went wrong or was done in a running call, the latest first. */
export function Notices({ events }: { events: readonly SeenEvent[] }) {
  if (events.length === 0) return null
  return (
    <section class="panel" aria-labelledby="notices-title">
      <header>
        <h2 id="notices-title">What happened</h2>
      </header>
      <ol class="body notices" reversed>
        {events.toReversed().map((event) => (
          <li key={`${event.event}-${event.atMs}`}>
            <span class="soft number">{clockOf(event.atMs)}</span>
            <span>
              {wordsOf(event.event)} <code class="soft">{fieldsOf(event)}</code>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function fieldsOf({ fields }: SeenEvent): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
