import { definePlugin } from '@kav/core'
import { checkFiles } from './check-files.ts'
import { fetchModel } from './fetch-model.ts'
import { liveCheck } from './live-check.ts'
import { modelPath } from './model/model-file.ts'
import { smartTurnParams } from './params.ts'
import { createSmartTurnProvider } from './provider.ts'

/** Whether a caller who has fallen silent is done, by how they sound; without a key or a network. */
export const smartTurn = definePlugin({
  kind: 'turn',
  name: 'smart-turn',
  description: 'Smart Turn v3.2 on this machine: the end of a turn by its sound.',
  params: smartTurnParams,
  checkFiles,
  fetch: fetchModel,
  liveCheck,
  create: ({ model, threshold, threads }, context) =>
    createSmartTurnProvider({ path: modelPath(model, context.baseDir), threshold, threads }, context),
})

export default smartTurn
