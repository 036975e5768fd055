/** JSON set out over lines; anything else, cut-off JSON too, as it is. */
export function asReadable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
