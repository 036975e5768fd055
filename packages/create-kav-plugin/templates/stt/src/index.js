// @ts-check
import { definePlugin, MULAW_8K } from '@kav/core'
import { createSessionTracker, openSttSocket } from '@kav/core/kit'
import { params } from './params.js'
import { wordsProtocol } from './protocol.js'

/** Opening, keep-alive, faults, the last words and the way out are `openSttSocket`'s; the messages are ours. */
export default definePlugin({
  contract: 1,
  kind: 'stt',
  name: 'acme-stt',
  description: 'Live recognition over a WebSocket; mu-law as it is.',
  params,

  create(params, context) {
    const faults = {
      doing: 'acme-stt recognition',
      secrets: [params.api_key],
      checks: { auth: 'check stt.params.api_key' },
    }
    const sessions = createSessionTracker()

    return {
      accepts: [MULAW_8K],

      openSession: ({ callId, hints, language = params.language, signal: wanted }) =>
        sessions.open(wanted, (signal) =>
          openSttSocket({
            socket: {
              url: params.url,
              headers: { authorization: `Bearer ${params.api_key}` },
              faults,
              clock: context.clock,
              signal,
              openLimitMs: params.open_timeout_ms,
            },
            protocol: wordsProtocol({ language, hints }),
            context,
            callId,
            counter: 'acme_stt',
          }),
        ),

      close: () => sessions.closeAll(),
    }
  },
})
