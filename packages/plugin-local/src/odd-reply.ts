import { ProviderError } from '@kav/core'

/** A worker of this plugin sent what it should not: a fault of the plugin's, and named as one. */
export function oddReply(worker: 'recogniser' | 'flite' | 'vad' | 'denoise', why: string): ProviderError {
  return new ProviderError('bad-data', `@kav/plugin-local: the ${worker} worker sent an odd message: ${why}`)
}
