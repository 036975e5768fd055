/** What the server refused, or that it did not answer: in its own words, with what to do about it. */
export interface ApiError extends Error {
  readonly name: 'ApiError'
  /** 0: no answer came. */
  readonly status: number
  readonly code: string
  readonly fix?: string
}

export function createApiError(status: number, body: unknown): ApiError {
  const told = (body as { error?: { code?: string; message?: string; fix?: string } } | undefined)?.error
  const message =
    told?.message ?? (status === 0 ? 'The server does not answer.' : `The server answered ${status}.`)
  return Object.assign(new Error(message), {
    name: 'ApiError' as const,
    status,
    code: told?.code ?? (status === 0 ? 'unreachable' : 'unexpected'),
    ...(told?.fix !== undefined && { fix: told.fix }),
  })
}

/** Message and fix as sentences: servers write them without capitals and stops. */
export function sentencesOf({ message, fix }: Pick<ApiError, 'message' | 'fix'>): string {
  return [message, fix]
    .filter((text) => text !== undefined && text !== '')
    .map((text) => text!.charAt(0).toUpperCase() + text!.slice(1))
    .map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`))
    .join(' ')
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError'
}
