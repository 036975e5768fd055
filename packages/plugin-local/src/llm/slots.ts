import { spokenWords } from '../text/spoken-words.ts'

/** One thing a slot can hold: the words that are heard and the value that goes into replies and arguments. */
export interface SlotValue {
  readonly words: readonly string[]
  readonly value: string
}

export type Slots = ReadonlyMap<string, readonly SlotValue[]>

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const LARGEST_NUMBER = 99

/** The slots every script has. */
export const BUILT_IN_SLOTS: Slots = new Map([
  ['day', DAYS.map(slotValue)],
  ['number', Array.from({ length: LARGEST_NUMBER + 1 }, (_, number) => slotValue(String(number)))],
])

/** A script's own slots beside the built-in ones; its own win. Longer values come first, so that they match first. */
export function compileSlots(own: Readonly<Record<string, readonly string[]>>): Slots {
  const slots = new Map(BUILT_IN_SLOTS)
  for (const [name, values] of Object.entries(own)) slots.set(name, values.map(slotValue))
  for (const [name, values] of slots) {
    slots.set(
      name,
      values.toSorted((a, b) => b.words.length - a.words.length),
    )
  }
  return slots
}

/** Where in `words` the slot's value stands, the first of the longest. */
export function findSlot(
  words: readonly string[],
  values: readonly SlotValue[],
): { start: number; length: number; value: string } | undefined {
  for (const { words: wanted, value } of values) {
    for (let start = 0; start + wanted.length <= words.length; start++) {
      if (wanted.every((word, index) => words[start + index] === word)) {
        return { start, length: wanted.length, value }
      }
    }
  }
  return undefined
}

function slotValue(value: string): SlotValue {
  return { words: spokenWords(value), value }
}
