// Turns of callers, written for training: one a line, ` | ` where a caller would pause.

import { readFileSync } from 'node:fs'

const VALID_EVERY = 10

/** `[{ text, split }]`; `text` keeps its ` | `. */
export function writtenTurns(language) {
  return readFileSync(new URL(`${language}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((text, at) => ({ text, split: at % VALID_EVERY === 0 ? 'valid' : 'train' }))
}
