// @ts-check
import { Type } from '@kav/core'
import { defaulted } from '@kav/core/kit'

/** What an operator may write. Every default and every limit stands here and nowhere else. */
export const params = Type.Object(
  {
    unfinished: defaulted(
      Type.Array(Type.String({ minLength: 1, maxLength: 50 }), {
        default: [
          'and',
          'but',
          'or',
          'so',
          'because',
          'um',
          'uh',
          'the',
          'a',
          'my',
          'is',
          'to',
          'for',
          'with',
        ],
        maxItems: 500,
        description: 'Words after which nobody is done',
      }),
    ),
  },
  { additionalProperties: false },
)
