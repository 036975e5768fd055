import { Type, type Static } from '@sinclair/typebox'

const toolCall = Type.Object(
  {
    tool: Type.String({ minLength: 1, description: 'Name of the tool to call after the text.' }),
    arguments: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Arguments of the call. `{slot}` in a text stands for what the caller said.',
      }),
    ),
    say: Type.Optional(
      Type.String({
        description:
          'What is said once the tool has answered; `{result}` stands for its answer. Default: the answer itself.',
      }),
    ),
  },
  { additionalProperties: false, title: 'a tool call' },
)

const then = Type.Union([Type.Literal('hang_up'), toolCall], {
  title: '`hang_up` or a tool call',
  description: '`hang_up` ends the call once the text has been heard; a tool call names any other tool.',
})

const texts = Type.Union(
  [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })],
  {
    title: 'a text or a list of texts',
  },
)

const intent = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'Name for logs; each intent has its own.' }),
    phrases: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description:
          'What the caller may say, in words; `{slot}` stands for one of the slot’s values. About these words in any order match.',
      }),
    ),
    patterns: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description:
          'Regular expressions (RE2: no look-around, no back-references) over the words in lower case, without punctuation; named groups fill slots.',
      }),
    ),
    replies: Type.Unsafe<string | string[]>({
      ...texts,
      description: 'What is answered; the next one each time the caller says it again.',
    }),
    then: Type.Optional(then),
  },
  { additionalProperties: false, title: 'an intent' },
)

const fallback = Type.Union(
  [
    Type.String({ minLength: 1 }),
    Type.Object(
      { say: Type.String({ minLength: 1 }), then: Type.Optional(then) },
      { additionalProperties: false, title: 'a text with `then`' },
    ),
  ],
  { title: 'a text, or `say` with `then`' },
)

/** A scripted conversation as people write it in YAML. */
export const scriptSchema = Type.Object(
  {
    version: Type.Literal(1, { description: 'Version of this format.' }),
    greeting: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Said when asked for a reply before the caller has said anything.',
      }),
    ),
    slots: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }), {
        description:
          'Lists of words that may stand in a phrase as `{name}`. `number` and `day` are built in.',
      }),
    ),
    intents: Type.Array(intent, {
      minItems: 1,
      description: 'What the caller may want, and what is answered.',
    }),
    fallbacks: Type.Array(fallback, {
      minItems: 1,
      description:
        'What is answered when nothing matches: the first time, the second in a row, …; the last repeats.',
    }),
    hints: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Further phrases the recogniser should know.',
      }),
    ),
  },
  { additionalProperties: false, title: 'a script' },
)

export type Script = Static<typeof scriptSchema>
export type ScriptIntent = Script['intents'][number]
export type ScriptThen = NonNullable<ScriptIntent['then']>
