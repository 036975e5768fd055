// @ts-check
import { definePlugin } from '@kav/core'
import { createDouble } from './double.js'
import { openDoor } from './door.js'
import { params } from './params.js'

/** Each call is one WebSocket to `/line`: audio as binary messages, its name, keys and marks as JSON. */
export default definePlugin({
  contract: 1,
  kind: 'transport',
  name: 'acme-transport',
  description: 'Calls over a WebSocket; mu-law at 8000 Hz both ways.',
  params,
  // Names that a pipeline may write as {{from}}.
  callValues: () => ['from', 'to'],
  double: createDouble,

  create(params, context) {
    const door = openDoor(params.token, context)
    return {
      attach: (host) =>
        host.upgrade('/line', (request, socket, head) => door.enter(host, { request, socket, head })),
      close: () => door.close(),
    }
  },
})
