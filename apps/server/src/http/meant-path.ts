/** The path that somebody who asked for another one most likely meant: the one with the same end, or the first. */
export function meantPath(path: string, known: readonly string[]): string | undefined {
  const last = path.toLowerCase().split('/').filter(Boolean).at(-1)
  const sameEnd = known.find((route) => last !== undefined && route.toLowerCase().endsWith(`/${last}`))
  return sameEnd ?? known[0]
}
