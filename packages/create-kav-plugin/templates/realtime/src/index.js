// @ts-check
import { definePlugin, MULAW_8K } from '@kav/core'
import { createSessionTracker } from '@kav/core/kit'
import { params } from './params.js'
import { openTalk } from './talk.js'
/** @import { RealtimeSession } from '@kav/core' */
/** @import { SessionTracker } from '@kav/core/kit' */

/** Speech in, speech out: it stands in place of stt, llm and tts. */
export default definePlugin({
  contract: 1,
  kind: 'realtime',
  name: 'acme-realtime',
  description: 'Speech to speech over a WebSocket; mu-law as it is.',
  params,

  create(params, context) {
    /** @type {SessionTracker<RealtimeSession>} */
    const sessions = createSessionTracker()
    const closing = new AbortController()

    return {
      formats: [MULAW_8K],
      detectsTurns: true,

      async openSession(options) {
        const signal = AbortSignal.any([options.signal, closing.signal])
        return sessions.track(await openTalk({ ...options, signal }, params, context))
      },

      async close() {
        closing.abort()
        await sessions.closeAll()
      },
    }
  },
})
