import { createFaultClassifier } from '@kav/azure-speech'

export type { ErrorPlace, SdkFault } from '@kav/azure-speech'

export const classifyFault = createFaultClassifier({
  auth: 'check stt.params.key: it must be a key of this region’s Speech resource, and a free one must have quota left',
  'bad-request': 'check stt.params.region, language, host and endpoint',
  quota:
    'check the quota of concurrent recognitions in the Azure portal (100 for a standard resource, 1 for a free one)',
})
