import { ProviderError, type Clock } from '@kav/core'
import { createDeferred } from '@kav/core/kit'
import type { Lease } from '@kav/google-cloud'
import type { Connection } from './connection.ts'
import type { ResolvedParams } from './params.ts'
import type { RawStream, RawStreamHandlers } from './raw-stream.ts'

export interface StreamOpening {
  open(handlers: RawStreamHandlers): RawStream
  /** Get what the stream reports; its end only once it was up. */
  readonly handlers: RawStreamHandlers
  readonly lease: Lease<Connection>
  readonly params: ResolvedParams
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Throws what an abort of `signal` means. */
  cancelled(): never
  readonly region: string
}

/**
 * Opens a stream and resolves when it takes audio. gRPC has no answer to an accepted stream, and Google may stay
 * silent until there are words. So a stream counts as up when the server's headers or a first response arrive, or when
 * its connection is up and `open_grace_ms` have passed without a refusal.
 */
export async function openUntilUp(opening: StreamOpening): Promise<RawStream> {
  const { handlers, lease, params, signal } = opening
  const up = createDeferred<void>()
  let isUp = false
  let isSettled = false
  let stopGrace: () => void = () => undefined
  const nowUp = (): void => {
    isUp = true
    up.resolve()
  }
  const stream = opening.open({
    onHeaders() {
      handlers.onHeaders()
      nowUp()
    },
    onResponse(response) {
      handlers.onResponse(response)
      nowUp()
    },
    onEnd(error) {
      if (isUp) handlers.onEnd(error)
      else up.reject(error ?? endedAtOnce(opening.region))
    },
  })
  const onAbort = (): void => up.reject(new Error('aborted'))
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  lease.connection.ready(params.connect_timeout_ms).then(
    () => {
      lease.heard()
      if (!isSettled) stopGrace = opening.clock.after(params.open_grace_ms, nowUp)
    },
    (error: unknown) => {
      // The next try would wait for the same far end, which says nothing.
      lease.abandon()
      up.reject(error)
    },
  )
  try {
    await up.promise
    return stream
  } catch (error) {
    stream.cancel()
    throw signal.aborted ? opening.cancelled() : error
  } finally {
    isSettled = true
    stopGrace()
    signal.removeEventListener('abort', onAbort)
  }
}

function endedAtOnce(region: string): ProviderError {
  return new ProviderError('network', `Google ended the stream at once (region ${region})`)
}
