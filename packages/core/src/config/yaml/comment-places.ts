/** Where a `#` stands behind a plain text, on its line. */
export function commentBehind(text: string, end: number): number | undefined {
  const between = /^[ \t]+(?=#)/.exec(text.slice(end, end + 200))
  return between === null ? undefined : end + between[0].length
}

/** Where a `#` stands behind the colon of a key, in place of its value. */
export function commentInPlace(text: string, keyOffset: number): number | undefined {
  const between = /^[^\n#]*:[ \t]+(?=#)/.exec(text.slice(keyOffset, keyOffset + 300))
  return between === null ? undefined : keyOffset + between[0].length
}
