import { ARABIC } from './ar.ts'
import { GERMAN } from './de.ts'
import { ENGLISH } from './en.ts'
import { SPANISH } from './es.ts'
import { FRENCH } from './fr.ts'
import { HEBREW } from './he.ts'
import { ITALIAN } from './it.ts'
import { DUTCH } from './nl.ts'
import { PORTUGUESE } from './pt.ts'
import { RUSSIAN } from './ru.ts'
import type { SentenceWords } from './sentence-words.ts'

/** The languages whose full stops are known, by ISO 639 code. */
export const LANGUAGES: ReadonlyMap<string, SentenceWords> = new Map([
  ['en', ENGLISH],
  ['de', GERMAN],
  ['es', SPANISH],
  ['fr', FRENCH],
  ['it', ITALIAN],
  ['nl', DUTCH],
  ['pt', PORTUGUESE],
  ['ru', RUSSIAN],
  ['he', HEBREW],
  ['ar', ARABIC],
])
