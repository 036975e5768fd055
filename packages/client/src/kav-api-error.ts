import type { ApiErrorCode } from './api-types.ts'

/**
 * Why something was refused, or could not be asked. `unreachable`: nobody answers at the address. `not-kav`: what
 * answers there is not the admin API. `cut-off`: the connection ended in the middle.
 */
export type KavErrorCode = ApiErrorCode | 'unreachable' | 'not-kav' | 'cut-off'

/** What the API refused, in its own words, or why it could not be asked. */
export class KavApiError extends Error {
  /** HTTP status; 0 where nobody answered. */
  readonly status: number
  readonly code: KavErrorCode
  /** What can be done about it. */
  readonly fix: string

  constructor(
    status: number,
    { code, message, fix }: { code: KavErrorCode; message: string; fix: string },
    cause?: unknown,
  ) {
    super(message, { cause })
    this.name = 'KavApiError'
    this.status = status
    this.code = code
    this.fix = fix
  }
}

/** Of an answer that is not a good one. */
export async function errorOf(answer: Response): Promise<KavApiError> {
  const body = (await answer.json().catch(() => undefined)) as { error?: unknown } | undefined
  const error = body?.error as { code: ApiErrorCode; message: string; fix: string } | undefined
  return new KavApiError(
    answer.status,
    error ?? {
      code: 'not-kav',
      message: `what answered is not the admin API (HTTP ${answer.status})`,
      fix: 'check the address: it is that of the operator’s port, 9080 by default',
    },
  )
}

/** Of a request that found no answer. What the caller of it has aborted stays what it is. */
export function errorOfNetwork(thrown: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return thrown
  const told = {
    code: 'unreachable' as const,
    message: 'nobody answers at this address',
    fix: 'see whether kav serve runs, and whether the address is that of the operator’s port; from a browser, whether the page is of that port',
  }
  return new KavApiError(0, told, thrown)
}

/** Of an answer that ended before its end. */
export function errorOfCut(thrown: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return thrown
  const told = {
    code: 'cut-off' as const,
    message: 'the connection ended in the middle',
    fix: 'ask again: what is watched begins with a new snapshot',
  }
  return new KavApiError(0, told, thrown)
}
