import { S3ServiceException } from '@aws-sdk/client-s3'
import { ProviderError } from '@kav/core'

/** Nobody will ever take this file there. A bucket may be made, and keys put right, while it waits. */
const FINAL: ReadonlySet<string> = new Set(['InvalidBucketName', 'EntityTooLarge', 'KeyTooLongError'])
const REFUSED = [401, 403]

/** It said that it took the file, and does not have it: whatever it is, it is no bucket. */
export class NotThere extends Error {
  override readonly name = 'NotThere'
}

/** A fault of the bucket as others read it: its words name no key. */
export function placeFault(error: unknown): ProviderError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (error instanceof NotThere) return new ProviderError('bad-data', error.message, { cause: error })
  if (!(error instanceof S3ServiceException)) return new ProviderError('network', message, { cause: error })
  const status = error.$metadata.httpStatusCode ?? 0
  if (REFUSED.includes(status)) return new ProviderError('auth', message, { cause: error })
  if (FINAL.has(error.name)) return new ProviderError('bad-request', message, { cause: error })
  return new ProviderError('network', message, { cause: error })
}
