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

const NOTHING_SAID: Memory = { digits: NONE, alike: undefined, lastMs: 0, endedMs: 0, behindCard: 0 }

/** @param sentences the end of a sentence ends a number */
export function createSaidText(redaction: Redaction, sentences: boolean): SaidText {
  return new Said(redaction, sentences)
}

/** A class: a call has three of them. */
class Said implements SaidText {
  readonly #redaction: Redaction
  readonly #sentences: boolean
  #now = NOTHING_SAID
  #before = NOTHING_SAID

  constructor(redaction: Redaction, sentences: boolean) {
    this.#redaction = redaction
    this.#sentences = sentences
  }

  endedMs(): number {
    return this.#now.endedMs
  }

  digitsBefore(atMs: number): readonly string[] {
    return recent(this.#now, atMs).flatMap(({ digits }) => digits)
  }

  find(
    text: string,
    atMs: number,
    secrets: ReadonlySet<string>,
    order: TextOrder = 'next',
    { sinceMs, endedMs = atMs, sinceOf }: SaidWhen = {},
  ): FoundPrivate & { readonly fromMs: number } {
    const known = order === 'again' ? this.#before : this.#now
    const before = recent(known, atMs)
    const beganMs = sinceMs ?? known.endedMs
    const said: SaidBefore = {
      digits: before,
      alike: before === NONE ? undefined : known.alike,
      card: known.behindCard > 0,
      sentences: this.#sentences,
      sinceMs: beganMs,
      sinceOf,
    }
    const found = this.#redaction.find(text, said, secrets)
    const { spans, digits, alike, empty } = found
    if (order !== 'passing' && !empty) {
      const isCard = spans.some(({ kind }) => kind === 'card')
      this.#before = known
      this.#now = {
        digits,
        alike,
        lastMs: atMs,
        endedMs: Math.min(endedMs, atMs),
        behindCard: isCard ? TEXTS_BEHIND_CARD : Math.max(0, known.behindCard - 1),
      }
    }
    const fromMs = Math.min(found.sinceMs ?? beganMs, beganMs)
    return { spans, digits, alike, empty, sinceMs: found.sinceMs, fromMs }
  }
}
