import { cardMayBegin, joinDigits } from './card-numbers.ts'
import type { Redaction } from './redaction.ts'
import { HIDDEN_KEY } from './redaction-settings.ts'

/** The keys that a caller presses, one by one, and the entries they make. */
export interface PressedKeys {
  /** What is shown of a key. `before`: digits that the caller said or pressed, to which it may belong. */
  shown(key: string, atMs: number, before: readonly string[]): string
  /** They make an entry: when it was pressed, and whether nobody may read it. */
  taken(entry: string): { readonly isSecret: boolean; readonly fromMs: number; readonly toMs: number }
  /** The caller's turn with the last entry is written. */
  told(): void
  /** Entries that no text may show. */
  readonly secrets: ReadonlySet<string>
}

/** Shorter entries choose from a menu; as a text, they would be everywhere. */
const LEAST_REMEMBERED = 3
const MOST_REMEMBERED = 50
const MOST_OF_ALL_CALLS = 1000

const NO_SECRETS: ReadonlySet<string> = new Set()

export function createPressedKeys(redaction: Redaction): PressedKeys {
  return new Keys(redaction)
}

class Keys implements PressedKeys {
  readonly #redaction: Redaction
  /** Made with the first: most callers press none. */
  #secrets: Set<string> | undefined
  /** Of them, those that are hidden in one turn only. */
  #brief: Set<string> | undefined
  #keys = ''
  #firstMs = 0
  #lastMs = 0

  constructor(redaction: Redaction) {
    this.#redaction = redaction
  }

  get secrets(): ReadonlySet<string> {
    return this.#secrets ?? NO_SECRETS
  }

  shown(key: string, atMs: number, before: readonly string[]): string {
    if (this.#keys === '') this.#firstMs = atMs
    this.#keys += key
    this.#lastMs = atMs
    return this.#isHidden(before) ? HIDDEN_KEY : key
  }

  taken(entry: string): { readonly isSecret: boolean; readonly fromMs: number; readonly toMs: number } {
    const { secretKeys } = this.#redaction.settings
    const fromMs = this.#keys === '' ? this.#lastMs : this.#firstMs
    this.#keys = ''
    const isSecret = secretKeys === 'all' || (secretKeys === 'long' && entry.length >= LEAST_REMEMBERED)
    if (isSecret) this.#hide(entry)
    return { isSecret, fromMs, toMs: this.#lastMs }
  }

  told(): void {
    for (const entry of this.#brief ?? []) this.#secrets?.delete(entry)
    this.#brief = undefined
  }

  #hide(entry: string): void {
    const secrets = (this.#secrets ??= new Set())
    secrets.add(entry)
    if (entry.length < LEAST_REMEMBERED) (this.#brief ??= new Set()).add(entry)
    else remember(this.#redaction.pressed, entry, MOST_OF_ALL_CALLS)
    if (secrets.size > MOST_REMEMBERED) secrets.delete(secrets.values().next().value!)
  }

  #isHidden(before: readonly string[]): boolean {
    const { cards, secretKeys } = this.#redaction.settings
    if (secretKeys !== 'none') return true
    const digits = [...before, this.#keys.replaceAll(/[^0-9]/g, '')]
    return cards && cardMayBegin(joinDigits(digits)) !== undefined
  }
}

/** The last ones. */
function remember(entries: Set<string>, entry: string, most: number): void {
  entries.delete(entry)
  entries.add(entry)
  if (entries.size > most) entries.delete(entries.values().next().value!)
}
