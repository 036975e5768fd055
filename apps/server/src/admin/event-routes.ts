import { Type } from '@kav/core'
import {
  CALL_CHANGE,
  type CallChange,
  ENDED,
  LEVEL,
  LIVE_CALL,
  LIVE_CALL_DETAIL,
  LIVE_EVENT,
} from '../live/live-call.ts'
import { watchAllCalls } from '../live/watch-all-calls.ts'
import { type ApiRoute, eventsRoute } from './api/api-route.ts'
import type { EventStream } from './api/event-stream.ts'
import type { ApiParts } from './api-parts.ts'
import { callsOf, withCallFaults } from './calls-of.ts'

/** What happens, as it happens. */
export function eventRoutes(parts: ApiParts): readonly ApiRoute[] {
  return [
    eventsRoute({
      method: 'GET',
      path: '/api/events',
      summary: 'Calls as they begin and end, of all processes and nodes',
      faults: ['not-ready', 'no-room'],
      events: {
        snapshot: Type.Object({ calls: Type.Array(LIVE_CALL) }, { additionalProperties: false }),
        call: CALL_CHANGE,
      },
      async start(_request, stream) {
        const { clock, state } = parts
        const calls = callsOf(parts)
        // What changes while the snapshot is made comes behind it.
        const early: CallChange[] = []
        let tell = (change: CallChange): void => void early.push(change)
        stream.onClose(watchAllCalls(calls, state.directory!, clock, (change) => tell(change)))
        stream.send('snapshot', { calls: await calls.list() })
        tell = (change) => stream.send('call', change)
        for (const change of early) tell(change)
      },
    }),
    eventsRoute({
      method: 'GET',
      path: '/api/calls/{id}/events',
      summary: 'What happens in one call, and five times a second how loud it is and what was heard',
      faults: ['unknown-call', 'node-lost', 'no-answer', 'not-ready', 'no-room'],
      events: { snapshot: LIVE_CALL_DETAIL, event: LIVE_EVENT, level: LEVEL, ended: ENDED },
      async start({ params }, stream) {
        const { detail, news } = await withCallFaults(callsOf(parts).watch(params['id']!))
        stream.onClose(() => void news.return?.())
        stream.send('snapshot', detail)
        await sendNews(news, stream)
      },
    }),
  ]
}

/** Ends with the call, and where the process that has it is gone: who watches is told that, too. */
async function sendNews(
  news: AsyncIterable<readonly { readonly type: string }[]>,
  stream: EventStream,
): Promise<void> {
  let ended = false
  try {
    for await (const some of news) {
      for (const { type, ...data } of some) {
        ended ||= type === 'ended'
        stream.send(type, data)
      }
      if (!stream.isOpen) return
    }
  } catch {
    // Gone: there is nothing more to be told.
  }
  if (!ended) stream.send('ended', { endedBy: 'unknown', durationMs: 0 })
  stream.end()
}
