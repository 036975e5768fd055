import { definePlugin } from '@kav/core'
import { checkFiles, checkParams } from './check-params.ts'
import { liveCheck } from './live-check.ts'
import { paramsSchema } from './params.ts'
import { createProvider } from './provider.ts'

export type { AzureTtsParams } from './params.ts'

export default definePlugin({
  kind: 'tts',
  name: 'azure-tts',
  description: 'Azure AI Speech synthesis, streaming, mu-law as the phone takes it.',
  params: paramsSchema,
  check: checkParams,
  checkFiles,
  liveCheck: (params, context) => liveCheck(params, context),
  create: createProvider,
})
