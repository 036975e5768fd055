// @ts-check
import { definePlugin } from '@kav/core'
import { hoursOf } from './hours.js'
import { params } from './params.js'

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** Kav checks the arguments against the schema, holds the deadline, and tells the model what comes back. */
export default definePlugin({
  contract: 1,
  kind: 'tool',
  name: 'acme-tool',
  description: 'Opening hours, asked of a service over HTTP.',
  params,

  create(params, { clock, metrics }) {
    const closing = new AbortController()

    return {
      tools: [
        {
          name: 'opening_hours',
          // All that the model knows of it.
          description: 'When we are open on a day of the week.',
          parameters: {
            type: 'object',
            properties: { day: { type: 'string', enum: DAYS } },
            required: ['day'],
            additionalProperties: false,
          },
        },
      ],

      async run(_name, { day }, { signal }) {
        metrics.count('acme_tool_requests_total')
        return hoursOf(String(day), params, { clock, signals: [signal, closing.signal] })
      },

      async close() {
        closing.abort()
      },
    }
  },
})
