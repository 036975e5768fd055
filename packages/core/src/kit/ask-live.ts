import type { Clock } from '../contracts/clock.ts'
import { ProviderError } from '../contracts/errors.ts'
import { textUpTo } from './text-up-to.ts'

/** The longest that one question of a live check waits for its answer. */
export const LIVE_CHECK_MS = 10_000
/** What is behind it is not read. */
const MAX_ANSWER_BYTES = 8_388_608

/** Whether a key can stand in a header: what was pasted with a line break cannot, and `fetch` would quote it. */
export function isSendable(secret: string): boolean {
  return /^[\x21-\x7e]+$/.test(secret)
}

export interface LiveAnswer {
  readonly status: number
  readonly headers: Headers
  /** The body as JSON; `undefined` when it is something else. */
  readonly json: unknown
}

export interface LiveQuestion {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly limitMs?: number
}

/**
 * One request of a live check, its deadline over the body too. Redirects are not followed: the key would go along.
 * Rejects with what `fetch` throws, or with a `timeout` ProviderError; `noAnswer` tells either.
 */
export async function askLive(url: string, question: LiveQuestion): Promise<LiveAnswer> {
  const { clock, method = 'GET', limitMs = LIVE_CHECK_MS } = question
  const abort = new AbortController()
  const cancel = clock.after(limitMs, () =>
    abort.abort(new ProviderError('timeout', `no answer within ${limitMs} ms`)),
  )
  try {
    const response = await fetch(url, {
      method,
      // A kept connection would only be one more thing to close.
      headers: { accept: 'application/json', connection: 'close', ...question.headers },
      ...(method === 'POST' && { body: '' }),
      redirect: 'manual',
      signal: abort.signal,
    })
    const text = await textUpTo(response.body as AsyncIterable<Uint8Array> | null, MAX_ANSWER_BYTES)
    return { status: response.status, headers: response.headers, json: parse(text) }
  } finally {
    cancel()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
