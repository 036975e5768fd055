import { spokenWords } from '../text/spoken-words.ts'
import type { Slots } from './slots.ts'

/** A phrase cut into words and slots; a slot is written `{name}` here too. */
export interface Phrase {
  readonly tokens: readonly string[]
  readonly slots: readonly string[]
}

const SLOT = /\{([a-z][a-z0-9_]*)\}/gi
const MAX_EXPANSIONS = 200

/** Reads a phrase as written: words in any case, `{slot}` for a slot. */
export function parsePhrase(text: string): Phrase {
  const tokens: string[] = []
  const slots: string[] = []
  let at = 0
  for (const match of text.matchAll(SLOT)) {
    const name = match[1] ?? ''
    tokens.push(...spokenWords(text.slice(at, match.index)), `{${name}}`)
    slots.push(name)
    at = match.index + match[0].length
  }
  tokens.push(...spokenWords(text.slice(at)))
  return { tokens, slots }
}

/** Names of the slots a text mentions. */
export function slotsIn(text: string): string[] {
  return [...text.matchAll(SLOT)].map((match) => match[1] ?? '')
}

/** `text` with each `{slot}` replaced by its value; one without a value is left out. */
export function fillSlots(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(SLOT, (_, name: string) => values.get(name) ?? '')
}

/** Every way to say a phrase, for the recogniser: at most 200, evenly taken from all. */
export function expandPhrase(phrase: Phrase, slots: Slots): string[] {
  let expansions: string[][] = [[]]
  for (const token of phrase.tokens) {
    const values = token.startsWith('{') ? (slots.get(token.slice(1, -1)) ?? []) : undefined
    const choices = values === undefined ? [[token]] : values.map((value) => value.words)
    expansions = expansions.flatMap((words) => choices.map((choice) => [...words, ...choice]))
    if (expansions.length > MAX_EXPANSIONS) {
      const step = expansions.length / MAX_EXPANSIONS
      expansions = Array.from(
        { length: MAX_EXPANSIONS },
        (_, index) => expansions[Math.floor(index * step)] ?? [],
      )
    }
  }
  return expansions.map((words) => words.join(' '))
}
