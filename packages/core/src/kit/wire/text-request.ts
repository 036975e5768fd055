import { ProviderError } from '../../contracts/errors.ts'
import { textUpTo } from '../text-up-to.ts'
import { type StreamRequest, streamRequest } from './stream-request.ts'

export interface TextRequest extends Omit<StreamRequest, 'firstMs' | 'idleMs'> {
  /** For the beginning of the answer, and between two pieces of it. */
  readonly limitMs: number
  /** No answer is longer; what is behind is not read. */
  readonly maxBytes: number
}

/** As `streamRequest`, for an answer that is wanted whole. Rejects with `cancelled` once a signal aborts. */
export async function textRequest({ limitMs, maxBytes, ...request }: TextRequest): Promise<string> {
  const text = await textUpTo(streamRequest({ ...request, firstMs: limitMs, idleMs: limitMs }), maxBytes)
  if (request.signals.some(({ aborted }) => aborted))
    throw new ProviderError('cancelled', `${request.faults.doing}: cancelled`)
  return text
}
