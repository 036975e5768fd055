import { Type } from '@sinclair/typebox'
import { defaulted } from '@kav/core/kit'

/** How the server of a Realtime session finds speech; transcription and speech to speech have these alike. */
export const serverVadParams = {
  vad_threshold: defaulted(
    Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'How loud speech must be (`server_vad`).',
    }),
  ),
  prefix_padding_ms: defaulted(
    Type.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 300,
      description: 'Audio kept from before speech began (`server_vad`).',
    }),
  ),
}

/** How it takes the speech it has found. */
export const hearingParams = {
  eagerness: defaulted(
    Type.Union(
      ['low', 'medium', 'high', 'auto'].map((one) => Type.Literal(one)),
      { default: 'auto', description: 'How soon `semantic_vad` takes a sentence for finished.' },
    ),
  ),
  noise_reduction: defaulted(
    Type.Union(
      ['off', 'near_field', 'far_field'].map((one) => Type.Literal(one)),
      {
        default: 'near_field',
        description: 'Filter before detection and model; near_field for a handset.',
      },
    ),
  ),
}
