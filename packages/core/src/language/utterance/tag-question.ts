import { primaryLanguage } from '../tags/primary-language.ts'

const AUXILIARY = /^(?:is|are|was|were|do|does|did|can|could|will|would|has|have)$/u
const PRONOUN = /^(?:i|you|he|she|it|they|we)$/u
const NEGATION = /^(?:not|never|no|nothing|nobody|cannot)$|n't$/u
/** Before the question something has been said. */
const LEAST_BEFORE = 3

/**
 * Whether a statement ends in a question for assent: "you don't have anything earlier do you". By its last words alone
 * it would look like one that has just begun.
 */
export function isTagQuestion(words: readonly string[], language: string): boolean {
  if (primaryLanguage(language) !== 'en' || words.length < LEAST_BEFORE + 2) return false
  const [auxiliary = '', pronoun = ''] = words.slice(-2)
  if (!AUXILIARY.test(auxiliary) || !PRONOUN.test(pronoun)) return false
  return words.slice(0, -2).some((word) => NEGATION.test(word))
}
