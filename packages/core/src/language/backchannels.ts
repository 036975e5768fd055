import { madeOnce } from './made-once.ts'
import { ALL_WORD_LISTS, type WordLists, wordListsFor } from './word-lists.ts'

/**
 * What a listener says while someone else is speaking: "mm-hm", "I see", "אהה", in the spellings of recognisers.
 * For a language without lists: none. The turn rules use them only while the agent speaks; "yes", "no", "כן" and
 * "לא" alone are not among them, because they may be answers (`agreementsFor`).
 * @param language BCP 47 tag of the call.
 */
export function backchannelsFor(language: string): readonly string[] {
  const lists = wordListsFor(language)
  return lists ? heardWhileListening(lists) : []
}

/** A listener thinks aloud, too: nobody takes the word with an "um" alone. */
const heardWhileListening = madeOnce((lists: WordLists): readonly string[] => [
  ...lists.backchannels,
  ...lists.fillers,
])

/**
 * What a listener agrees with, and a caller who was asked answers with: "yes", "sure", "כן".
 * @param language BCP 47 tag of the call.
 */
export function agreementsFor(language: string): readonly string[] {
  return wordListsFor(language)?.agreements ?? []
}

/** Those of every language that has lists, for words of which nobody says in which language they are. */
export function everyBackchannel(): readonly string[] {
  return ALL_WORD_LISTS.flatMap(({ backchannels }) => backchannels)
}

/**
 * What a caller says who waits for an answer and asks whether anybody is there: "hello?". It asks for nothing new.
 * @param language BCP 47 tag of the call.
 */
export function presenceFor(language: string): readonly string[] {
  return wordListsFor(language)?.presence ?? []
}
