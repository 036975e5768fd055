import { ProviderError, bytesPerSecond, type SttSessionOptions } from '@kav/core'
import { untilAborted } from '@kav/core/kit'
import { callUnary, type UnaryCall } from '@kav/google-cloud'
import { classifyError, type ErrorPlace } from './grpc-errors.ts'
import { toApiLanguage } from './language-code.ts'
import { regionsOf } from './params.ts'
import type { ProviderParts } from './provider-parts.ts'
import { readResponse } from './responses.ts'
import { v1Config, v2Config, type RecognitionAsk } from './requests.ts'
import { chooseModel } from './streaming-table.ts'

/** A synchronous request takes 60 s of audio (docs "Quotas and limits"). */
const MAX_REQUEST_MS = 55_000

/**
 * One utterance in one request, region after region. Longer audio goes in pieces. Throws a `ProviderError`;
 * `cancelled` once `signal` aborts, which ends the request.
 */
export async function recognizeUtterance(
  parts: ProviderParts,
  audio: Uint8Array,
  options: Omit<SttSessionOptions, 'region'>,
): Promise<string> {
  const content = Buffer.from(audio)
  const pieceBytes = (bytesPerSecond(options.format) / 1000) * MAX_REQUEST_MS
  const texts: string[] = []
  for (let at = 0; at < content.length; at += pieceBytes) {
    texts.push(await recognizePiece(parts, content.subarray(at, at + pieceBytes), options))
  }
  return texts.filter((text) => text !== '').join(' ')
}

async function recognizePiece(
  parts: ProviderParts,
  content: Buffer,
  options: Omit<SttSessionOptions, 'region'>,
): Promise<string> {
  const regions = regionsOf(parts.params)
  let last: ProviderError | undefined
  for (const region of regions) {
    try {
      return await untilAborted(options.signal, recognizeIn(parts, region, content, options), cancelled)
    } catch (error) {
      const place: ErrorPlace = { doing: 'recognize', api: parts.params.api, region }
      last = classifyError(error, place)
      parts.context.metrics.count('google_stt_recognize_errors_total', 1, { region, class: last.class })
      if (last.class === 'cancelled') break
    }
  }
  throw last ?? new ProviderError('bad-request', 'Google Speech-to-Text: no region configured')
}

function cancelled(): never {
  throw new ProviderError('cancelled', 'Google Speech-to-Text recognize: no longer wanted')
}

async function recognizeIn(
  parts: ProviderParts,
  region: string,
  content: Buffer,
  options: Omit<SttSessionOptions, 'region'>,
): Promise<string> {
  const { params, pool } = parts
  const language = options.language ?? params.language
  const model = params.model || chooseModel(params.api, toApiLanguage(language), region, 'recognize')
  const ask: RecognitionAsk = { params, format: options.format, model, language, hints: options.hints }
  const place: ErrorPlace = { doing: 'recognize', api: params.api, region, model, language }
  const lease = pool.lease(region)
  try {
    const client = await lease.connection.client
    const response = await callUnary(client, {
      method: 'recognize',
      ...(params.api === 'v2'
        ? v2Call(ask, content, await lease.connection.recognizerPath())
        : v1Call(ask, content)),
      timeoutMs: params.recognize_timeout_ms,
      signal: options.signal,
    })
    lease.heard()
    const read = readResponse(response)
    if (!read.ok) throw new ProviderError('bad-data', `Google Speech-to-Text recognize: ${read.why}`)
    return (read.value.results ?? [])
      .map((result) => result.alternatives?.[0]?.transcript?.trim() ?? '')
      .filter((text) => text !== '')
      .join(' ')
  } catch (error) {
    throw classifyError(error, place)
  } finally {
    lease.release()
  }
}

function v1Call(ask: RecognitionAsk, content: Buffer): Pick<UnaryCall, 'request'> {
  return { request: { config: v1Config(ask), audio: { content } } }
}

function v2Call(
  ask: RecognitionAsk,
  content: Buffer,
  recognizer: string,
): Pick<UnaryCall, 'request' | 'routing'> {
  return { request: { recognizer, config: v2Config(ask), content }, routing: { recognizer } }
}
