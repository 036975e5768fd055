import { type Static, type TSchema, Type } from '@sinclair/typebox'

/** May be left out in YAML and is always there in code: the host writes the default in before it calls `create`. */
function defaulted<Schema extends TSchema>(schema: Schema): Schema {
  return Type.Optional(schema) as unknown as Schema
}

export const llmParams = Type.Object(
  {
    package: Type.String({
      minLength: 1,
      maxLength: 300,
      description:
        'Model package of the AI SDK, `@ai-sdk/anthropic`, or a path to a .js file that starts at the folder of the pipeline file. Install it beside the pipeline.',
    }),
    factory: Type.Optional(
      Type.String({
        pattern: '^create[A-Z]\\w*$',
        description: 'Which of its functions makes the provider, `createAnthropic`. Left out: the only one.',
      }),
    ),
    model: Type.String({ minLength: 1, description: 'Model, by the name its provider gives it.' }),
    api_key: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Given to the package as `apiKey`; write ${NAME}. Left out: the package may look into variables of its own.',
      }),
    ),
    base_url: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'Given to the package as `baseURL`. Left out: the provider’s own.',
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'More headers of every request.' }),
    ),
    options: defaulted(
      Type.Record(Type.String(), Type.Unknown(), {
        default: {},
        description: 'What else the package’s function takes (`project`, `location`, `resourceName`, …).',
      }),
    ),
    provider_options: defaulted(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
        default: {},
        description:
          'Options of each request, by provider: `{ anthropic: { thinking: { type: disabled } } }`.',
      }),
    ),
    temperature: Type.Optional(
      Type.Number({ minimum: 0, maximum: 2, description: 'Left out: the model’s own.' }),
    ),
    top_p: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Nucleus sampling.' })),
    top_k: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'Only the likeliest tokens are chosen from.' }),
    ),
    max_tokens: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        default: 1024,
        description: 'Upper limit of one answer in tokens, thoughts included.',
      }),
    ),
    stop: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 4,
        description: 'Texts at which the answer ends.',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'For answers that repeat, as far as the model can.',
      }),
    ),
  },
  { additionalProperties: false },
)

export type LlmParams = Static<typeof llmParams>
