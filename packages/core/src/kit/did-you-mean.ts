const MAX_COMPARED_LENGTH = 64

/** The candidate the writer most likely meant, or `undefined` when none is close. Case, `-` and `_` count nothing. */
export function didYouMean(written: string, candidates: Iterable<string>): string | undefined {
  const target = plainName(written)
  if (target === '' || written.length > MAX_COMPARED_LENGTH) return undefined
  const allowed = Math.max(1, Math.floor(target.length / 3))
  let best: string | undefined
  let bestDistance = Math.min(allowed, 3) + 1
  for (const candidate of candidates) {
    if (candidate.length > MAX_COMPARED_LENGTH) continue
    const other = plainName(candidate)
    if (Math.abs(other.length - target.length) >= bestDistance) continue
    const distance = editDistance(target, other)
    // One letter in place of another has nothing in common with it.
    if (distance < bestDistance && distance < Math.max(target.length, other.length)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Without what counts nothing: case, `-` and `_`. */
export function plainName(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\s]/g, '')
}

/** Damerau-Levenshtein with adjacent transpositions (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
