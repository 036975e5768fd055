import { Type, type Static } from '@sinclair/typebox'
import { FLITE_VOICES } from '../flite/flite-engine.ts'

export const fliteParams = Type.Object(
  {
    language: Type.Optional(
      Type.String({
        pattern: '^[eE][nN]([-_].*)?$',
        default: 'en-US',
        description: 'Language of the agent. Only English is spoken; other languages need another plugin.',
      }),
    ),
    voice: Type.Union(
      FLITE_VOICES.map((voice) => Type.Literal(voice)),
      {
        default: 'rms',
        description:
          'rms (man, the clearest over a phone), slt (woman), awb (man, Scottish), kal16 and kal (robot, fastest).',
      },
    ),
    speed: Type.Number({
      default: 1,
      minimum: 0.5,
      maximum: 2,
      description: 'Pace of speech; 1 is the pace of the voice, 2 twice as fast.',
    }),
    workers: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 64,
      description: 'Most threads that speak. One thread makes about 50 seconds of speech each second.',
    }),
    max_waiting: Type.Integer({
      default: 200,
      minimum: 1,
      maximum: 10000,
      description: 'Clauses of all calls that may wait for a thread; more fail at once.',
    }),
  },
  { additionalProperties: false },
)

export type FliteParams = Static<typeof fliteParams>
