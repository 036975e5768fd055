import { readRegularFileSync } from '@kav/core/kit'

/** The English one has 3 MB. */
const MAX_BYTES = 64 * 2 ** 20

/** Words and their pronunciations, each as ARPAbet phones separated by spaces. */
export type Pronunciations = Map<string, string[]>

/**
 * Looks the wanted words up in a CMU-style dictionary file (`word PH ON ES` a line, further pronunciations as
 * `word(2) …`). One pass over the file: the 135,000 words of English are never held in memory. Words that are
 * not in it are absent from the result.
 */
export function readPronunciations(file: string, wanted: ReadonlySet<string>): Pronunciations {
  return findPronunciations(readRegularFileSync(file, MAX_BYTES).toString('utf8'), wanted)
}

export function findPronunciations(dictionary: string, wanted: ReadonlySet<string>): Pronunciations {
  const found: Pronunciations = new Map()
  for (let start = 0; start < dictionary.length;) {
    const newline = dictionary.indexOf('\n', start)
    const end = newline < 0 ? dictionary.length : newline
    const line = dictionary.slice(start, end)
    start = end + 1
    const gap = line.search(/\s/)
    if (gap <= 0) continue
    const word = line.slice(0, gap).replace(/\(\d+\)$/, '')
    if (!wanted.has(word)) continue
    const phones = line.slice(gap + 1).trim()
    const known = found.get(word)
    if (known) known.push(phones)
    else found.set(word, [phones])
  }
  return found
}

/** The dictionary of one conversation in the engine's file format. */
export function formatDictionary(pronunciations: ReadonlyMap<string, readonly string[]>): string {
  const lines: string[] = []
  for (const [word, variants] of pronunciations) {
    variants.forEach((phones, index) => {
      lines.push(`${index === 0 ? word : `${word}(${index + 1})`} ${phones}\n`)
    })
  }
  return lines.join('')
}
