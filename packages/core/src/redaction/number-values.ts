import type { NumberWord } from './number-words.ts'

/** Digits that stand together in a text, or the words of a number. */
export interface NumberToken {
  readonly start: number
  readonly end: number
  readonly digits: string
  /** It is a word that only sounds like a digit. */
  readonly alike?: true
}

/** Makes tokens of the words of a number, each as it may change the one before: "forty" two, "four thousand" one. */
export interface NumberWords {
  add(word: NumberWord, start: number, end: number): void
  /** Digits that are written as such. */
  addDigits(digits: string, start: number, end: number): void
  empty(): boolean
  /** The tokens so far; the next begins anew. */
  take(): NumberToken[]
}

/** What the last token was, where the next word may change it. `scale`: its end is zeros, for what is smaller. */
type Last = 'unit' | 'tens' | 'scale' | 'added' | 'word' | 'other'

export function createNumberWords(): NumberWords {
  return new Numbers()
}

/** A class: what a word does depends on all that the words before it have left. */
class Numbers implements NumberWords {
  #tokens: NumberToken[] = []
  #times: { readonly start: number; readonly times: number } | undefined
  #last: Last = 'other'
  /** The token before one was added to it, and the one that was. */
  #parts: readonly [NumberToken, NumberToken] | undefined

  add(word: NumberWord, start: number, end: number): void {
    if (word.kind === 'times') this.#multiply(word.times, start)
    else if (word.kind === 'several') {
      this.#multiply('counted', start)
      this.#push(start, end, word.digit, 'other')
    } else if (word.kind === 'tens') this.#tens(`${word.digit}0`, start, end)
    else if (word.kind === 'digits') this.#small(word, start, end)
    else if (word.kind === 'scale') this.#scale(word.zeros, start, end)
  }

  addDigits(digits: string, start: number, end: number): void {
    this.#push(start, end, digits, 'other')
  }

  empty(): boolean {
    return this.#tokens.length === 0
  }

  take(): NumberToken[] {
    const all = this.#tokens
    this.#tokens = []
    this.#times = undefined
    this.#last = 'other'
    return all
  }

  #push(start: number, end: number, digits: string, kind: Last, alike?: true): void {
    const repeat = this.#times && digits.length === 1 ? this.#times : undefined
    this.#tokens.push({
      start: repeat?.start ?? start,
      end,
      digits: digits.repeat(repeat?.times ?? 1),
      ...(alike && { alike }),
    })
    this.#times = undefined
    this.#last = kind
  }

  /** The last token and what follows it are one number. */
  #join(end: number, kind: Last, digits: (before: string) => string): void {
    const before = this.#tokens.pop()!
    this.#tokens.push({ start: before.start, end, digits: digits(before.digits) })
    this.#last = kind
  }

  #addTo(zeros: number, { start, end, digits }: NumberToken, kind: Last): void {
    const scale = this.#tokens.at(-1)!
    this.#parts = [scale, { start, end, digits }]
    this.#join(end, kind, (before) => before.slice(0, before.length - zeros) + digits.padStart(zeros, '0'))
  }

  /** How many zeros the last token ends with, for a smaller number of so many digits. */
  #roomFor(digits: string): number {
    if (this.#last !== 'scale' || this.#times !== undefined) return 0
    const scale = this.#tokens.at(-1)!.digits
    let zeros = 0
    while (zeros < scale.length && scale.at(-1 - zeros) === '0') zeros++
    return digits.length <= zeros && digits !== '0' ? zeros : 0
  }

  #small(word: NumberWord & { kind: 'digits' }, start: number, end: number): void {
    const { digits, shifts } = word
    const last = this.#last
    if (shifts && (last === 'unit' || last === 'added')) {
      // After a hundred the place of the ten is free.
      return this.#join(end, 'word', (before) => before.replace(/0?(.)$/, '1$1'))
    }
    if (last === 'tens' && digits.length === 1 && digits !== '0')
      return this.#join(end, 'word', (before) => before.slice(0, -1) + digits)
    if (last === 'added' && digits.length === 1 && this.#parts) {
      // Digit by digit: the one before was none of the thousand's either.
      this.#tokens.splice(-1, 1, ...this.#parts)
      return this.#push(start, end, digits, 'unit')
    }
    const zeros = this.#roomFor(digits)
    const kind = digits.endsWith('00') ? 'scale' : 'word'
    if (zeros > 0) return this.#addTo(zeros, { start, end, digits }, digits.length === 1 ? 'added' : kind)
    this.#push(start, end, digits, digits.length === 1 ? 'unit' : kind, word.alike)
  }

  #tens(digits: string, start: number, end: number): void {
    const zeros = this.#roomFor(digits)
    if (zeros > 0) this.#addTo(zeros, { start, end, digits }, 'tens')
    else this.#push(start, end, digits, 'tens')
  }

  /** "hundred", "thousand": of the number before, or one. */
  #scale(zeros: number, start: number, end: number): void {
    const tokens = this.#tokens
    const isCounted = this.#last !== 'scale' && (tokens.at(-1)?.digits.length ?? 4) <= 3
    if (this.#last === 'added' && this.#parts && zeros === 2) {
      // "four thousand one" hundred.
      const [whole, count] = this.#parts
      tokens.pop()
      tokens.push(whole)
      return this.#addTo(3, { ...count, end, digits: `${count.digits}00` }, 'scale')
    }
    const one = '1'.padEnd(zeros + 1, '0')
    if (isCounted) this.#join(end, 'scale', (before) => before + '0'.repeat(zeros))
    else if (this.#last === 'scale' && this.#roomFor(one) > 0)
      this.#addTo(this.#roomFor('1'), { start, end, digits: one }, 'scale')
    else this.#push(start, end, one, 'scale')
  }

  #multiply(by: number | 'counted', start: number): void {
    if (by !== 'counted') return void (this.#times = { start, times: by })
    // A single digit that was said just now is the count.
    const count = this.#last === 'unit' ? this.#tokens.at(-1) : undefined
    if (count === undefined || count.digits.length > 1 || Number(count.digits) < 2) return
    this.#tokens.pop()
    this.#last = 'other'
    this.#times = { start: count.start, times: Number(count.digits) }
  }
}
