import { MULAW_TO_LINEAR } from '@kav/core/audio'

/** G.711 mu-law, one byte to one sample between -1 and 1. */
export const MULAW_SAMPLES: Float32Array = Float32Array.from(MULAW_TO_LINEAR, (sample) => sample / 32768)
