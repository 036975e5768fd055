import { cardIn, joinDigits, mayBecomeCard } from './card-numbers.ts'
import type { Redaction } from './redaction.ts'
import { HIDDEN_KEY } from './redaction-settings.ts'

/** The keys that a caller presses, one by one, and the entries they make. */
export interface PressedKeys {
  /** What is shown of a key. */
  shown(key: string, atMs: number): string
  /** They make an entry. Tells whether it may not be heard either, and since when it was pressed. */
  taken(
    entry: string,
  ): { readonly kind: 'key' | 'card'; readonly fromMs: number; readonly toMs: number } | undefined
  /** The caller's turn with the last entry is written. */
  told(): void
  /** Entries that no text may show. */
  readonly secrets: ReadonlySet<string>
}

/** Shorter entries choose from a menu; as a text, they would be everywhere. */
const LEAST_REMEMBERED = 3
const MOST_REMEMBERED = 50
const MOST_OF_ALL_CALLS = 1000

export function createPressedKeys({ settings, pressed }: Redaction): PressedKeys {
  const { cards, secretKeys } = settings
  const secrets = new Set<string>()
  /** Hidden in one turn only. */
  const brief = new Set<string>()
  let keys = ''
  let firstMs = 0
  let lastMs = 0

  return {
    shown(key, atMs) {
      if (keys === '') firstMs = atMs
      keys += key
      lastMs = atMs
      return secretKeys !== 'none' || (cards && mayBecomeCard(keys)) ? HIDDEN_KEY : key
    },
    taken(entry) {
      const span = { fromMs: firstMs, toMs: lastMs }
      keys = ''
      if (secretKeys === 'all' || (secretKeys === 'long' && entry.length >= LEAST_REMEMBERED)) {
        secrets.add(entry)
        if (entry.length < LEAST_REMEMBERED) brief.add(entry)
        else remember(pressed, entry, MOST_OF_ALL_CALLS)
        if (secrets.size > MOST_REMEMBERED) secrets.delete(secrets.values().next().value!)
        return { kind: 'key', ...span }
      }
      const isCard = cards && /^[0-9]+$/.test(entry) && cardIn(joinDigits([entry]), 0, false) !== undefined
      return isCard ? { kind: 'card', ...span } : undefined
    },
    told() {
      for (const entry of brief) secrets.delete(entry)
      brief.clear()
    },
    secrets,
  }
}

/** The last ones. */
function remember(entries: Set<string>, entry: string, most: number): void {
  entries.delete(entry)
  entries.add(entry)
  if (entries.size > most) entries.delete(entries.values().next().value!)
}
