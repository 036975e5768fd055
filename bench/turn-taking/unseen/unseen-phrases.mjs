// Phrases of callers that nothing is tuned on, neither patterns nor words nor bounds: what is chosen is chosen by one
// half of them, `choose`, and reported by the other, `report`. One phrase a line, ` | ` for a pause inside.

import { readFileSync } from 'node:fs'

export const UNSEEN_HALVES = ['choose', 'report']
export const UNSEEN_LANGUAGES = ['en', 'he']
const COMPLETE = ['statements', 'questions']

/** `[{ language, list, half, parts: [text] }]`; of each list every second phrase is in each half. */
export function unseenPhrases(language) {
  let list
  let at = 0
  return readFileSync(new URL(`${language}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const head = /^\[(\w+)\]$/u.exec(line)
      if (head) {
        ;[, list] = head
        at = 0
        return []
      }
      return { language, list, half: UNSEEN_HALVES[at++ % 2], parts: line.split(' | ') }
    })
}

export const isWhole = ({ list }) => COMPLETE.includes(list)
