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
    when?: SaidWhen,
  ): FoundPrivate & { readonly fromMs: number }
  /** When the last text was over. */
  endedMs(): number
  /** Digits that may be the beginning of a number that goes on, group by group. */
  digitsBefore(atMs: number): readonly string[]
}

/** When a text was said, as far as that is known. */
export interface SaidWhen extends Pick<SaidBefore, 'sinceOf'> {
  /** Since when it is being said; absent: since the last text was over. */
  readonly sinceMs?: number
  /** When it was over; absent: now. */
  readonly endedMs?: number | undefined
}

interface Memory {
  readonly digits: readonly SaidDigits[]
  readonly alike: readonly SaidDigits[] | undefined
  /** When it was told. */
  readonly lastMs: number
  /** When it was over. */
  readonly endedMs: number
  readonly behindCard: number
}

/** For so many texts after a card, three or four digits alone are its date or its code. */
const TEXTS_BEHIND_CARD = 4
/** A number that goes on after so long is another one. */
const TAIL_MS = 60_000

const NONE: readonly SaidDigits[] = []

function recent({ digits, lastMs }: Memory, atMs: number): readonly SaidDigits[] {
  return atMs - lastMs > TAIL_MS ? NONE : digits
}

/** @param sentences the end of a sentence ends a number */
export function createSaidText(redaction: Redaction, sentences: boolean): SaidText {
  let now: Memory = { digits: [], alike: undefined, lastMs: 0, endedMs: 0, behindCard: 0 }
  let before = now

  return {
    endedMs: () => now.endedMs,
    digitsBefore: (atMs) => recent(now, atMs).flatMap(({ digits }) => digits),
    find(text, atMs, secrets, order = 'next', { sinceMs, endedMs = atMs, sinceOf } = {}) {
      const known = order === 'again' ? before : now
      const digits = recent(known, atMs)
      const beganMs = sinceMs ?? known.endedMs
      const said: SaidBefore = {
        digits,
        alike: digits === NONE ? undefined : known.alike,
        card: known.behindCard > 0,
        sentences,
        sinceMs: beganMs,
        ...(sinceOf && { sinceOf }),
      }
      const found = redaction.find(text, said, secrets)
      const fromMs = Math.min(found.sinceMs ?? beganMs, beganMs)
      if (order !== 'passing' && !found.empty) {
        const isCard = found.spans.some(({ kind }) => kind === 'card')
        before = known
        now = {
          digits: found.digits,
          alike: found.alike,
          lastMs: atMs,
          endedMs: Math.min(endedMs, atMs),
          behindCard: isCard ? TEXTS_BEHIND_CARD : Math.max(0, known.behindCard - 1),
        }
      }
      return { ...found, fromMs }
    },
  }
}
