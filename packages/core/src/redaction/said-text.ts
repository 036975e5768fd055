import type { FoundPrivate, Redaction } from './redaction.ts'
import type { SaidBefore, SaidDigits } from './said-cards.ts'

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
    /** Since when it is being said; absent: since the last text. */
    sinceMs?: number,
  ): FoundPrivate & { readonly fromMs: number }
  /** Digits that may be the beginning of a number that goes on, group by group. */
  digitsBefore(atMs: number): readonly string[]
}

interface Memory {
  readonly digits: readonly SaidDigits[]
  readonly lastMs: number
  readonly behindCard: number
}

/** For so many texts after a card, three or four digits alone are its date or its code. */
const TEXTS_BEHIND_CARD = 4
/** A number that goes on after so long is another one. */
const TAIL_MS = 60_000

function recent({ digits, lastMs }: Memory, atMs: number): readonly SaidDigits[] {
  return atMs - lastMs > TAIL_MS ? [] : digits
}

/** @param sentences the end of a sentence ends a number */
export function createSaidText(redaction: Redaction, sentences: boolean): SaidText {
  let now: Memory = { digits: [], lastMs: 0, behindCard: 0 }
  let before = now

  return {
    digitsBefore: (atMs) => recent(now, atMs).flatMap(({ digits }) => digits),
    find(text, atMs, secrets, order = 'next', sinceMs) {
      const known = order === 'again' ? before : now
      const digits = recent(known, atMs)
      const beganMs = sinceMs ?? known.lastMs
      const said: SaidBefore = { digits, card: known.behindCard > 0, sentences, sinceMs: beganMs }
      const found = redaction.find(text, said, secrets)
      const fromMs = Math.min(found.sinceMs ?? beganMs, beganMs)
      if (order !== 'passing' && !found.empty) {
        const isCard = found.spans.some(({ kind }) => kind === 'card')
        before = known
        now = {
          digits: found.digits,
          lastMs: atMs,
          behindCard: isCard ? TEXTS_BEHIND_CARD : Math.max(0, known.behindCard - 1),
        }
      }
      return { ...found, fromMs }
    },
  }
}
