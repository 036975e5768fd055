import { messageOf } from '@kav/core'
import { loadAdminToken } from './admin-token.ts'
import type { Environment } from '../environment.ts'

/** Who may use the admin API. */
export interface AdminAccess {
  /** Absent: nobody. */
  readonly token: string | undefined
  /** Why there is none: it could not be kept. */
  readonly why?: string
  /** See `OriginRules`. */
  readonly names: readonly string[]
}

/** A folder that cannot be written closes the API and nothing else; a chosen token that is none throws. */
export function readAdminAccess(env: Environment, names: readonly string[]): AdminAccess {
  try {
    return { token: loadAdminToken(env), names }
  } catch (error) {
    if (!isFolderFault(error)) throw error
    return { token: undefined, why: messageOf(error), names }
  }
}

function isFolderFault(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/**
 * The address of the console with the token in its fragment, which no browser sends and no server logs.
 * @param token absent: whoever opens it is asked for it
 * @param page as the console's own addresses have it, `/phone`; absent: the first one
 */
export function consoleLink(
  { host, port }: { host: string; port: number },
  token: string | undefined,
  page?: string,
): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const name = reached.includes(':') ? `[${reached}]` : reached
  const console = `http://${name}:${port}/console/`
  if (token === undefined) return page === undefined ? console : `${console}#${page}`
  const to = page === undefined ? '' : `&to=${encodeURIComponent(page)}`
  return `${console}#token=${encodeURIComponent(token)}${to}`
}
