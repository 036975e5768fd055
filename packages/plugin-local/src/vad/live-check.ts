import { type LiveFinding, messageOf } from '@kav/core'
import { finding } from '@kav/core/kit'
import { createSileroModel } from './silero-model.ts'
import { loadSileroWeights, type SileroSampleRateHz } from './silero-weights.ts'

/** Reads the model as the first call does. */
export async function liveCheck(sampleRateHz: SileroSampleRateHz): Promise<readonly LiveFinding[]> {
  try {
    createSileroModel(await loadSileroWeights(sampleRateHz))
    return [finding.ok(`the model of Silero is here and works at ${sampleRateHz} Hz, for any language`)]
  } catch (thrown) {
    const message = messageOf(thrown).split('\n', 1)[0]!.slice(0, 400)
    return [finding.error(message, 'Run npm install again: @ricky0123/vad-web carries the model.')]
  }
}
