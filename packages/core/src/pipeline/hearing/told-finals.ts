import { plainWords } from './plain-words.ts'

/**
 * The finals with times that one session has told. A provider may repeat one: then it is told at the same time, in the
 * same words. Times that run backwards are none: what is said with one is new all the same, for a caller whose words
 * are left out talks to nobody.
 */
export class ToldFinals {
  /** Position of the latest end. */
  #latest = -Infinity
  readonly #newest: { readonly end: number; readonly words: string }[] = []

  /** What is known of a final that ends here: `repeated`, `ahead` of all that was told, or its time is `wrong`. */
  add(end: number, text: string): 'repeated' | 'ahead' | 'wrong' {
    const words = plainWords(text)
    if (this.#newest.some((told) => told.end === end && told.words === words)) return 'repeated'
    this.#newest.push({ end, words })
    if (this.#newest.length > MOST_KEPT) this.#newest.shift()
    const isAhead = end > this.#latest
    if (isAhead) this.#latest = end
    return isAhead ? 'ahead' : 'wrong'
  }
}

/** Nobody repeats an older one. */
const MOST_KEPT = 8
