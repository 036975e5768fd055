/**
 * What a model of complete utterances looks at, as 32-bit hashes: the last words and the first, how many there are, and
 * the same by class, where a word that is not among the most frequent ones counts by its ending. Training and judging
 * call this one function. Next to nothing is allocated.
 */
export interface CompletenessFeatures {
  /** Writes features and gives their number. `words`: at least one. */
  write(words: readonly string[], features: Uint32Array): number
}

/** So many features at most. */
export const MAX_FEATURES = 48
/** More words behind the first ones say nothing of the end. */
const LAST_WORDS = 8
const FIRST_WORDS = 3
/** Up to so many words, all of them together are a feature. */
const WHOLE_UP_TO = 5

const NONE = 11
const NUMBER = 12
/** Written together with the next word. */
const HEBREW_PREFIXES = 'משהוכלב'

/** FNV-1a over UTF-16 units. */
function hashOf(word: string, from = 0): number {
  let hash = 0x811c9dc5
  for (let at = Math.max(0, from); at < word.length; at++) {
    hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}

function mix(a: number, b: number): number {
  const hash = Math.imul(a ^ (b + 0x9e3779b9 + (a << 6) + (a >>> 2)), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** Neighbouring lengths of long utterances are alike. */
function lengthClass(count: number): number {
  if (count <= 6) return count
  if (count <= 8) return 7
  if (count <= 11) return 8
  return count <= 16 ? 9 : 10
}

/** @param frequent Words that count as themselves. */
export function createCompletenessFeatures(frequent: ReadonlySet<string>): CompletenessFeatures {
  /** Hashes of the last words and of their classes, the last one first; of the first ones, in their order. */
  const lastWords = new Uint32Array(LAST_WORDS)
  const lastClasses = new Uint32Array(LAST_WORDS)
  const firstWords = new Uint32Array(FIRST_WORDS)
  const firstClasses = new Uint32Array(FIRST_WORDS)

  function classOf(word: string): number {
    const first = word.charCodeAt(0)
    if (first >= 48 && first <= 57) return NUMBER
    if (frequent.has(word)) return hashOf(word)
    const ending = mix(hashOf(word, word.length - 2), 77)
    return word.length > 3 && HEBREW_PREFIXES.includes(word[0]!) ? mix(ending, first) : ending
  }

  function read(words: readonly string[]): void {
    for (let at = 0; at < LAST_WORDS; at++) {
      const word = words[words.length - 1 - at]
      lastWords[at] = word === undefined ? NONE : hashOf(word)
      lastClasses[at] = word === undefined ? NONE : classOf(word)
    }
    for (let at = 0; at < FIRST_WORDS; at++) {
      const word = words[at]
      firstWords[at] = word === undefined ? NONE : hashOf(word)
      firstClasses[at] = word === undefined ? NONE : classOf(word)
    }
  }

  return {
    write(words, features) {
      read(words)
      const length = lengthClass(words.length)
      const ending = hashOf(words.at(-1)!, words.at(-1)!.length - 3)
      let count = 0
      const put = (kind: number, hash: number): void => {
        features[count++] = mix(hash, kind)
      }
      put(1, length)
      count = writeRuns(lastWords, 2, 4, features, count)
      count = writeRuns(lastClasses, 6, 4, features, count)
      put(10, mix(lastWords[0]!, length))
      put(11, mix(lastClasses[0]!, length))
      put(12, mix(mix(lastClasses[0]!, lastClasses[1]!), length))
      put(13, mix(lastWords[0]!, lastWords[2]!))
      put(14, ending)
      count = writeRuns(firstWords, 20, 3, features, count, length)
      count = writeRuns(firstClasses, 23, 3, features, count, length)
      put(26, mix(firstClasses[0]!, lastClasses[0]!))
      put(27, mix(mix(firstClasses[0]!, firstClasses[1]!), lastClasses[0]!))
      put(28, mix(mix(firstClasses[0]!, firstClasses[1]!), mix(lastClasses[0]!, lastClasses[1]!)))
      if (words.length <= WHOLE_UP_TO) {
        let whole = 17
        for (let at = words.length - 1; at >= 0; at--) whole = mix(whole, lastClasses[at]!)
        put(29, whole)
      }
      for (let at = 1; at < LAST_WORDS && at < words.length; at++) put(30, lastClasses[at]!)
      return count
    },
  }
}

/** The first one alone, two of them, and so on: kinds `kind`, `kind` + 1, … */
function writeRuns(
  hashes: Uint32Array,
  kind: number,
  longest: number,
  features: Uint32Array,
  from: number,
  with_ = 0,
): number {
  let run = with_
  for (let at = 0; at < longest; at++) {
    run = at === 0 && with_ === 0 ? hashes[0]! : mix(run, hashes[at]!)
    features[from + at] = mix(run, kind + at)
  }
  return from + longest
}
