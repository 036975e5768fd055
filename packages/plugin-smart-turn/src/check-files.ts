import type { ParamWarning } from '@kav/core'
import { lookAtModel, modelPath, noModel, SMART_TURN } from './model/model-file.ts'
import type { SmartTurnParams } from './params.ts'

/** The model: there or not, the known one or not. */
export async function checkFiles(given: SmartTurnParams, baseDir: string): Promise<readonly ParamWarning[]> {
  const path = modelPath(given.model, baseDir)
  const state = await lookAtModel(path)
  // A model that is not named stands nowhere in the file: then the line of the params is shown.
  const at = given.model === undefined ? [] : ['model']
  if (state === 'right') return []
  if (state === 'other') {
    const message = `${path} is not ${SMART_TURN.file} (its SHA-256 differs): nobody has measured what it says`
    return [{ path: at, message }]
  }
  const { message, fix } = noModel(path, state.unreadable)
  return [{ severity: 'error', path: at, message: `${message}. ${fix}` }]
}
