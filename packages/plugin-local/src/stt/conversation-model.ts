import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatDictionary, readPronunciations, type Pronunciations } from './dictionary.ts'
import { buildArpaModel } from './language-model.ts'
import { spokenWords } from '../text/spoken-words.ts'

/** What a conversation can hear: its words with their sounds, and which follow which. */
export interface ConversationModel {
  /** Pronouncing dictionary in the engine's format. */
  readonly dictionary: string
  /** Trigram model in ARPA format. */
  readonly languageModel: string
  readonly vocabulary: number
  readonly derivedWords: readonly string[]
  readonly unknownWords: readonly string[]
}

/** Pronunciation of a word that no dictionary has, or undefined when its spelling gives none. */
export type LetterToSound = (word: string) => string | undefined

/**
 * Compiles the phrases a conversation expects. Words come from the English dictionary, missing ones (names, brands)
 * from `letterToSound`; a phrase with a word that stays without sounds is left out and the word reported. Returns
 * undefined when no phrase is left.
 */
export function compileConversationModel(
  phrases: readonly string[],
  dictionaryFile: string,
  letterToSound: LetterToSound,
): ConversationModel | undefined {
  const sentences = phrases.map(spokenWords).filter((words) => words.length > 0)
  const wanted = new Set(sentences.flat())
  const known = readPronunciations(dictionaryFile, wanted)
  const derivedWords: string[] = []
  const unknownWords: string[] = []
  for (const word of wanted) {
    if (known.has(word)) continue
    const phones = letterToSound(word)
    if (phones === undefined) {
      unknownWords.push(word)
    } else {
      derivedWords.push(word)
      known.set(word, [phones])
    }
  }
  const usable = sentences.filter((words) => words.every((word) => known.has(word)))
  const languageModel = buildArpaModel(usable)
  if (languageModel === undefined) return undefined
  const used: Pronunciations = new Map(
    [...new Set(usable.flat())].map((word) => [word, known.get(word) ?? []]),
  )
  return {
    dictionary: formatDictionary(used),
    languageModel,
    vocabulary: used.size,
    derivedWords,
    unknownWords,
  }
}

/** The engine reads models from files only: lends it some in a private directory and takes them away again. */
export function withModelFiles<T>(
  contents: { readonly dictionary: string; readonly languageModel: string; readonly features: string },
  use: (files: { dictionary: string; languageModel: string; features: string }) => T,
): T {
  const directory = mkdtempSync(join(tmpdir(), 'kav-stt-'))
  try {
    const files = {
      dictionary: join(directory, 'words.dict'),
      languageModel: join(directory, 'phrases.lm'),
      features: join(directory, 'feat.params'),
    }
    writeFileSync(files.dictionary, contents.dictionary)
    writeFileSync(files.languageModel, contents.languageModel)
    writeFileSync(files.features, contents.features)
    return use(files)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
