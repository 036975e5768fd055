import { Type } from '@sinclair/typebox'
import { CLOSED_WITH_DEFAULTS, oneOf, phoneTarget } from './field.ts'

export const LimitsSchema = Type.Object(
  {
    max_calls: Type.Integer({
      description:
        'Calls of this pipeline at once, in all workers of the process together, those counted that were promised to the carrier and have not come yet. 0: no limit.',
      minimum: 0,
      maximum: 100_000,
      default: 0,
    }),
    max_event_loop_lag_ms: Type.Integer({
      description:
        'No new call while one tenth of what the process does comes later than this, for 3 seconds on end; calls are taken again after 5 seconds at half of it. 0: not looked at.',
      minimum: 0,
      maximum: 1000,
      default: 50,
    }),
    when_full: oneOf(['refuse', 'elsewhere', 'forward'], {
      description:
        'What a caller gets who is one too many, or comes while the process is late. refuse: the busy tone, or the transport’s `refuse_message`. elsewhere: HTTP 503, so that a balancer asks another process. forward: put through to `forward_to`.',
      default: 'refuse',
    }),
    forward_to: Type.Optional(
      phoneTarget('With forward: where to. A number as +15551234567, or a SIP address as sip:name@host'),
    ),
    when_draining: oneOf(['refuse', 'elsewhere'], {
      description: 'What a caller gets while the process ends its last calls, as with `when_full`.',
      default: 'refuse',
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'How many calls are taken, and what callers get instead.' },
)
