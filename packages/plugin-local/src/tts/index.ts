import { definePlugin } from '@kav/core'
import { liveCheck } from './live-check.ts'
import { fliteParams } from './params.ts'
import { createFliteProvider } from './provider.ts'

/** English speech by flite, without a key or a network. */
export const localTts = definePlugin({
  kind: 'tts',
  name: 'flite',
  description: 'Flite on this machine: five English voices, first audio within tens of milliseconds.',
  params: fliteParams,
  liveCheck,
  create: (params, context) => createFliteProvider(params, context),
})
