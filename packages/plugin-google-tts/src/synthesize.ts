import { ProviderError, parseWavHeader } from '@kav/core'
import { delay, untilAborted } from '@kav/core/kit'
import { callUnary } from '@kav/google-cloud'
import { classifyCredentialsError, classifyError } from './grpc-errors.ts'
import { unaryRequest, type Piece } from './requests.ts'
import { placeOf, type SpeakContext } from './speak-context.ts'

const RETRY_DELAY_MS = 200
/** Chunks are handed on in this size (400 ms of mu-law), so that an interruption meets them half-way. */
const CHUNK_BYTES = 3200

/**
 * One piece in one request, tried again while that can help. Yields headerless audio; ends silently once the signal
 * aborts, which ends the request. Throws a `ProviderError`.
 */
export async function* synthesize(piece: Piece, speak: SpeakContext): AsyncGenerator<Uint8Array> {
  const answer = await untilAborted(speak.signal, requestWithRetries(piece, speak), () => undefined)
  if (answer === undefined) return
  const audio = withoutHeader(answer)
  for (let at = 0; at < audio.length && !speak.signal.aborted; at += CHUNK_BYTES) {
    yield audio.subarray(at, at + CHUNK_BYTES)
  }
}

async function requestWithRetries(piece: Piece, speak: SpeakContext): Promise<Uint8Array> {
  const { params, context, signal } = speak
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request(piece, speak)
    } catch (thrown) {
      const error = classifyError(thrown, placeOf(speak, 'synthesis'))
      if (!error.retryable || attempt >= params.tries || signal.aborted) throw error
      context.metrics.count('google_tts_retries_total', 1, { class: error.class })
      context.log.warn(
        { call: speak.callId, attempt, error: error.message },
        'Google speech synthesis tried again',
      )
      await delay(context.clock, RETRY_DELAY_MS, signal)
    }
  }
}

async function request(piece: Piece, speak: SpeakContext): Promise<Uint8Array> {
  const { params, pool, voice, format } = speak
  const lease = pool.lease(params.region)
  try {
    const client = await lease.connection.client.catch((error: unknown) => {
      throw classifyCredentialsError(error, placeOf(speak, 'synthesis'))
    })
    const response = await callUnary(client, {
      method: 'synthesizeSpeech',
      request: unaryRequest(piece, voice, format, params),
      timeoutMs: params.timeout_ms,
      signal: speak.signal,
    })
    lease.release()
    const audio = (response as { audioContent?: unknown }).audioContent
    if (!(audio instanceof Uint8Array) || audio.length === 0) {
      throw new ProviderError('bad-data', 'Google Text-to-Speech: an answer without audio')
    }
    return audio
  } catch (thrown) {
    const error = classifyError(thrown, placeOf(speak, 'synthesis'))
    // No answer in time may be a half-open connection: the next try gets another one.
    if (error.class === 'timeout') lease.abandon()
    else lease.release()
    throw error
  }
}

/** Mu-law, A-law and linear16 come as WAV files (cloud_tts.proto), with chunks before and behind the samples. */
function withoutHeader(answer: Uint8Array): Uint8Array {
  try {
    const header = parseWavHeader(answer)
    if (typeof header !== 'object') return answer
    const end = header.dataBytes === 0 ? answer.length : header.dataOffset + header.dataBytes
    return answer.subarray(header.dataOffset, end)
  } catch (error) {
    throw new ProviderError('bad-data', `Google Text-to-Speech: ${String(error)}`, { cause: error })
  }
}
