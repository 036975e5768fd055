import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { SttEvent, SttWord } from '@kav/core'
import { createForeignReader, type JsonMessage, wholeList } from '@kav/core/kit'
import { fromApiLanguage } from './language-code.ts'

const maybe = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))

const ResultSchema = Type.Object({
  alternatives: maybe(
    Type.Array(
      Type.Object({
        transcript: maybe(Type.String()),
        confidence: Type.Optional(Type.Unknown()),
        words: Type.Optional(Type.Unknown()),
      }),
    ),
  ),
  isFinal: maybe(Type.Boolean()),
  languageCode: maybe(Type.String()),
  /** v1 */
  resultEndTime: Type.Optional(Type.Unknown()),
  /** v2 */
  resultEndOffset: Type.Optional(Type.Unknown()),
})

/** The fields of a v1 or v2 `StreamingRecognizeResponse` that are read. */
const ResponseSchema = Type.Object({
  results: maybe(Type.Array(ResultSchema)),
  speechEventType: Type.Optional(Type.Unknown()),
  /** v1 */
  speechEventTime: Type.Optional(Type.Unknown()),
  /** v2 */
  speechEventOffset: Type.Optional(Type.Unknown()),
  /** v1 can fail inside a response. */
  error: maybe(Type.Object({ code: maybe(Type.Number()), message: maybe(Type.String()) })),
})

export type StreamingResponse = Static<typeof ResponseSchema>

/** A response of the SDK, streaming or unary, checked; or why it cannot be read. */
export const readResponse = createForeignReader(ResponseSchema)

/** A day: longer than any stream. */
const MAX_OFFSET_MS = 86_400_000

/** Protobuf's Duration (int64 comes as a string), in ms; `undefined` for what cannot be an offset. */
export function durationToMs(duration: unknown): number | undefined {
  if (typeof duration !== 'object' || duration === null) return undefined
  const { seconds, nanos } = duration as Record<string, unknown>
  const ms = numberOf(seconds) * 1000 + numberOf(nanos) / 1e6
  return ms >= 0 && ms <= MAX_OFFSET_MS ? ms : undefined
}

/** Protobuf's zero is left out, or null. */
function numberOf(value: unknown): number {
  if (value === undefined || value === null) return 0
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN
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
    const confidence = confidenceOf(best?.confidence)
    const words = wordsOf(best?.words)
    events.push({
      type: 'final',
      text,
      // Zero is protobuf's "not set".
      ...(endMs !== undefined && endMs > 0 && { endMs: Math.round(endMs) }),
      ...(confidence !== undefined && { confidence }),
      ...(words !== undefined && { words }),
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

/** Zero is protobuf's "not set" here too. */
function confidenceOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value <= 1 ? value : undefined
}

/** All words with their times, or nothing. */
function wordsOf(value: unknown): readonly SttWord[] | undefined {
  return wholeList(value, wordOf)
}

function wordOf({ word, confidence, ...times }: JsonMessage): SttWord | undefined {
  const start = times['startOffset'] ?? times['startTime']
  // The first word may begin at zero, which protobuf leaves out.
  const startMs = start === undefined || start === null ? 0 : durationToMs(start)
  const endMs = durationToMs(times['endOffset'] ?? times['endTime'])
  if (typeof word !== 'string' || startMs === undefined || endMs === undefined || endMs < startMs)
    return undefined
  const share = confidenceOf(confidence)
  return {
    word,
    startMs: Math.round(startMs),
    endMs: Math.round(endMs),
    ...(share !== undefined && { confidence: share }),
  }
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
      return { type: 'closing', reason: response.speechEventType }
    default:
      return undefined
  }
}
