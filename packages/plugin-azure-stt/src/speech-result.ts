import { ticksToMs } from '@kav/azure-speech'

/** Longer texts are nothing that a person said in one breath. */
const MAX_TEXT_CHARS = 100_000

/** What is read of a result. The SDK hands on what the service's JSON held, whatever its types say. */
export interface SpeechResult {
  /** Absent: there was none, or it is no text. */
  readonly text?: string
  /** End of the segment, from the recogniser's first byte. Absent: nobody knows. */
  readonly endMs?: number
  readonly language?: string
}

/** A result of the SDK, checked. Never throws. */
export function readResult(result: Readonly<Record<'text' | 'offset' | 'duration' | 'language', unknown>>) {
  const { text, offset, duration, language } = result
  const startMs = ticksToMs(offset)
  const lengthMs = ticksToMs(duration)
  const read: SpeechResult = {
    ...(typeof text === 'string' && text.length <= MAX_TEXT_CHARS && { text }),
    ...(startMs !== undefined && lengthMs !== undefined && { endMs: startMs + lengthMs }),
    ...(typeof language === 'string' && { language }),
  }
  return read
}
