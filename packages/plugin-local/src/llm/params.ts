import { Type, type Static } from '@sinclair/typebox'
import { scriptSchema } from './script-schema.ts'

export const scriptedParams = Type.Object(
  {
    script: Type.Union([Type.String({ minLength: 1, format: 'file-path' }), scriptSchema], {
      description: 'The conversation: a YAML file (relative to the pipeline file), or the script itself.',
    }),
    match_threshold: Type.Number({
      default: 0.5,
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'How much of an utterance and a phrase must be alike; 1 is word for word.',
    }),
    first_token_ms: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 60000,
      description: 'Wait before the first word of a reply, to stand in for a slower model.',
    }),
    token_ms: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 10000,
      description: 'Wait before each further word.',
    }),
  },
  { additionalProperties: false },
)

export type ScriptedParams = Static<typeof scriptedParams>
