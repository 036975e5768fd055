// @ts-check
import { Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    voice_db: defaulted(
      Type.Number({
        default: -42,
        minimum: -90,
        maximum: 0,
        description: 'Level at which sound is as likely voice as not, in dB of full scale',
      }),
    ),
  },
  { additionalProperties: false },
)
