import type { AudioFormat } from '@kav/core'
import type { TtsParams } from './tts-params.ts'

/** Characters of one message, and of one request. A careful limit: the specification states none. */
export const MAX_TEXT_CHARS = 2_000

/** What both ways to speak ask for. */
export function speakQuery(params: TtsParams, voice: string, format: AudioFormat) {
  return {
    model: voice,
    encoding: format.encoding,
    sample_rate: format.sampleRateHz,
    speed: params.speed,
    mip_opt_out: params.mip_opt_out,
    ...params.query,
  }
}
