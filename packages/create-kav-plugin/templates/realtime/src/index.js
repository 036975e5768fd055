// @ts-check
import { definePlugin, MULAW_8K } from '@kav/core'
import { createSessionTracker, openRealtimeSocket } from '@kav/core/kit'
import { params } from './params.js'
import { createProtocol } from './protocol.js'
/** @import { RealtimeSession } from '@kav/core' */
/** @import { SessionTracker } from '@kav/core/kit' */

/** Speech in, speech out: it stands in place of stt, llm and tts. */
export default definePlugin({
  contract: 1,
  kind: 'realtime',
  name: 'acme-realtime',
  description: 'Speech to speech over a WebSocket; mu-law as it is.',
  params,

  create({ url, api_key, voice, open_timeout_ms }, context) {
    /** @type {SessionTracker<RealtimeSession>} */
    const sessions = createSessionTracker()
    const closing = new AbortController()
    const faults = {
      doing: 'acme-realtime session',
      secrets: [api_key],
      checks: { auth: 'check realtime.params.api_key' },
    }

    return {
      formats: [MULAW_8K],
      detectsTurns: true,

      async openSession(given) {
        const signal = AbortSignal.any([given.signal, closing.signal])
        const options = { ...given, signal }
        const session = await openRealtimeSocket({
          socket: {
            url,
            headers: { authorization: `Bearer ${api_key}` },
            faults,
            clock: context.clock,
            signal,
            openLimitMs: open_timeout_ms,
          },
          protocol: createProtocol(options, voice),
          options,
          context,
          counter: 'acme_realtime',
        })
        return sessions.track(session)
      },

      async close() {
        closing.abort()
        await sessions.closeAll()
      },
    }
  },
})
