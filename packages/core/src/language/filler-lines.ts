import { primaryLanguage } from './tags/primary-language.ts'

/** What an agent says that lets a caller wait, one entry per language: short, and right before any answer. */
const FILLER_LINES: ReadonlyMap<string, readonly string[]> = new Map([
  ['en', ['One moment.', 'Let me see.', 'Just a second.']],
  ['he', ['רגע אחד.', 'שנייה אחת.', 'רק רגע.']],
])

/** @param language BCP 47 tag. A language without lines gives none. */
export function fillerLinesFor(language: string): readonly string[] {
  return FILLER_LINES.get(primaryLanguage(language)) ?? []
}
