// Phrases of one language: an object of lists, and of objects of lists.

/** The phrases of every list at even (`first` 0) or odd places (1). A list of lists is one of numbered kinds. */
export function everySecond(phrases, first) {
  return mapLists(phrases, (list) => list.filter((_, at) => at % 2 === first))
}

/** The phrases of both, list by list; what is no list is that of the first. */
export function together(one, other) {
  return mapLists(one, (list, path) => [...list, ...path.reduce((found, key) => found[key], other)])
}

function mapLists(value, change, path = []) {
  if (Array.isArray(value)) {
    // Interruptions by their number of words; what a turn is made of, its parts, stays together.
    if (path.at(-1) === 'interruptions') return value.map((list, at) => change(list, [...path, at]))
    return change(value, path)
  }
  if (typeof value !== 'object' || path.at(-1) === 'opening') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapLists(inner, change, [...path, key])]),
  )
}
