// Turns from the patterns of a language: the same ones each time.

import { createRandom } from '../../../lib/random.mjs'
import { ENGLISH_PATTERNS } from './patterns-en.mjs'
import { HEBREW_PATTERNS } from './patterns-he.mjs'
import { ENGLISH_SLOTS } from './slots-en.mjs'
import { HEBREW_SLOTS } from './slots-he.mjs'

const SEED = 11
const TIMES = 120
const VALID_EVERY = 10
const LANGUAGES = {
  en: {
    patterns: ENGLISH_PATTERNS,
    slots: ENGLISH_SLOTS,
    syllables: ['ba', 'ker', 'lo', 'min', 'tas', 'ev', 'ro', 'dun'],
  },
  he: { patterns: HEBREW_PATTERNS, slots: HEBREW_SLOTS, syllables: [...'אבגדזחטיכלמנסעפצקרשת'] },
}

/** `[{ text, split }]`; every tenth pattern is for validation alone, lists of short answers aside. */
export function templateTurns(language) {
  const random = createRandom(SEED)
  const { patterns, slots, syllables } = LANGUAGES[language]
  const of = (list) => list[Math.floor(random() * list.length)]
  /** A name that nobody has heard of. */
  const unknown = () => Array.from({ length: 2 + Math.floor(random() * 3) }, () => of(syllables)).join('')
  const filled = (pattern) =>
    pattern
      .replace(/\(([^()]*)\)/gu, (_, choices) => of(choices.split('|')))
      .replace(/\{(\w+)\}/gu, (_, name) => (name === 'unknown' ? unknown() : of(slots[name])))
      .replace(/\s+/gu, ' ')
      .trim()
  return patterns
    .trim()
    .split('\n')
    .flatMap((pattern, at) => {
      const split = pattern.includes('{') && at % VALID_EVERY === 0 ? 'valid' : 'train'
      return Array.from({ length: TIMES }, () => ({ text: filled(pattern), split }))
    })
}
