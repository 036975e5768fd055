// @ts-check
import { definePlugin, isProviderError, MULAW_8K, ProviderError } from '@kav/core'
import { Type } from '@sinclair/typebox'

/** What the server's answer means for Kav: retry it, try the next provider, or tell the operator. */
const CLASS_BY_STATUS = new Map([
  [400, /** @type {const} */ ('bad-request')],
  [401, /** @type {const} */ ('auth')],
  [403, /** @type {const} */ ('auth')],
  [429, /** @type {const} */ ('quota')],
])

export default definePlugin({
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

  create(params, { metrics }) {
    const closing = new AbortController()

    return {
      produces: [MULAW_8K],
      voiceKey: `acme/${params.voice}`,
      normalises: true, // it says "$5" and "14:30" well by itself; leave it out and it is given words

      async *speak(request, signal) {
        if (!/[\p{L}\p{N}]/u.test(request.text)) return
        const stop = AbortSignal.any([signal, closing.signal])
        try {
          const response = await fetch(params.url, {
            method: 'POST',
            headers: { authorization: `Bearer ${params.api_key}`, 'content-type': 'application/json' },
            body: JSON.stringify({ text: request.text, voice: params.voice, format: 'mulaw/8000' }),
            signal: stop,
          })
          if (!response.ok || response.body === null) {
            await response.body?.cancel()
            throw new ProviderError(
              CLASS_BY_STATUS.get(response.status) ?? 'network',
              `acme-voice: the server answered ${response.status}; check url, api_key and voice`,
            )
          }
          for await (const chunk of response.body) {
            if (stop.aborted) return
            yield chunk
          }
        } catch (thrown) {
          if (stop.aborted) return
          metrics.count('acme_voice_failures_total')
          if (isProviderError(thrown)) throw thrown
          throw new ProviderError('network', 'acme-voice: the server cannot be reached; check url', {
            cause: thrown,
          })
        }
      },

      async close() {
        closing.abort()
      },
    }
  },
})
