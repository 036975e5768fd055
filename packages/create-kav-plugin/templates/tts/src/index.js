// @ts-check
import { definePlugin, MULAW_8K } from '@kav/core'
import { isSayable, streamRequest } from '@kav/core/kit'
import { params } from './params.js'

/** Limits, faults, cancellation and the stream are `streamRequest`'s; what is asked for is ours. */
export default definePlugin({
  contract: 1,
  kind: 'tts',
  name: 'acme-tts',
  description: 'Speech over HTTP, streamed as it is made; mu-law as it is.',
  params,

  create(params, { clock, metrics }) {
    const faults = {
      doing: 'acme-tts speech',
      secrets: [params.api_key],
      checks: { auth: 'check tts.params.api_key', 'bad-request': 'check tts.params.url and voice' },
    }
    const closing = new AbortController()

    return {
      produces: [MULAW_8K],
      voiceKey: `acme-tts/${params.voice}`,

      async *speak({ text, language }, signal) {
        if (!isSayable(text)) return
        metrics.count('acme_tts_requests_total')
        yield* streamRequest({
          url: params.url,
          headers: { authorization: `Bearer ${params.api_key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ text, voice: params.voice, language, format: 'mulaw/8000' }),
          faults,
          clock,
          signals: [signal, closing.signal],
          firstMs: params.first_audio_timeout_ms,
          idleMs: params.idle_timeout_ms,
          accepts: (type) => type.startsWith('audio/'),
        })
      },

      async close() {
        closing.abort()
      },
    }
  },
})
