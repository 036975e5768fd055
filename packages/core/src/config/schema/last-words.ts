import { Type } from '@sinclair/typebox'
import { CLOSED, filePath, oneOf, phoneTarget } from './field.ts'

/** What happens when nothing works any more: the end of the call, and what is heard without a voice. */

export const GiveUpSchema = Type.Object(
  {
    after: Type.Integer({
      description:
        'So many turns in a row of which the caller had nothing, because the llm failed or no voice could speak, are enough. A greeting and a prompt that no voice can speak count; an answer begins the count anew.',
      minimum: 1,
      maximum: 100,
      default: 2,
    }),
    then: oneOf(['hang_up', 'transfer'], {
      description:
        'hang_up: the call ends. transfer: the caller is put through to `to`; if that fails, it ends.',
      default: 'hang_up',
    }),
    to: Type.Optional(
      phoneTarget('With transfer: where to. A number as +15551234567, or a SIP address as sip:name@host'),
    ),
    say: Type.String({
      description: 'Spoken before that, in place of the fallback line; the caller cannot interrupt it.',
      minLength: 1,
      default: 'I am sorry, something is not working on our side. Please call again later. Goodbye.',
    }),
  },
  {
    ...CLOSED,
    description:
      'When the call is given up because nothing works. Absent: it goes on as long as the caller stays on the line.',
  },
)

export const RecordedLineSchema = Type.Object(
  {
    file: filePath(
      'A WAV file, from the place of this one: 16-bit PCM, mu-law or A-law, of any rate and up to 20 seconds; several channels are mixed.',
    ),
    text: Type.String({
      description: 'What is said in it: the llm and the record know it by this.',
      minLength: 1,
      maxLength: 1000,
    }),
  },
  {
    ...CLOSED,
    description:
      'Played where no voice can speak, in place of the fallback line or the last words of `give_up`. Absent: silence.',
  },
)
