/** For what may be gone by now. */
export function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

export function unlessGoneList(error: NodeJS.ErrnoException): string[] {
  return unlessGone(error) ?? []
}
