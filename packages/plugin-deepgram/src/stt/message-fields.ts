import type { SttWord } from '@kav/core'
import { given, offsetMs, shareOf, wholeList } from '@kav/core/kit'

/** No turn of a caller is longer. */
export const MAX_TEXT_CHARS = 100_000

/** Deepgram counts in seconds. */
export const msOf = (seconds: unknown): number | undefined => offsetMs(seconds, 1000)

/** All words with their times, or nothing. */
export function wordsOf(value: unknown): readonly SttWord[] | undefined {
  return wholeList(value, ({ word: plain, punctuated_word, start, end, confidence }) => {
    const word = punctuated_word ?? plain
    const [startMs, endMs] = [msOf(start), msOf(end)]
    if (typeof word !== 'string' || startMs === undefined || endMs === undefined) return undefined
    return { word, startMs, endMs, ...given({ confidence: shareOf(confidence) }) }
  })
}

/** The first of a list of language codes. */
export function languageIn(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined
  return typeof first === 'string' && /^[A-Za-z]{2,3}(-\w{2,8})*$/.test(first) ? first : undefined
}
