/**
 * Words that were told, of which nobody knows where in the caller's audio they end: a final without a time, or with a
 * wrong one, comes after its segment, and the caller may have said more by then. That audio counts as not answered, so
 * a session that follows one that died hears it again; what it says of it once more is not told twice.
 */
export class DoubtfulWords {
  #told: readonly { readonly token: string; readonly readTo: number }[] = []

  /** Its first final may have begun in audio that is not held any more. */
  #isCut = false

  /** They end before `readTo`. */
  add(text: string, readTo: number): void {
    const all = [...this.#told, ...tokensOf(text).map(({ token }) => ({ token, readTo }))]
    this.#told = all.length > MAX_TOKENS ? [] : all
  }

  /** They end before this; 0: there are none. */
  get end(): number {
    return this.#told.at(-1)?.readTo ?? 0
  }

  /** What was told is answered now, but for what `again` still expects. */
  settle(again: ToldAgain | undefined): void {
    const left = again?.left ?? 0
    this.#told = left > 0 ? this.#told.slice(-left) : []
    this.#isCut = false
  }

  /** All audio before `position` is answered. */
  answered(position: number): void {
    const left = this.#told.filter(({ readTo }) => readTo > position)
    this.#isCut = left.length > 0 && (this.#isCut || left.length < this.#told.length)
    this.#told = left
  }

  /** What a session may say again that hears from `base` on. */
  heardFrom(base: number): ToldAgain | undefined {
    const told = this.#told.filter(({ readTo }) => readTo > base)
    if (told.length === 0) return undefined
    const cut = this.#isCut ? told.filter(({ readTo }) => readTo === told[0]!.readTo).length : 0
    return new ToldAgain(
      told.map(({ token }) => token),
      cut,
    )
  }
}

/** What a session that hears audio once more says first: words that were told before, and then what is new. */
export class ToldAgain {
  #tokens: readonly string[]
  /** So many of them may have been said before it began to hear. */
  #mayLack: number

  constructor(tokens: readonly string[], mayLack: number) {
    this.#tokens = tokens
    this.#mayLack = mayLack
  }

  /** How many are still expected. */
  get left(): number {
    return this.#tokens.length
  }

  /** What is new in a partial. It may come before the final of the segment before it. */
  inPartial(text: string): string {
    const tokens = tokensOf(text)
    return behind(text, tokens, agreement(this.#tokens, tokens, this.#tokens.length).words)
  }

  /** What is new in a final; the next one goes on behind it. */
  inFinal(text: string): string {
    const tokens = tokensOf(text)
    if (tokens.length === 0) return text
    const { known, words } = agreement(this.#tokens, tokens, this.#mayLack)
    this.#mayLack = 0
    this.#tokens = known === 0 ? [] : this.#tokens.slice(known)
    return behind(text, tokens, words)
  }
}

/** More than is said in the 40 s that can be heard again. */
const MAX_TOKENS = 400

interface Token {
  readonly token: string
  readonly from: number
}

/** Words; where a language does not write them apart, its letters. */
const TOKENS =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]\p{M}*|[\p{L}\p{M}\p{N}]+/gu

function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(TOKENS)].map(({ 0: word, index }) => ({ token: word.toLowerCase(), from: index }))
}

function behind(text: string, tokens: readonly Token[], count: number): string {
  if (count === 0) return text
  return count < tokens.length ? text.slice(tokens[count]!.from) : ''
}

/** Of the words that both begin with. */
interface Agreement {
  readonly known: number
  readonly words: number
}

/**
 * With how many words both begin: one of them to its end. A recogniser that hears the same again may hear it a little
 * otherwise, so one word in three may differ. Nothing agrees: none of either. So many of the known may be left out.
 */
function agreement(known: readonly string[], tokens: readonly Token[], mayLeaveOut: number): Agreement {
  const words = tokens.slice(0, 2 * MAX_TOKENS)
  let best: Agreement = { known: 0, words: 0 }
  let least = Infinity
  const consider = (at: Agreement, differences: number): void => {
    const allowed = Math.floor(Math.min(at.known, at.words) / 3)
    if (differences > allowed || differences >= least) return
    least = differences
    best = at
  }
  let row = Array.from({ length: words.length + 1 }, (_, index) => index)
  for (let from = 1; from <= known.length; from++) {
    const next = [from <= mayLeaveOut ? 0 : from]
    for (const [index, { token }] of words.entries()) {
      const changed = row[index]! + (token === known[from - 1] ? 0 : 1)
      next.push(Math.min(changed, row[index + 1]! + 1, next[index]! + 1))
    }
    row = next
    if (from < known.length) consider({ known: from, words: words.length }, row[words.length]!)
    else for (let to = 1; to <= words.length; to++) consider({ known: from, words: to }, row[to]!)
  }
  return best
}
