import { definePlugin } from '@kav/core'
import { Type } from '@sinclair/typebox'
import { liveCheck } from './live-check.ts'
import { createSileroProvider } from './vad-provider.ts'

const params = Type.Object(
  {
    sample_rate: Type.Union([Type.Literal(8000), Type.Literal(16000)], {
      default: 8000,
      description:
        'Rate the detector works at, in Hz. 8000 is the telephone rate and costs least; 16000 (the core upsamples) takes fewer background talkers for the caller.',
    }),
    threshold: Type.Number({
      default: 0.5,
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Probability from which a 32 ms window counts as voice.',
    }),
    placement: Type.Union([Type.Literal('auto'), Type.Literal('inline'), Type.Literal('worker')], {
      default: 'auto',
      description:
        'Where windows are rated: on the media thread (inline), in a worker thread (worker), or by the size of the batch (auto).',
    }),
  },
  { additionalProperties: false },
)

/** Voice activity by Silero v6, without a key or a network. */
export const localVad = definePlugin({
  kind: 'vad',
  name: 'silero',
  description: 'Silero VAD v6 on this machine: one batch for all calls, any language.',
  params,
  liveCheck: (given) => liveCheck(given.sample_rate),
  create: (given, context) =>
    createSileroProvider({
      sampleRateHz: given.sample_rate,
      threshold: given.threshold,
      placement: given.placement,
      log: context.log,
      metrics: context.metrics,
      clock: context.clock,
    }),
})
