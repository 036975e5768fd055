import type { SttHintCaps } from '../../contracts/stt.ts'

/** The phrases that a recogniser takes, the most wanted first; one that does not fit leaves room for those behind it. */
export function capHints(hints: readonly string[], caps: SttHintCaps | undefined): readonly string[] {
  if (caps === undefined || hints.length === 0) return hints
  const { maxPhrases = Infinity, maxPhraseChars = Infinity, maxChars = Infinity } = caps
  const kept: string[] = []
  let chars = 0
  for (const hint of hints) {
    if (kept.length >= maxPhrases) break
    if (hint.length > maxPhraseChars || chars + hint.length > maxChars) continue
    kept.push(hint)
    chars += hint.length
  }
  return kept.length === hints.length ? hints : kept
}
