import type { WrittenCall } from './calls/written-call.ts'

/** What a piece of a model's text is. `unread`: a tool call that nobody can make; what it was stays unsaid. */
export type TextPiece =
  | { readonly type: 'words'; readonly text: string }
  | ({ readonly type: 'call' } & WrittenCall)
  | { readonly type: 'unread' }

/** What was in the text besides words, counted. */
export interface WithheldText {
  readonly thoughtChars: number
  readonly tokens: number
  readonly calls: number
  readonly unread: number
  /** A thought ended that had not begun: the template wrote its opening tag. */
  readonly beganInThought: boolean
  /** And so much of it had been given on by then. */
  readonly leakedChars: number
}

/** The pieces that come out of a model's text, kept back while they may prove to be a thought; counts what does not. */
export class TextOutput {
  readonly #isDeclared: (name: string) => boolean
  #holds: boolean
  #pieces: TextPiece[] = []
  /** White space in front of the next words is a leftover of what was taken out before them. */
  #trims = false
  /** Of words. */
  #gaveChars = 0
  #thoughtChars = 0
  #tokens = 0
  #calls = 0
  #unread = 0
  #beganInThought = false
  #leakedChars = 0

  constructor(isDeclared: (name: string) => boolean, hold: boolean) {
    this.#isDeclared = isDeclared
    this.#holds = hold
  }

  get holds(): boolean {
    return this.#holds
  }

  get withheld(): WithheldText {
    return {
      thoughtChars: this.#thoughtChars,
      tokens: this.#tokens,
      calls: this.#calls,
      unread: this.#unread,
      beganInThought: this.#beganInThought,
      leakedChars: this.#leakedChars,
    }
  }

  /** No word has come out so far. */
  get isBlank(): boolean {
    return this.#gaveChars === 0 && !this.#pieces.some(isWord)
  }

  words(text: string): void {
    const words = this.#trims ? text.trimStart() : text
    if (words === '') return
    this.#trims = false
    this.#pieces.push({ type: 'words', text: words })
  }

  thought(text: string): void {
    this.#thoughtChars += text.length
  }

  token(): void {
    this.#tokens++
  }

  /** None: there was one that cannot be read. */
  calls(calls: readonly WrittenCall[]): void {
    this.trimBlank()
    const known = calls.filter(({ name }) => this.#isDeclared(name))
    this.#calls += known.length
    for (const call of known) this.#pieces.push({ type: 'call', ...call })
    const unread = Math.max(calls.length, 1) - known.length
    this.#unread += unread
    for (let index = 0; index < unread; index++) this.#pieces.push({ type: 'unread' })
  }

  /** Something was taken out in front of the next words. */
  trim(): void {
    this.#trims = true
  }

  /** The same, where they are the first ones. */
  trimBlank(): void {
    this.#trims ||= this.isBlank
  }

  release(): void {
    this.#holds = false
  }

  /** A closing tag alone: all that stood before it was thought. */
  endUnbegun(): void {
    this.#beganInThought = true
    this.#leakedChars += this.#gaveChars
    this.#gaveChars = 0
    this.drop()
    this.#holds = false
    this.#trims = true
  }

  /** What was kept back was thought. */
  drop(): void {
    for (const piece of this.#pieces) if (piece.type === 'words') this.#thoughtChars += piece.text.length
    this.#pieces = []
  }

  take(): readonly TextPiece[] {
    if (this.#holds || this.#pieces.length === 0) return []
    const pieces = this.#pieces
    this.#pieces = []
    for (const piece of pieces) if (isWord(piece)) this.#gaveChars += piece.text.length
    return pieces
  }
}

function isWord(piece: TextPiece): piece is TextPiece & { readonly type: 'words' } {
  return piece.type === 'words' && piece.text.trim() !== ''
}
