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

export function createPressedKeys({ settings, pressed }: Redaction): PressedKeys {
  const { cards, secretKeys } = settings
  const secrets = new Set<string>()
  /** Hidden in one turn only. */
  const brief = new Set<string>()
  let keys = ''
  let firstMs = 0
  let lastMs = 0

  function isHidden(before: readonly string[]): boolean {
    if (secretKeys !== 'none') return true
    return cards && cardMayBegin(joinDigits([...before, keys.replaceAll(/[^0-9]/g, '')])) !== undefined
  }

  return {
    shown(key, atMs, before) {
      if (keys === '') firstMs = atMs
      keys += key
      lastMs = atMs
      return isHidden(before) ? HIDDEN_KEY : key
    },
    taken(entry) {
      const span = keys === '' ? { fromMs: lastMs, toMs: lastMs } : { fromMs: firstMs, toMs: lastMs }
      keys = ''
      const isSecret = secretKeys === 'all' || (secretKeys === 'long' && entry.length >= LEAST_REMEMBERED)
      if (isSecret) {
        secrets.add(entry)
        if (entry.length < LEAST_REMEMBERED) brief.add(entry)
        else remember(pressed, entry, MOST_OF_ALL_CALLS)
        if (secrets.size > MOST_REMEMBERED) secrets.delete(secrets.values().next().value!)
      }
      return { isSecret, ...span }
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
