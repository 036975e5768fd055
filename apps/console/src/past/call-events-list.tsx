import type { RecordedEvent } from '@kav/client'
import { clockOf } from '../text/format.ts'
import type { Player } from './player.ts'

/** All that is kept of what happened, for whoever looks for a cause. */
export function CallEvents({ events, player }: { events: readonly RecordedEvent[]; player: Player }) {
  if (events.length === 0) return null
  return (
    <details class="panel events">
      <summary>
        Events <span class="soft number">{events.length}</span>
      </summary>
      <ol>
        {events.map(({ event, atMs, fields }, index) => (
          <li key={index}>
            <button class="event-at number" type="button" onClick={() => player.seek(atMs)}>
              {clockOf(atMs)}.{String(Math.floor(atMs % 1000)).padStart(3, '0')}
            </button>
            <code>{event}</code>
            <code class="soft">{Object.keys(fields).length === 0 ? '' : JSON.stringify(fields)}</code>
          </li>
        ))}
      </ol>
    </details>
  )
}
