// @ts-check
import { definePlugin, MULAW_8K } from '@kav/core'
import { createSessionTracker, openRealtimeSocket } from '@kav/core/kit'
import { params } from './params.js'
import { createProtocol } from './protocol.js'

/** Speech in, speech out: it stands in place of stt, llm and tts. */
export default definePlugin({
  contract: 1,
  kind: 'realtime',
  name: 'acme-realtime',
  description: 'Speech to speech over a WebSocket; mu-law as it is.',
  params,

  create({ url, api_key, voice, open_timeout_ms }, context) {
    const sessions = createSessionTracker()
    const faults = {
      doing: 'acme-realtime session',
      secrets: [api_key],
      checks: { auth: 'check realtime.params.api_key' },
    }

    return {
      formats: [MULAW_8K],
      detectsTurns: true,

      openSession: (wanted) =>
        sessions.open(wanted.signal, (signal) => {
          const options = { ...wanted, signal }
          return openRealtimeSocket({
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
        }),

      close: () => sessions.closeAll(),
    }
  },
})
