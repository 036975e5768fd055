// @ts-check
import { definePlugin } from '@kav/core'
import { Type } from '@sinclair/typebox'

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

export default definePlugin({
  kind: 'tool',
  name: 'opening-hours',
  description: 'When the shop is open',
  params: Type.Object(
    {
      closed_on: Type.Array(Type.String(), {
        description: 'Days on which nobody is there.',
        default: ['sunday'],
      }),
      opens: Type.String({ description: 'Time of opening.', default: '9:00' }),
      closes: Type.String({ description: 'Time of closing.', default: '17:00' }),
    },
    { additionalProperties: false },
  ),

  create(params, { metrics }) {
    return {
      tools: [
        {
          name: 'opening_hours',
          description: 'Tells from when to when the shop is open on a day of the week.',
          parameters: {
            type: 'object',
            properties: { day: { type: 'string', enum: DAYS, description: 'Day of the week, in English.' } },
            required: ['day'],
            additionalProperties: false,
          },
        },
      ],

      async run(_name, { day }, { signal }) {
        signal.throwIfAborted()
        metrics.count('opening_hours_asked_total')
        if (params.closed_on.includes(String(day))) return { day, closed: true }
        return { day, opens: params.opens, closes: params.closes }
      },

      async close() {},
    }
  },
})
