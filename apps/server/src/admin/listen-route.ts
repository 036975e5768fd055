import { Type } from '@kav/core'
import type { WebSocket } from 'ws'
import { operatorName } from './api/operator-name.ts'
import { type ApiRoute, socketRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { callsOf, withCallFaults } from './calls-of.ts'

/** What a listener who does not read may leave waiting: two seconds of both sides, and he is two seconds behind. */
const MAX_UNREAD_BYTES = 2 * 2 * 50 * 161
const SIDES = { caller: 0, agent: 1 } as const

/** Both sides of a call, to be heard. */
export function listenRoute(parts: ApiParts): ApiRoute {
  return socketRoute({
    method: 'GET',
    path: '/api/calls/{id}/listen',
    summary: 'Hears both sides of a call',
    query: Type.Object(
      {
        by: Type.Optional(
          Type.String({ maxLength: 64, description: 'Who listens: browsers can set no header.' }),
        ),
      },
      { additionalProperties: false },
    ),
    messages:
      'Binary messages: one byte that says who is heard (0 the caller, 1 the agent), and 160 bytes of mu-law at 8 kHz, 20 ms. The agent’s come as they are sent, up to the line’s lead before the caller hears them. Closed with 1000 when the call ends.',
    faults: ['unknown-call', 'call-over', 'node-lost', 'no-answer', 'not-ready', 'no-room'],
    async accept({ params, query, by }) {
      const news = await withCallFaults(
        callsOf(parts).listen(params['id']!, query.by === undefined ? by : operatorName(query.by)),
      )
      return (socket) => {
        socket.on('close', () => void news.return?.())
        void sendFrames(news, socket, () => parts.metrics.count('listen_frames_dropped_total'))
      }
    },
  })
}

async function sendFrames(
  news: AsyncIterable<readonly unknown[]>,
  socket: WebSocket,
  onDropped: () => void,
): Promise<void> {
  try {
    for await (const frames of news) {
      for (const frame of frames as readonly { side: keyof typeof SIDES; bytes: Uint8Array }[]) {
        if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
          onDropped()
          continue
        }
        const message = new Uint8Array(1 + frame.bytes.length)
        message[0] = SIDES[frame.side]
        message.set(frame.bytes, 1)
        socket.send(message)
      }
      if (socket.readyState !== socket.OPEN) return
    }
  } catch {
    // Gone: there is nothing more to be heard.
  }
  socket.close(1000, 'the call is over')
}
