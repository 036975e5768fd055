/** A few names, short enough for a line. */
export function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name.slice(0, 60)}"`)
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ')
}
