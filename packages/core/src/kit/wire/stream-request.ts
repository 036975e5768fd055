import type { Clock } from '../../contracts/clock.ts'
import { isError, isProviderError, ProviderError } from '../../contracts/errors.ts'
import { faultOf, type FaultRules } from './fault-rules.ts'
import { refusalOf } from './http-fault.ts'
import { notReached } from './not-reached.ts'
import { createRequestWatch } from './request-watch.ts'

export interface StreamRequest {
  readonly url: string | URL
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | FormData
  readonly faults: FaultRules
  readonly clock: Clock
  /** Any of them ends the request at the service; of the caller's, and of the provider's `close`. */
  readonly signals: readonly AbortSignal[]
  /** From the start of the request to the first piece of its answer. */
  readonly firstMs: number
  /** Between two pieces, counted only while one is waited for. */
  readonly idleMs: number
  /** Whether an answer of this `content-type` is what was asked for; else `bad-data`. Absent: any is. */
  accepts?(contentType: string): boolean
}

/**
 * One HTTP request whose answer is a stream: its pieces as they come. Whatever goes wrong is a `ProviderError`, with the
 * class of the status, `timeout` at a limit, `network` for a cut. Once a signal aborts, the request ends at the service
 * and the iteration ends silently; leaving the iteration ends the request, too. Redirects are not followed: the key
 * would go along.
 */
export async function* streamRequest(request: StreamRequest): AsyncGenerator<Uint8Array, void> {
  const { faults, clock, signals, firstMs, idleMs } = request
  const wanted = (): boolean => !signals.some((signal) => signal.aborted)
  if (!wanted()) return
  const watch = createRequestWatch(clock, signals, { doing: faults.doing, firstMs, idleMs })
  try {
    const body = await answerOf(request, watch.signal)
    for await (const piece of watch.pieces(body)) {
      watch.arrived()
      if (!wanted()) return
      if (piece.length > 0) yield piece
    }
  } catch (thrown) {
    if (!wanted()) return
    throw watch.fault() ?? asFault(thrown, faults)
  } finally {
    watch.end()
  }
}

async function answerOf(request: StreamRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const { url, method = 'POST', headers = {}, body, faults, clock } = request
  const response = await fetch(url, {
    method,
    headers: { ...headers },
    redirect: 'manual',
    signal,
    ...(body !== undefined && { body: body as NonNullable<RequestInit['body']> }),
  })
  if (response.status !== 200) throw await refusalOf(response, faults, clock.wallMs())
  const type = response.headers.get('content-type') ?? ''
  if (request.accepts?.(type) === false) {
    await response.body?.cancel()
    throw faultOf(
      { errorClass: 'bad-data', said: `the server answered with ${type || 'no content type'}` },
      faults,
    )
  }
  return (response.body ?? []) as AsyncIterable<Uint8Array>
}

function asFault(thrown: unknown, faults: FaultRules): ProviderError {
  if (isProviderError(thrown)) return thrown
  if (!isError(thrown)) return faultOf({ errorClass: 'network', said: String(thrown) }, faults)
  return notReached(thrown, faults)
}
