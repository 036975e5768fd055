// @ts-check
import { definePlugin, MULAW_8K, Type } from '@kav/core'
import { isSayable, streamRequest } from '@kav/core/kit'

export default definePlugin({
  contract: 1,
  kind: 'tts',
  name: 'acme-voice',
  description: 'Speech from an Acme voice server',
  params: Type.Object(
    {
      url: Type.String({ description: 'Where the server takes text, `https://voice.example.com/speak`' }),
      api_key: Type.String({ description: 'Key of the server; write ${ACME_KEY}, never the key itself' }),
      voice: Type.String({ description: 'Name of the voice', default: 'anna' }),
    },
    { additionalProperties: false },
  ),

  create(params, { clock, metrics }) {
    const closing = new AbortController()
    /** How the server's faults are told: what was done, what never stands in a message, what to look at. */
    const faults = {
      doing: 'acme-voice: speech',
      secrets: [params.api_key],
      checks: { auth: 'check api_key', network: 'check url' },
    }

    return {
      produces: [MULAW_8K],
      voiceKey: `acme/${params.voice}`,
      normalises: true, // it says "$5" and "14:30" well by itself; leave it out and it is given words

      async *speak(request, signal) {
        if (!isSayable(request.text)) return
        metrics.count('acme_voice_requests_total')
        yield* streamRequest({
          url: params.url,
          headers: { authorization: `Bearer ${params.api_key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ text: request.text, voice: params.voice, format: 'mulaw/8000' }),
          faults,
          clock,
          signals: [signal, closing.signal],
          firstMs: 5_000,
          idleMs: 5_000,
        })
      },

      async close() {
        closing.abort()
      },
    }
  },
})
