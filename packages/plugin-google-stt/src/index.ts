import { definePlugin } from '@kav/core'
import { checkParams } from './check-params.ts'
import { checkFiles } from './client-options.ts'
import { paramsSchema } from './params.ts'
import { createProvider } from './provider.ts'
import { liveCheck } from './live-check.ts'

export type { LiveFinding } from '@kav/google-cloud'
export { liveCheck } from './live-check.ts'
export type { GoogleSttParams } from './params.ts'

export default definePlugin({
  kind: 'stt',
  name: 'google-stt',
  description: 'Google Cloud Speech-to-Text, streaming, v2 and v1.',
  params: paramsSchema,
  check: checkParams,
  checkFiles,
  liveCheck,
  create: createProvider,
})
