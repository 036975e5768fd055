import { matchesOf } from './patterns/matches-of.ts'
import type { SpokenEdit } from './spoken-form/rules/spoken-text.ts'

/**
 * A pronunciation table: what is written -> how to say it.
 *
 * - Whole words only: `Kav` in "Kav's" and "(Kav)", not in "Kavala". A key may have several words; any white space
 *   between them fits. A key whose edge is no letter or digit (`C++`) needs no end of word there.
 * - Case: a key without capitals fits any case (`kav`: kav, Kav, KAV); a key with a capital fits only as written.
 * - The longest key wins; the text is gone through once, so a replacement is never replaced again.
 * - Hebrew: a prefix joined by a hyphen or maqaf (`ה-SQL`, `ב־Kav`) or written straight before Latin letters (`הSQL`)
 *   stays and the word is replaced. A prefix before a Hebrew word (`לכהן` for `כהן`) makes another word, which needs
 *   its own entry: guessing would also change words that only look alike.
 */
export type Replacements = Readonly<Record<string, string>>

export function applyReplacements(text: string, replacements: Replacements): string {
  const table = tableOf(replacements)
  return table ? text.replace(table.pattern, (found) => table.spoken(found)) : text
}

/** The changes that `applyReplacements` makes, in the order of the text. */
export function replacementEdits(text: string, replacements: Replacements): SpokenEdit[] {
  const table = tableOf(replacements)
  if (!table) return []
  return matchesOf(text, table.pattern).map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    spoken: table.spoken(found),
  }))
}

interface ReplacementTable {
  readonly pattern: RegExp
  spoken(found: string): string
}

const TABLES = new WeakMap<Replacements, { readonly table: ReplacementTable | undefined }>()

/** Made once for a table: the pipeline hands in the same object for every clause. */
function tableOf(replacements: Replacements): ReplacementTable | undefined {
  let entry = TABLES.get(replacements)
  if (!entry) {
    entry = { table: createTable(replacements) }
    TABLES.set(replacements, entry)
  }
  return entry.table
}

function createTable(replacements: Replacements): ReplacementTable | undefined {
  const exact = new Map<string, string>()
  const anyCase = new Map<string, string>()
  for (const [written, spoken] of Object.entries(replacements)) {
    const key = written.trim().replace(/\s+/gu, ' ')
    if (key !== '') (isAnyCase(key) ? anyCase : exact).set(key, spoken)
  }
  const keys = [...exact.keys(), ...anyCase.keys()].sort((a, b) => b.length - a.length)
  if (keys.length === 0) return undefined
  return {
    pattern: new RegExp(keys.map(patternOf).join('|'), 'gu'),
    spoken(found) {
      const key = found.replace(/\s+/gu, ' ')
      return exact.get(key) ?? anyCase.get(key.toLowerCase()) ?? found
    },
  }
}

function isAnyCase(key: string): boolean {
  return key === key.toLowerCase()
}

function patternOf(key: string): string {
  const anyCase = isAnyCase(key)
  const body = [...key].map((char) => {
    if (char === ' ') return String.raw`\s+`
    const upper = char.toUpperCase()
    const both = anyCase && upper !== char && upper.toLowerCase() === char
    return both ? `(?:${escaped(char)}|${escaped(upper)})` : escaped(char)
  })
  return `${edgeBefore(key)}${body.join('')}${edgeAfter(key)}`
}

function edgeBefore(key: string): string {
  // A Hebrew letter straight before a Latin key is a prefix.
  if (/^\p{Script=Latin}/u.test(key)) return String.raw`(?<!(?!\p{Script=Hebrew})[\p{L}\p{M}\p{N}_])`
  return /^[\p{L}\p{N}]/u.test(key) ? String.raw`(?<![\p{L}\p{M}\p{N}_])` : ''
}

function edgeAfter(key: string): string {
  return /[\p{L}\p{M}\p{N}]$/u.test(key) ? String.raw`(?![\p{L}\p{M}\p{N}_])` : ''
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (char) => `\\${char}`)
}
