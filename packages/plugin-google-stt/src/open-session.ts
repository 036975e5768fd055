import { ProviderError, type Clock, type SttSession, type SttSessionOptions } from '@kav/core'
import type { Lease } from './connection-pool.ts'
import { classifyError, type ErrorPlace } from './grpc-errors.ts'
import { toApiLanguage } from './language-code.ts'
import type { ResolvedParams } from './params.ts'
import type { ProviderParts } from './provider-parts.ts'
import { openRawStream, type RawStream } from './raw-stream.ts'
import { fitHints, v1Opening, v2Opening, type RecognitionAsk } from './requests.ts'
import { createLiveSession, type LiveSession } from './session.ts'
import { chooseModel } from './streaming-table.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * Opens one stream and sends its configuration; resolves when it takes audio. gRPC has no answer to an accepted
 * stream, and Google may stay silent until there are words. So a stream counts as up when the server's headers or a
 * first response arrive, or when its connection is up and `open_grace_ms` have passed without a refusal.
 * A refusal that comes later ends `events` with the same error.
 */
export async function openGoogleSession(
  parts: ProviderParts,
  options: SttSessionOptions,
): Promise<SttSession> {
  const { params, context, pool } = parts
  const region = options.region ?? params.region
  const ask = askFor(params, options, region)
  const place: ErrorPlace = {
    doing: 'stream',
    api: params.api,
    region,
    model: ask.model,
    language: toApiLanguage(ask.language),
  }
  if (options.signal.aborted) throw cancelled(place)
  const left = fitHints([...params.hints, ...options.hints]).left
  if (left > 0) {
    context.metrics.count('google_stt_hints_dropped_total', left)
    context.log.warn({ callId: options.callId, left }, 'Hints over the limits of Speech-to-Text left out')
  }

  const lease = pool.lease(region)
  const live = createLiveSession({
    lease,
    params,
    context,
    format: options.format,
    place,
    signal: options.signal,
  })
  try {
    const client = await untilAborted(options.signal, 'stream', lease.connection.client)
    const opening =
      params.api === 'v2'
        ? v2Opening(ask, await untilAborted(options.signal, 'stream', lease.connection.recognizerPath()))
        : v1Opening(ask)
    const stream = await waitUntilUp(lease, live, params, context.clock, options.signal, place, (handlers) =>
      openRawStream(client, opening, handlers),
    )
    live.start(stream)
  } catch (error) {
    await live.session.close()
    throw classifyError(error, place)
  }
  context.metrics.count('google_stt_streams_total', 1, { region })
  context.log.debug({ callId: options.callId, region, model: ask.model }, 'Google stream open')
  return live.session
}

function askFor(params: ResolvedParams, options: SttSessionOptions, region: string): RecognitionAsk {
  const language = options.language ?? params.language
  const model = params.model || chooseModel(params.api, toApiLanguage(language), region, 'stream')
  return { params, format: options.format, model, language, hints: options.hints }
}

function cancelled(place: ErrorPlace): ProviderError {
  return new ProviderError(
    'cancelled',
    `Google Speech-to-Text stream (region ${place.region}): no longer wanted`,
  )
}

type OpenStream = (handlers: LiveSession['handlers']) => RawStream

function waitUntilUp(
  lease: Lease,
  live: LiveSession,
  params: ResolvedParams,
  clock: Clock,
  signal: AbortSignal,
  place: ErrorPlace,
  openStream: OpenStream,
): Promise<RawStream> {
  return new Promise((resolve, reject) => {
    let stopGrace: () => void = () => undefined
    let settled = false
    const settle = (error?: unknown): void => {
      if (settled) return
      settled = true
      stopGrace()
      signal.removeEventListener('abort', onAbort)
      if (error === undefined) resolve(stream)
      else {
        stream.cancel()
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    const onAbort = (): void => {
      settle(cancelled(place))
    }
    const stream = openStream({
      onHeaders() {
        live.handlers.onHeaders()
        settle()
      },
      onResponse(response) {
        live.handlers.onResponse(response)
        settle()
      },
      onEnd(error) {
        if (settled) live.handlers.onEnd(error)
        else
          settle(
            error ?? new ProviderError('network', `Google ended the stream at once (region ${place.region})`),
          )
      },
    })
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    lease.connection.ready(params.connect_timeout_ms).then(() => {
      if (!settled) stopGrace = clock.after(params.open_grace_ms, settle)
    }, settle)
  })
}
