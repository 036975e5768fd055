import { type Static, type TSchema, Type } from '@sinclair/typebox'

/** May be left out in YAML and is always there in code: the host writes the default in before it calls `create`. */
function defaulted<Schema extends TSchema>(schema: Schema): Schema {
  return Type.Optional(schema) as unknown as Schema
}

/** What a double holds exactly. */
const PINNED_NUMBER = { minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }

export const mcpParams = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^/?#\\s]+',
        maxLength: 2000,
        description: 'Where the server listens (streamable HTTP). Either this, or command.',
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$" }), Type.String(), {
        description: 'Headers of every request, `{ Authorization: "Bearer ${TOKEN}" }` (with url).',
      }),
    ),
    command: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Program that is the server, started from the folder of the pipeline file (stdio).',
      }),
    ),
    args: Type.Optional(Type.Array(Type.String(), { maxItems: 100, description: 'Its arguments.' })),
    env: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          'Its environment, beside PATH, HOME and the like; it is given no other variable of Kav’s.',
      }),
    ),
    allow: Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
      minItems: 1,
      maxItems: 64,
      description:
        'The tools that the llm may use, by the names that the server gives them. There are no others.',
    }),
    pin: defaulted(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(PINNED_NUMBER), Type.Boolean()]), {
        default: {},
        description:
          'Arguments that the llm neither sees nor sets, in every tool that has them. {{name}} is a value of the call.',
      }),
    ),
    lasting: defaulted(
      Type.Array(Type.String({ minLength: 1 }), {
        default: [],
        description:
          'Tools of allow that are left to finish when the caller interrupts: those that book, send or pay.',
      }),
    ),
  },
  { additionalProperties: false },
)

export type McpParams = Static<typeof mcpParams>
