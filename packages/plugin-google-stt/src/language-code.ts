/**
 * Google lists Hebrew under its old ISO 639 code (`iw-IL`, language tables of v1 and v2) while everyone else,
 * Google's own text-to-speech included, says `he-IL`.
 */
export function toApiLanguage(language: string): string {
  return /^(he|iw)(-il)?$/i.test(language) ? 'iw-IL' : language
}

/** The code as the rest of a pipeline spells it. */
export function fromApiLanguage(language: string): string {
  return /^iw(-il)?$/i.test(language) ? 'he-IL' : language
}
