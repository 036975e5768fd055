import { isAltered } from '../../../kit/json-as-written.ts'
import type { WrittenCall } from './written-call.ts'

/** Values in values: arguments stand no deeper. */
const MAX_DEPTH = 16
const MAX_CALLS = 32

const NAME = /[A-Za-z_][\w.-]{0,80}/uy
const NUMBER = /[+-]?(?:\d[\d_]{0,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,4})?/uy
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...(['True', 'true'] as const).map((word) => [word, true] as const),
  ...(['False', 'false'] as const).map((word) => [word, false] as const),
  ...(['None', 'null'] as const).map((word) => [word, null] as const),
])
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' }

/**
 * Tool calls as Python writes them: `weather(city="Haifa")`, `[a(x=1), b(y=[2])]`, `weather.call(…)`, one in
 * `print(…)`, one on each line. All of `text` from `at`, or up to where the list ends; `undefined`: it is none, or not
 * whole. Arguments without a name cannot be told apart, but an object alone is all of them.
 */
export function readPythonicCalls(
  text: string,
  at = 0,
): { readonly calls: readonly WrittenCall[]; readonly end: number } | undefined {
  const reader = new PythonReader(text, at)
  try {
    const calls = reader.calls()
    return calls.length > 0 ? { calls, end: reader.at } : undefined
  } catch (thrown) {
    if (thrown instanceof NotPython) return undefined
    throw thrown
  }
}

/**
 * A value as Python and JavaScript write it: other quotes, names without any, a comma or a bracket too many.
 * `undefined`: it is none, or not whole.
 */
export function readPythonValue(text: string): unknown {
  const reader = new PythonReader(text, 0)
  try {
    const value = reader.value()
    // Brackets too many do not make it another value.
    return /^[\s}\]]*$/.test(text.slice(reader.at)) ? value : undefined
  } catch (thrown) {
    if (thrown instanceof NotPython) return undefined
    throw thrown
  }
}

/** Behind the bracket that closes the one at `from`; `undefined`: it has not come yet. */
export function bracketEnd(text: string, from: number): number | undefined {
  let depth = 0
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if ('[({'.includes(char)) depth++
    else if ('])}'.includes(char) && --depth === 0) return at + 1
  }
  return undefined
}

/** Behind the fence that closes the one before `from`; `undefined`: it has not come yet. */
export function fenceEnd(text: string, from: number): number | undefined {
  const at = text.indexOf('```', from)
  return at < 0 ? undefined : at + 3
}

class NotPython extends Error {}

class PythonReader {
  readonly #text: string
  at: number

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  calls(): WrittenCall[] {
    const isList = this.#takes('[')
    const calls: WrittenCall[] = []
    do {
      this.#space()
      if (isList ? this.#next() === ']' : this.at === this.#text.length) break
      calls.push(this.#call())
      if (calls.length > MAX_CALLS) throw new NotPython()
      this.#space()
    } while (this.#takes(',') || this.#takes(';') || !isList)
    if (isList) this.#expect(']')
    return calls
  }

  value(): unknown {
    return this.#value(0)
  }

  #call(): WrittenCall {
    const name = this.#match(NAME)
    this.#expect('(')
    if (name === 'print') {
      const call = this.#call()
      this.#space()
      this.#expect(')')
      return call
    }
    const named: [string, unknown][] = []
    let whole: object | undefined
    this.#space()
    while (!this.#takes(')')) {
      const key = this.#key()
      const value = this.#value(0)
      if (key !== undefined) named.push([key, value])
      else if (named.length === 0 && typeof value === 'object' && value !== null && !Array.isArray(value))
        whole = value
      else throw new NotPython()
      this.#space()
      if (this.#next() !== ')') this.#expect(',')
      this.#space()
    }
    if (whole && named.length > 0) throw new NotPython()
    return {
      name: name.replace(/\.call$/u, ''),
      arguments: JSON.stringify(whole ?? Object.fromEntries(named)),
    }
  }

  /** `city=`; `undefined`: the argument has no name. */
  #key(): string | undefined {
    const found = /[A-Za-z_]\w{0,80}\s{0,8}=(?!=)\s{0,8}/uy
    found.lastIndex = this.at
    const key = found.exec(this.#text)
    if (!key) return undefined
    this.at = found.lastIndex
    return key[0].split('=')[0]!.trim()
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new NotPython()
    this.#space()
    const next = this.#next()
    if (next === '"' || next === "'") return this.#string()
    if (next === '[' || next === '(') return this.#list(next === '[' ? ']' : ')', depth)
    if (next === '{') return this.#object(depth)
    if (/[A-Za-z]/u.test(next)) {
      const word = this.#match(NAME)
      if (!WORDS.has(word)) throw new NotPython()
      return WORDS.get(word)
    }
    const written = this.#match(NUMBER).replaceAll('_', '')
    if (isAltered(written)) return written
    const value = Number(written)
    if (!Number.isFinite(value)) throw new NotPython()
    return value
  }

  #string(): string {
    const quote = this.#text.startsWith(this.#next().repeat(3), this.at)
      ? this.#next().repeat(3)
      : this.#next()
    let value = ''
    for (this.at += quote.length; !this.#text.startsWith(quote, this.at); this.at++) {
      const char = this.#text[this.at]
      if (char === undefined || (char === '\n' && quote.length === 1)) throw new NotPython()
      if (char !== '\\') value += char
      else value += this.#escaped()
    }
    this.at += quote.length
    return value
  }

  #escaped(): string {
    this.at++
    const char = this.#text[this.at] ?? ''
    const code = /^u([0-9a-f]{4})|^x([0-9a-f]{2})/iu.exec(this.#text.slice(this.at, this.at + 5))
    if (!code) return ESCAPES[char] ?? char
    this.at += code[0].length - 1
    return String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16))
  }

  #list(close: string, depth: number): unknown[] {
    const values: unknown[] = []
    this.at++
    for (this.#space(); !this.#takes(close); this.#space()) {
      values.push(this.#value(depth + 1))
      this.#space()
      if (this.#next() !== close) this.#expect(',')
    }
    return values
  }

  #object(depth: number): object {
    const entries: [string, unknown][] = []
    this.at++
    for (this.#space(); !this.#takes('}'); this.#space()) {
      const key = /[A-Za-z_]/u.test(this.#next()) ? this.#match(NAME) : this.#value(depth + 1)
      this.#space()
      this.#expect(':')
      entries.push([String(key), this.#value(depth + 1)])
      this.#space()
      if (this.#next() !== '}') this.#expect(',')
    }
    return Object.fromEntries(entries)
  }

  #next(): string {
    return this.#text[this.at] ?? ''
  }

  #space(): void {
    while (/\s/u.test(this.#next())) this.at++
  }

  #takes(char: string): boolean {
    if (this.#next() !== char) return false
    this.at++
    return true
  }

  #expect(char: string): void {
    if (!this.#takes(char)) throw new NotPython()
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)
    if (!found) throw new NotPython()
    this.at = pattern.lastIndex
    return found[0]
  }
}
