import { Type } from '@sinclair/typebox'
import { CLOSED_WITH_DEFAULTS } from './field.ts'

export const RxQueueSchema = Type.Object(
  {
    maxsize: Type.Integer({
      description:
        'Caller audio waiting for the first recognition of the call to open, in frames of 20 ms. When full, the oldest is dropped. Later in the call 40 s may wait.',
      minimum: 10,
      maximum: 3000,
      default: 200,
    }),
    CATCHUP_RATE: Type.Number({
      description:
        'How many times faster than real time a backlog is written to STT, at most. A call whose caller has hung up is over when its backlog was heard, or after 22 s.',
      minimum: 1,
      maximum: 50,
      default: 4,
    }),
    RESYNC_MS: Type.Integer({
      description: 'A gap in arrival longer than this re-anchors the pacing: no credit is saved up.',
      minimum: 20,
      maximum: 1000,
      default: 40,
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'Audio from the caller on its way to STT.' },
)

export const TxQueueSchema = Type.Object(
  {
    maxsize: Type.Integer({
      description:
        'Agent audio waiting to be sent, in frames of 20 ms. When full, TTS waits; nothing is dropped.',
      minimum: 10,
      maximum: 3000,
      default: 144,
    }),
    LEAD_MS: Type.Integer({
      description:
        'How much audio the far end holds ahead of playout, to within a frame above and 5 ms below. Stalls shorter than this are not heard, and an interruption throws this much away.',
      minimum: 20,
      maximum: 1000,
      default: 120,
    }),
    SEND_MAXSIZE: Type.Integer({
      description: 'Frames the socket may buffer before sending waits.',
      minimum: 1,
      maximum: 3000,
      default: 144,
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'Audio from the agent on its way to the wire.' },
)
