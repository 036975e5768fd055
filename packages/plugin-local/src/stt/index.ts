import { definePlugin } from '@kav/core'
import { liveCheck } from './live-check.ts'
import { pocketsphinxParams } from './params.ts'
import { createPocketsphinxProvider } from './provider.ts'

/** Recognition of expected English phrases by PocketSphinx, without a key or a network. */
export const localStt = definePlugin({
  kind: 'stt',
  name: 'pocketsphinx',
  description: 'PocketSphinx on this machine: expected English phrases (commands, IVR), not dictation.',
  params: pocketsphinxParams,
  liveCheck,
  create: (params, context) => createPocketsphinxProvider(params, context),
})
