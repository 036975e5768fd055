import { type LiveFinding, messageOf, type PluginContext } from '@kav/core'
import { finding } from '@kav/core/kit'
import { WINDOW_SAMPLES } from './features/log-mel.ts'
import { FETCH_COMMAND, modelPath } from './model/model-file.ts'
import type { SmartTurnParams } from './params.ts'
import { createSmartTurnProvider } from './provider.ts'

/** Loads the model as the first call does, and judges a silence. */
export async function liveCheck(
  { model, threshold, threads }: SmartTurnParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  const path = modelPath(model, context.baseDir)
  const provider = createSmartTurnProvider({ path, threshold, threads }, context)
  try {
    await provider.warm()
    const startedMs = context.clock.nowMs()
    const silence = { audio: new Int16Array(WINDOW_SAMPLES), text: '', asked: '', language: 'en' }
    await provider.judge([silence], new Float32Array(1))
    const tookMs = Math.round(context.clock.nowMs() - startedMs)
    return [finding.ok(`the model of Smart Turn is here; a judgement takes ${tookMs} ms`)]
  } catch (thrown) {
    const message = messageOf(thrown).split('\n', 1)[0]!.slice(0, 400)
    return [finding.error(message, `Run ${FETCH_COMMAND}, or set "model" to the file.`)]
  } finally {
    await provider.close()
  }
}
