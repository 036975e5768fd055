import { currentToken, signOut } from '../session/token.ts'
import { createApiError } from './api-error.ts'

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: object
  readonly signal?: AbortSignal
  /** In place of that of whoever is signed in. */
  readonly token?: string
}

/** Asks the admin API. Throws an ApiError for every answer that is no success; 401 signs out as well. */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = 'GET', body, signal } = options
  const token = options.token ?? currentToken.peek()
  const response = await fetch(path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw createApiError(0, undefined)
  })
  if (response.ok) return response
  if (response.status === 401 && token === currentToken.peek()) signOut()
  throw createApiError(response.status, await response.json().catch(() => undefined))
}

export async function requestJson<T>(path: string, options?: RequestOptions): Promise<T> {
  return (await request(path, options).then((response) => response.json())) as T
}
