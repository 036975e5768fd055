/** What is made of an object's words, once for each object: word lists are constants, and calls ask time and again. */
export function madeOnce<Words extends object, Made>(make: (words: Words) => Made): (words: Words) => Made {
  const kept = new WeakMap<Words, { readonly made: Made }>()
  return (words) => {
    let entry = kept.get(words)
    if (!entry) {
      entry = { made: make(words) }
      kept.set(words, entry)
    }
    return entry.made
  }
}
