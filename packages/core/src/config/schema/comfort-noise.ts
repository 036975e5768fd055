import { Type } from '@sinclair/typebox'

/** `comfort_noise` of a pipeline. */
export const ComfortNoiseSchema = Type.Integer({
  description:
    'How loud (dB of full scale, such as -60) the soft noise is that the caller hears where the agent is silent, so that the line does not seem dead. Absent: silence is sent as nothing. Costs what a `background` costs, and stands in its place.',
  minimum: -80,
  maximum: -30,
})
