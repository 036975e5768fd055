/** Share of every history's probability that is kept for word sequences the phrases do not contain. */
const UNSEEN_SHARE = 0.05
const BEGIN = '<s>'
const END = '</s>'
/** ARPA's minus infinity: `<s>` is never predicted. */
const NEVER = -99

type Counts = Map<string, number>

/**
 * A trigram language model in ARPA format, made from the phrases a conversation expects: word sequences seen in
 * them are likely, other orders of the same words possible, other words impossible. A fixed share of each
 * history's probability goes to the back-off. Repeated phrases count more.
 *
 * `phrases` are lists of words as the dictionary spells them; empty ones are ignored. Returns undefined when
 * nothing is left.
 */
export function buildArpaModel(phrases: readonly (readonly string[])[]): string | undefined {
  const sentences = phrases.filter((words) => words.length > 0).map((words) => [BEGIN, ...words, END])
  if (sentences.length === 0) return undefined
  const unigrams = countGrams(sentences, 1)
  const bigrams = countGrams(sentences, 2)
  const trigrams = countGrams(sentences, 3)
  const tokens = sum(unigrams) - (unigrams.get(BEGIN) ?? 0)

  const p1 = new Map<string, number>()
  for (const [word, count] of unigrams) if (word !== BEGIN) p1.set(word, count / tokens)
  const p2 = discounted(bigrams, unigrams)
  const p3 = discounted(trigrams, bigrams)
  const backoff1 = backoffWeights(p2, p1)
  const backoff2 = backoffWeights(p3, p2, backoff1)

  const lines = ['\\data\\', `ngram 1=${unigrams.size}`, `ngram 2=${p2.size}`, `ngram 3=${p3.size}`, '']
  lines.push('\\1-grams:')
  for (const word of unigrams.keys()) {
    const p = p1.get(word)
    lines.push(`${p === undefined ? NEVER : log10(p)} ${word} ${log10(backoff1.get(word) ?? 1)}`)
  }
  lines.push('', '\\2-grams:')
  for (const [gram, p] of p2) lines.push(`${log10(p)} ${gram} ${log10(backoff2.get(gram) ?? 1)}`)
  lines.push('', '\\3-grams:')
  for (const [gram, p] of p3) lines.push(`${log10(p)} ${gram}`)
  lines.push('', '\\end\\', '')
  return lines.join('\n')
}

function countGrams(sentences: readonly (readonly string[])[], order: number): Counts {
  const counts: Counts = new Map()
  for (const words of sentences) {
    for (let start = 0; start + order <= words.length; start++) {
      const gram = words.slice(start, start + order).join(' ')
      counts.set(gram, (counts.get(gram) ?? 0) + 1)
    }
  }
  return counts
}

/** P(last word | history) of every seen gram, after the unseen share is taken off. */
function discounted(grams: Counts, histories: Counts): Map<string, number> {
  const probabilities = new Map<string, number>()
  for (const [gram, count] of grams) {
    const history = gram.slice(0, gram.lastIndexOf(' '))
    probabilities.set(gram, ((1 - UNSEEN_SHARE) * count) / (histories.get(history) ?? count))
  }
  return probabilities
}

/** For each history: what the shorter history's probability is multiplied by for a word not seen after it. */
function backoffWeights(
  longer: ReadonlyMap<string, number>,
  shorter: ReadonlyMap<string, number>,
  shorterBackoff: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const seen = new Map<string, { longer: number; shorter: number }>()
  for (const [gram, p] of longer) {
    const history = gram.slice(0, gram.lastIndexOf(' '))
    const entry = seen.get(history) ?? { longer: 0, shorter: 0 }
    entry.longer += p
    entry.shorter += shorter.get(gram.slice(gram.indexOf(' ') + 1)) ?? 0
    seen.set(history, entry)
  }
  const weights = new Map<string, number>()
  for (const [history, mass] of seen) {
    const left = 1 - mass.shorter
    // Every word that can follow was seen: nothing is left to back off to, so the weight is never used.
    weights.set(history, left <= 1e-9 ? 1 : (1 - mass.longer) / left)
  }
  // A history that only ends phrases has no continuation of its own; it backs off freely.
  for (const history of shorterBackoff.keys()) if (!weights.has(history)) weights.set(history, 1)
  return weights
}

function log10(p: number): string {
  return Math.log10(p).toFixed(4)
}

function sum(counts: Counts): number {
  let total = 0
  for (const count of counts.values()) total += count
  return total
}
