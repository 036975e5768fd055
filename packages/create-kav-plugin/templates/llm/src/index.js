// @ts-check
import { definePlugin } from '@kav/core'
import { faultOf, readServerSentEvents, streamRequest } from '@kav/core/kit'
import { eventOf } from './answer.js'
import { params } from './params.js'

/** Limits, faults, cancellation and the stream of events are the kit's; what they mean is ours. */
export default definePlugin({
  contract: 1,
  kind: 'llm',
  name: 'acme-llm',
  description: 'A language model over server-sent events.',
  params,

  create(params, { clock, metrics }) {
    const faults = {
      doing: `acme-llm reply (${params.model})`,
      secrets: [params.api_key],
      checks: { auth: 'check llm.params.api_key', 'bad-request': 'check llm.params.url and model' },
    }
    const closing = new AbortController()

    return {
      async *reply({ messages, tools }, signal) {
        const signals = [signal, closing.signal]
        const answer = streamRequest({
          url: params.url,
          headers: { authorization: `Bearer ${params.api_key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: params.model, messages, tools }),
          faults,
          clock,
          signals,
          firstMs: params.first_token_timeout_ms,
          idleMs: params.idle_timeout_ms,
          accepts: (type) => type.startsWith('text/event-stream'),
        })
        for await (const { data } of readServerSentEvents(answer, { doing: faults.doing })) {
          if (signals.some(({ aborted }) => aborted)) return
          const event = eventOf(data)
          if (event === undefined) metrics.count('acme_llm_odd_events_total')
          else yield event
          if (event?.type === 'end') return
        }
        if (signals.some(({ aborted }) => aborted)) return
        throw faultOf({ errorClass: 'network', said: 'the answer ended before its end' }, faults)
      },

      async close() {
        closing.abort()
      },
    }
  },
})
