import { Type } from '@sinclair/typebox'
import { CLOSED, filePath } from './field.ts'

export const BackgroundSchema = Type.Object(
  {
    file: filePath(
      'A WAV file, from the place of this one: 16-bit PCM, mu-law or A-law, of any rate and 2 to 60 seconds; several channels are mixed. It is played round and round, without a click.',
    ),
    level: Type.Number({
      description:
        'How loud it is on the line, however loud the file: its mean power in dB below full scale. A voice is at about -20.',
      minimum: -60,
      maximum: -12,
      default: -40,
    }),
  },
  {
    ...CLOSED,
    description:
      "A sound, as of an office, under the agent's voice and in its silence, from the first moment of a call to its last. Absent: silence is silent.",
  },
)
