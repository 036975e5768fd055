import type { SttWord } from '@kav/core'
import { type JsonMessage, wholeList } from '@kav/core/kit'
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
  /** All words and when they were said, from the recogniser's first byte; as written, where the service tells that. */
  readonly words?: readonly SttWord[]
}

/** A result of the SDK, checked. Never throws. */
export function readResult(
  result: Readonly<Record<'text' | 'offset' | 'duration' | 'language', unknown>> & {
    readonly json?: unknown
  },
  wordTimes = false,
) {
  const { text, offset, duration, language } = result
  const words = wordTimes ? wordsOf(result.json) : undefined
  const startMs = ticksToMs(offset)
  const lengthMs = ticksToMs(duration)
  const read: SpeechResult = {
    ...(typeof text === 'string' && text.length <= MAX_TEXT_CHARS && { text }),
    ...(startMs !== undefined && lengthMs !== undefined && { endMs: startMs + lengthMs }),
    ...(typeof language === 'string' && { language }),
    ...(words !== undefined && { words }),
  }
  return read
}

/** The detailed format: `NBest[0].DisplayWords`, else `Words`, of which a number written in digits is several. */
function wordsOf(json: unknown): readonly SttWord[] | undefined {
  const [best] = listOf(fieldsOf(parsed(json))['NBest'])
  const { DisplayWords, Words } = fieldsOf(best)
  const told = listOf(DisplayWords).length > 0 ? listOf(DisplayWords) : listOf(Words)
  return wholeList(told, wordOf)
}

function wordOf({ Word, DisplayText, Offset, Duration }: JsonMessage): SttWord | undefined {
  const word = DisplayText ?? Word
  const startMs = ticksToMs(Offset)
  const lengthMs = ticksToMs(Duration)
  if (typeof word !== 'string' || startMs === undefined || lengthMs === undefined) return undefined
  return { word, startMs, endMs: startMs + lengthMs }
}

function parsed(json: unknown): unknown {
  if (typeof json !== 'string' || json.length > MAX_TEXT_CHARS * 10) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
