import type { NumberWord } from './number-words.ts'

/** Digits that stand together in a text, or the words of a number. */
export interface NumberToken {
  readonly start: number
  readonly end: number
  readonly digits: string
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
  let tokens: NumberToken[] = []
  let times: { readonly start: number; readonly times: number } | undefined
  let last: Last = 'other'
  /** The token before one was added to it, and the one that was. */
  let parts: readonly [NumberToken, NumberToken] | undefined

  function push(start: number, end: number, digits: string, kind: Last): void {
    const repeat = times && digits.length === 1 ? times : undefined
    tokens.push({ start: repeat?.start ?? start, end, digits: digits.repeat(repeat?.times ?? 1) })
    times = undefined
    last = kind
  }

  /** The last token and what follows it are one number. */
  function join(end: number, kind: Last, digits: (before: string) => string): void {
    const before = tokens.pop()!
    tokens.push({ start: before.start, end, digits: digits(before.digits) })
    last = kind
  }

  function addTo(zeros: number, { start, end, digits }: NumberToken, kind: Last): void {
    const scale = tokens.at(-1)!
    parts = [scale, { start, end, digits }]
    join(end, kind, (before) => before.slice(0, before.length - zeros) + digits.padStart(zeros, '0'))
  }

  /** How many zeros the last token ends with, for a smaller number of so many digits. */
  function roomFor(digits: string): number {
    if (last !== 'scale' || times !== undefined) return 0
    const scale = tokens.at(-1)!.digits
    let zeros = 0
    while (zeros < scale.length && scale.at(-1 - zeros) === '0') zeros++
    return digits.length <= zeros && digits !== '0' ? zeros : 0
  }

  function small(word: NumberWord & { kind: 'digits' }, start: number, end: number): void {
    const { digits, shifts } = word
    if (shifts && (last === 'unit' || last === 'added')) {
      // After a hundred the place of the ten is free.
      return join(end, 'word', (before) => before.replace(/0?(.)$/, '1$1'))
    }
    if (last === 'tens' && digits.length === 1 && digits !== '0')
      return join(end, 'word', (before) => before.slice(0, -1) + digits)
    if (last === 'added' && digits.length === 1 && parts) {
      // Digit by digit: the one before was none of the thousand's either.
      tokens.splice(-1, 1, ...parts)
      return push(start, end, digits, 'unit')
    }
    const zeros = roomFor(digits)
    const kind = digits.endsWith('00') ? 'scale' : 'word'
    if (zeros > 0) return addTo(zeros, { start, end, digits }, digits.length === 1 ? 'added' : kind)
    push(start, end, digits, digits.length === 1 ? 'unit' : kind)
  }

  function tens(digits: string, start: number, end: number): void {
    const zeros = roomFor(digits)
    if (zeros > 0) addTo(zeros, { start, end, digits }, 'tens')
    else push(start, end, digits, 'tens')
  }

  /** "hundred", "thousand": of the number before, or one. */
  function scale(zeros: number, start: number, end: number): void {
    const isCounted = last !== 'scale' && (tokens.at(-1)?.digits.length ?? 4) <= 3
    if (last === 'added' && parts && zeros === 2) {
      // "four thousand one" hundred.
      const [whole, count] = parts
      tokens.pop()
      tokens.push(whole)
      return addTo(3, { ...count, end, digits: `${count.digits}00` }, 'scale')
    }
    if (isCounted) join(end, 'scale', (before) => before + '0'.repeat(zeros))
    else if (last === 'scale' && roomFor('1'.padEnd(zeros + 1, '0')) > 0)
      addTo(roomFor('1'), { start, end, digits: '1'.padEnd(zeros + 1, '0') }, 'scale')
    else push(start, end, '1'.padEnd(zeros + 1, '0'), 'scale')
  }

  return {
    add(word, start, end) {
      if (word.kind === 'times') times = { start, times: word.times }
      else if (word.kind === 'tens') tens(`${word.digit}0`, start, end)
      else if (word.kind === 'digits') small(word, start, end)
      else if (word.kind === 'scale') scale(word.zeros, start, end)
    },
    addDigits: (digits, start, end) => push(start, end, digits, 'other'),
    empty: () => tokens.length === 0,
    take() {
      const all = tokens
      tokens = []
      times = undefined
      last = 'other'
      return all
    },
  }
}
