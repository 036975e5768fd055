import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createResampler, readWav } from '@kav/core'

/** The model, if `npm test` could fetch it. */
export const MODEL = fileURLToPath(
  new URL('../../../.cache/smart-turn/smart-turn-v3.2-cpu.onnx', import.meta.url),
)
export const HAS_MODEL = existsSync(MODEL)
if (!HAS_MODEL) console.log(`tests with the model of Smart Turn are skipped: there is no ${MODEL}`)

/** A recorded caller of `packages/phone/audio`, as the core resamples a call. */
export function recorded(name: string): Int16Array {
  const { audio } = readWav(readFileSync(new URL(`../../phone/audio/${name}.wav`, import.meta.url)))
  const samples = new Int16Array(new Uint8Array(audio).buffer)
  return createResampler({ fromHz: 8000, toHz: 16_000 }).process(samples).slice()
}
