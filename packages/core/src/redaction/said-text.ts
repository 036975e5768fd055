import type { FoundPrivate, Redaction, SaidBefore } from './redaction.ts'

/** How a text stands to those before it. */
export type TextOrder =
  /** It follows them. */
  | 'next'
  /** It stands in place of the last one. */
  | 'again'
  /** It may still change, and another will stand in its place. */
  | 'passing'

/** What one speaker says, text by text. */
export interface SaidText {
  /** What is private in a text. `fromMs`: since when the speaker has said it, in earlier texts if it began there. */
  find(
    text: string,
    atMs: number,
    secrets: ReadonlySet<string>,
    order?: TextOrder,
  ): FoundPrivate & { readonly fromMs: number }
}

interface Memory {
  readonly digits: readonly string[]
  /** Since when the digits are said. */
  readonly digitsMs: number
  readonly lastMs: number
  readonly behindCard: number
}

/** For so many texts after a card, three or four digits alone are its date or its code. */
const TEXTS_BEHIND_CARD = 4
/** A number that goes on after so long is another one. */
const TAIL_MS = 60_000

/** @param sentences the end of a sentence ends a number */
export function createSaidText(redaction: Redaction, sentences: boolean): SaidText {
  let now: Memory = { digits: [], digitsMs: 0, lastMs: 0, behindCard: 0 }
  let before = now

  return {
    find(text, atMs, secrets, order = 'next') {
      const known = order === 'again' ? before : now
      const digits = atMs - known.lastMs > TAIL_MS ? [] : known.digits
      const said: SaidBefore = { digits, card: known.behindCard > 0, sentences }
      const found = redaction.find(text, said, secrets)
      const fromMs = found.withBefore ? known.digitsMs : known.lastMs
      if (order !== 'passing' && !found.empty) {
        const isCard = found.spans.some(({ kind }) => kind === 'card')
        before = known
        now = {
          digits: found.digits,
          digitsMs: digits.length === 0 ? known.lastMs : known.digitsMs,
          lastMs: atMs,
          behindCard: isCard ? TEXTS_BEHIND_CARD : Math.max(0, known.behindCard - 1),
        }
      }
      return { ...found, fromMs }
    },
  }
}
