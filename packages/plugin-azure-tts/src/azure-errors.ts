import { createFaultClassifier } from '@kav/azure-speech'

export type { ErrorPlace } from '@kav/azure-speech'

export const classifyFault = createFaultClassifier({
  auth: 'check tts.params.key: it must be a key of this region’s Speech resource, and a free one must have quota left',
  'bad-request': 'check tts.params.voice, style, rate and pitch, and that region and host are right',
  quota: 'check the quota of synthesis requests in the Azure portal',
})
