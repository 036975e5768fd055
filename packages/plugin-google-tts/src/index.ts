import { definePlugin } from '@kav/core'
import { checkParams } from './check-params.ts'
import { checkFiles } from './client-options.ts'
import { paramsSchema } from './params.ts'
import { createProvider } from './provider.ts'
import { liveCheck } from './live-check.ts'

export type { LiveFinding } from '@kav/google-cloud'
export { liveCheck }
export type { GoogleTtsParams } from './params.ts'

export default definePlugin({
  kind: 'tts',
  name: 'google-tts',
  description: 'Google Cloud Text-to-Speech, streaming and whole requests.',
  params: paramsSchema,
  check: checkParams,
  checkFiles,
  liveCheck,
  create: createProvider,
})
