import { Type, type Static } from '@sinclair/typebox'

export const smartTurnParams = Type.Object(
  {
    model: Type.Optional(
      Type.String({
        format: 'file-path',
        minLength: 1,
        description:
          'File of the model, relative to the pipeline file. Default: where `kav fetch @kav/plugin-smart-turn` puts it, `~/.cache/kav/smart-turn/smart-turn-v3.2-cpu.onnx`.',
      }),
    ),
    threshold: Type.Number({
      default: 0.5,
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Probability from which the caller counts as done.',
    }),
    threads: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 8,
      description:
        'Threads that one judgement is spread over, for all pipelines with the same model and number. Two are a quarter quicker than one where a second core is free.',
    }),
    python: Type.String({
      default: 'python3',
      minLength: 1,
      description: 'Python whose pip fetches the model, for `kav fetch` alone; a judgement needs none.',
    }),
  },
  { additionalProperties: false },
)

export type SmartTurnParams = Static<typeof smartTurnParams>
