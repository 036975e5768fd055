import { Type } from '@sinclair/typebox'
import { CLOSED, filePath } from './field.ts'

export const AnswerFillerSchema = Type.Object(
  {
    after_ms: Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 100, maximum: 60_000 })], {
      description:
        'Silence behind the turn after which a filler is due, unless the answer is near. auto: longer than nine of ten of the last answers of this llm took, 700 to 2000 ms.',
      default: 'auto',
    }),
    texts: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        description:
          'The fillers, in turn; write short ones that go before any answer. Absent: those of the language (English and Hebrew; none in others).',
        maxItems: 20,
      }),
    ),
    sound: Type.Optional(
      filePath(
        'A WAV file, from the place of this one, as for `recorded_line`: played behind the filler, or in place of it, over and over until the answer is there.',
      ),
    ),
    sound_db: Type.Integer({
      description: 'How loud the sound is, in dB of what is recorded.',
      minimum: -60,
      maximum: 0,
      default: -12,
    }),
  },
  {
    ...CLOSED,
    description:
      'What the caller hears when the first words of an answer are late: at most one filler a turn, which the llm is not told of. Absent: silence.',
  },
)
