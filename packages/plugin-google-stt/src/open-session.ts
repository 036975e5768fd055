import { ProviderError, type SttSession, type SttSessionOptions } from '@kav/core'
import { untilAborted } from '@kav/core/kit'
import type { Lease } from '@kav/google-cloud'
import type { Connection } from './connection.ts'
import { classifyError, type ErrorPlace } from './grpc-errors.ts'
import { toApiLanguage } from './language-code.ts'
import type { ResolvedParams } from './params.ts'
import type { ProviderParts } from './provider-parts.ts'
import { openRawStream } from './raw-stream.ts'
import { fitHints, v1Opening, v2Opening, type RecognitionAsk } from './requests.ts'
import { createLiveSession } from './session.ts'
import { chooseModel } from './streaming-table.ts'
import { openUntilUp } from './stream-opening.ts'

/**
 * Opens one stream and sends its configuration; resolves when it takes audio.
 * A refusal that comes later ends `events` with the same error.
 */
export async function openGoogleSession(
  parts: ProviderParts,
  options: SttSessionOptions,
): Promise<SttSession> {
  const { params, context, pool } = parts
  const { signal } = options
  const region = options.region ?? params.region
  const ask = askFor(params, options, region)
  const place = placeOf(ask, region)
  const cancelled = (): never => {
    throw new ProviderError('cancelled', `Google Speech-to-Text stream (region ${region}): no longer wanted`)
  }
  if (signal.aborted) cancelled()
  countDroppedHints(parts, options)

  const lease = pool.lease(region)
  const { format, callId } = options
  const live = createLiveSession({ lease, params, context, callId, format, place, signal })
  try {
    const client = await untilAborted(signal, lease.connection.client, cancelled)
    const opening = await untilAborted(signal, openingOf(ask, lease), cancelled)
    const stream = await openUntilUp({
      open: (handlers) => openRawStream(client, opening, handlers),
      handlers: live.handlers,
      lease,
      params,
      clock: context.clock,
      signal,
      cancelled,
      region,
    })
    live.start(stream)
  } catch (error) {
    await live.session.close()
    throw classifyError(error, place)
  }
  context.metrics.count('google_stt_streams_total', 1, { region })
  context.log.debug({ call: options.callId, region, model: ask.model }, 'Google stream open')
  return live.session
}

function askFor(params: ResolvedParams, options: SttSessionOptions, region: string): RecognitionAsk {
  const language = options.language ?? params.language
  const model = params.model || chooseModel(params.api, toApiLanguage(language), region, 'stream')
  return { params, format: options.format, model, language, hints: options.hints }
}

function placeOf(ask: RecognitionAsk, region: string): ErrorPlace {
  const { params, model, language } = ask
  return { doing: 'stream', api: params.api, region, model, language: toApiLanguage(language) }
}

function countDroppedHints({ params, context }: ProviderParts, options: SttSessionOptions): void {
  const { left } = fitHints([...params.hints, ...options.hints])
  if (left === 0) return
  context.metrics.count('google_stt_hints_dropped_total', left)
  context.log.warn({ call: options.callId, left }, 'Hints over the limits of Speech-to-Text left out')
}

async function openingOf(ask: RecognitionAsk, lease: Lease<Connection>): Promise<object> {
  if (ask.params.api === 'v1') return v1Opening(ask)
  return v2Opening(ask, await lease.connection.recognizerPath())
}
