import type { SttWord } from '@kav/core'

/** No turn of a caller is longer. */
export const MAX_TEXT_CHARS = 100_000
/** A session is over long before. */
const MAX_SECONDS = 1_000_000

/** Seconds as Deepgram counts them, in milliseconds; `undefined` for anything else. */
export function msOf(seconds: unknown): number | undefined {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_SECONDS)) return undefined
  return Math.round(seconds * 1000)
}

/** A confidence, 0 to 1. */
export function shareOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
}

/** All words with their times, or nothing: a list with a hole in it would be believed whole. */
export function wordsOf(value: unknown): readonly SttWord[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const words = value.map(wordOf)
  return words.every((word) => word !== undefined) ? words : undefined
}

function wordOf(value: unknown): SttWord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const fields = value as Readonly<Record<string, unknown>>
  const word = fields.punctuated_word ?? fields.word
  const [startMs, endMs] = [msOf(fields.start), msOf(fields.end)]
  const confidence = shareOf(fields.confidence)
  if (typeof word !== 'string' || startMs === undefined || endMs === undefined) return undefined
  return { word, startMs, endMs, ...(confidence !== undefined && { confidence }) }
}

/** The first of a list of language codes. */
export function languageIn(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined
  return typeof first === 'string' && /^[A-Za-z]{2,3}(-\w{2,8})*$/.test(first) ? first : undefined
}

/** The fields that have a value. */
export function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
