import type { Clock, TtsRequest } from '@kav/core'
import { addressOf, type FaultRules, isSayable, splitText, streamRequest } from '@kav/core/kit'
import { authorization, originOf } from '../connection.ts'
import { MAX_TEXT_CHARS, speakQuery } from './speak-query.ts'
import { type TtsParams, voiceFor } from './tts-params.ts'

export interface Speaking {
  readonly params: TtsParams
  readonly clock: Clock
  /** Of this voice. */
  faultsFor(voice: string): FaultRules
  readonly signals: readonly AbortSignal[]
}

/** One text, in as many requests (`POST /v1/speak`) as its length asks for; bare audio, without a header. */
export async function* speakByRequest(
  { params, clock, faultsFor, signals }: Speaking,
  { text, format, language }: TtsRequest,
): AsyncGenerator<Uint8Array, void> {
  const voice = voiceFor(params, language)
  const query = { ...speakQuery(params, voice, format), container: 'none' }
  for (const piece of isSayable(text) ? splitText(text, MAX_TEXT_CHARS) : []) {
    yield* streamRequest({
      url: addressOf(originOf(params), '/v1/speak', query),
      headers: { ...authorization(params), 'content-type': 'application/json' },
      body: JSON.stringify({ text: piece }),
      faults: faultsFor(voice),
      clock,
      signals,
      firstMs: params.first_audio_timeout_ms,
      idleMs: params.idle_timeout_ms,
      // An error with status 200 would be noise in the caller's ear.
      accepts: (type) => !/^(application\/json|text\/)/i.test(type),
    })
  }
}
