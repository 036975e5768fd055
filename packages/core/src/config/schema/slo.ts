import { Type } from '@sinclair/typebox'
import { CLOSED, oneOf } from './field.ts'

export const SloSchema = Type.Object(
  {
    window: oneOf(['7d', '14d', '28d', '30d', '60d', '90d'], {
      description:
        'Over what time the objectives hold. What is allowed of bad ones in it is the error budget.',
      default: '30d',
    }),
    availability: Type.Optional(
      Type.Number({
        description:
          'Share of calls that are taken and end as the caller, the agent or the file wants it, as 0.999. Bad are callers who are refused (busy tone), and calls that end by a fault: `failure`, `gave-up`, `transport-error`, `shutdown`.',
        minimum: 0.5,
        maximum: 1,
      }),
    ),
    answer_p95_ms: Type.Optional(
      Type.Integer({
        description:
          'Within what 95 of 100 answers begin: from the end of the caller’s speech to the first frame of the answer.',
        minimum: 100,
        maximum: 30_000,
      }),
    ),
    first_words_lost: Type.Optional(
      Type.Number({
        description:
          'Share of calls that may lose audio of the caller before recognition was open. 0: none, each is an alert.',
        minimum: 0,
        maximum: 0.5,
      }),
    ),
    heard_gaps_per_minute: Type.Optional(
      Type.Number({
        description: 'Gaps that callers may hear in what the agent says, for each minute of calls.',
        minimum: 0,
        maximum: 60,
      }),
    ),
  },
  {
    ...CLOSED,
    description: 'What is promised of this pipeline’s calls; `kav alerts` makes alert rules of it.',
  },
)
