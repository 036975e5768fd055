import { definePlugin } from '@kav/core'
import { checkParams } from './check-params.ts'
import { paramsSchema } from './params.ts'
import { createProvider } from './provider.ts'

export type { LiveFinding } from '@kav/google-cloud'
export { liveCheck } from './live-check.ts'
export type { GoogleTtsParams } from './params.ts'

export default definePlugin({
  kind: 'tts',
  name: 'google-tts',
  description: 'Google Cloud Text-to-Speech, streaming and whole requests.',
  params: paramsSchema,
  check: checkParams,
  create: createProvider,
})
