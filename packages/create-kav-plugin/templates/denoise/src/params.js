// @ts-check
import { Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    noise_db: defaulted(
      Type.Number({
        default: -40,
        minimum: -90,
        maximum: 0,
        description: 'Level below which sound is noise, in dB of full scale',
      }),
    ),
  },
  { additionalProperties: false },
)
