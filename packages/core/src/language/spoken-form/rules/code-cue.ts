/** Words by which a number is known for one that is read digit by digit. */
export interface CodeWords {
  /** What has such a number: a code, a card, an order. */
  readonly cues: ReadonlySet<string>
  /** What may stand between it and the number: "number", "is", "ending in". */
  readonly links: ReadonlySet<string>
  /** A letter that is joined to the front of a cue; there may be two. */
  readonly prefix?: RegExp
}

/** So many words stand between a code and its name at the most. */
const MAX_LINKS = 4

/** Whether the words before a number say that it is a code: the last of them is a cue, or links to one. */
export function isCodeBehind(before: string, { cues, links, prefix }: CodeWords): boolean {
  const sentence = before.toLowerCase().replace(/(?<!\p{L})no\. ?#?$/u, 'no ')
  // A number, or the end of a sentence, and what is before it tells nothing.
  const words = sentence.replace(/^.*[\p{N}.!?;()]/su, '').match(/[\p{L}"״'’/]+/gu) ?? []
  const bare = (word: string): string => (prefix ? word.replace(prefix, '') : word)
  const isCue = (word: string): boolean => [word, bare(word), bare(bare(word))].some((form) => cues.has(form))
  for (let back = 1; back <= MAX_LINKS + 1; back++) {
    const word = words.at(-back)
    if (word === undefined) return false
    if (isCue(word)) return true
    // "the code for Dana is"
    if (!links.has(word) && words.at(-back - 1) !== 'for') return false
  }
  return false
}

/** What a code does, in words that end as things that are counted do. */
const DOES = new Set(
  `has was is does this always expires ends starts begins works needs remains stays belongs matches arrives ships goes
  comes leaves departs includes covers appears shows requires allows gives gets says means opens changes`.split(
    /\s+/u,
  ),
)

/** `order 300 pizzas`: things are counted behind it after all. */
export function isCounted(after: string): boolean {
  const word = /^ (?<word>\p{Ll}{2,}s)(?!\p{L})/u.exec(after)?.groups?.['word']
  return word !== undefined && !DOES.has(word)
}
