import { definePlugin } from '@kav/core'
import { checkFiles, checkParams } from './check-params.ts'
import { liveCheck } from './live-check.ts'
import { paramsSchema } from './params.ts'
import { createProvider } from './provider.ts'

export type { AzureSttParams } from './params.ts'

export default definePlugin({
  kind: 'stt',
  name: 'azure-stt',
  description: 'Azure AI Speech recognition, continuous, mu-law as it comes from the phone.',
  params: paramsSchema,
  check: checkParams,
  checkFiles,
  liveCheck: (params, context) => liveCheck(params, context),
  create: createProvider,
})
