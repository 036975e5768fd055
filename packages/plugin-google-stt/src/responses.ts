import type { SttEvent } from '@kav/core'
import { fromApiLanguage } from './language-code.ts'

interface Duration {
  readonly seconds?: number | string | { toString(): string } | null
  readonly nanos?: number | null
}

interface Result {
  readonly alternatives?:
    readonly { readonly transcript?: string | null; readonly confidence?: number | null }[] | null
  readonly isFinal?: boolean | null
  readonly languageCode?: string | null
  /** v1 */
  readonly resultEndTime?: Duration | null
  /** v2 */
  readonly resultEndOffset?: Duration | null
}

/** The fields of a v1 or v2 `StreamingRecognizeResponse` that are read. */
export interface StreamingResponse {
  readonly results?: readonly Result[] | null
  readonly speechEventType?: string | number | null
  /** v1 */
  readonly speechEventTime?: Duration | null
  /** v2 */
  readonly speechEventOffset?: Duration | null
  /** v1 can fail inside a response. */
  readonly error?: { readonly code?: number | null; readonly message?: string | null } | null
}

/** Protobuf's Duration; int64 comes as a string. */
export function durationToMs(duration: Duration | null | undefined): number | undefined {
  if (duration === null || duration === undefined) return undefined
  return Number(duration.seconds ?? 0) * 1000 + (duration.nanos ?? 0) / 1e6
}

/**
 * One response as events, in order. Pure. Offsets are the stream's own, rounded to whole ms. The interim results of
 * one response are pieces of one hypothesis, stable part first: they become one partial.
 */
export function toEvents(response: StreamingResponse): SttEvent[] {
  const events: SttEvent[] = []
  let partial = ''
  let partialLanguage: string | undefined
  const speech = speechEvent(response)
  if (speech?.type === 'speech-started') events.push(speech)
  for (const result of response.results ?? []) {
    const best = result.alternatives?.[0]
    const transcript = best?.transcript ?? ''
    const language = result.languageCode ? fromApiLanguage(result.languageCode) : undefined
    if (result.isFinal !== true) {
      partial += transcript
      partialLanguage ??= language
      continue
    }
    const text = transcript.trim()
    if (text === '') continue
    const endMs = durationToMs(result.resultEndOffset ?? result.resultEndTime)
    events.push({
      type: 'final',
      text,
      // Zero is protobuf's "not set".
      ...(endMs !== undefined && endMs > 0 && { endMs: Math.round(endMs) }),
      ...(best?.confidence && { confidence: best.confidence }),
      ...(language !== undefined && { language }),
    })
  }
  const text = partial.trim()
  if (text !== '') {
    events.push({
      type: 'partial',
      text,
      ...(partialLanguage !== undefined && { language: partialLanguage }),
    })
  }
  if (speech !== undefined && speech.type !== 'speech-started') events.push(speech)
  return events
}

function speechEvent(response: StreamingResponse): SttEvent | undefined {
  const atMs = durationToMs(response.speechEventOffset ?? response.speechEventTime)
  const at = atMs === undefined ? {} : { atMs: Math.round(atMs) }
  switch (response.speechEventType) {
    case 'SPEECH_ACTIVITY_BEGIN':
      return { type: 'speech-started', ...at }
    case 'SPEECH_ACTIVITY_END':
      return { type: 'speech-stopped', ...at }
    case 'END_OF_SINGLE_UTTERANCE':
    case 'SPEECH_ACTIVITY_TIMEOUT':
      return { type: 'closing', reason: String(response.speechEventType) }
    default:
      return undefined
  }
}
