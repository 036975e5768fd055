const NONE: readonly RegExpExecArray[] = []

/**
 * All matches of a pattern with the flag `g`, in order, as `matchAll` finds them. `matchAll` makes a pattern of its own
 * for every text, which costs more than looking for what is seldom there.
 */
export function matchesOf(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  let found: RegExpExecArray[] | undefined
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    ;(found ??= []).push(match)
    if (match[0] === '') pattern.lastIndex = behind(text, match.index, pattern.unicode)
  }
  return found ?? NONE
}

/** Behind the character at `index`: with the flag `u` a pair of surrogates is one. */
function behind(text: string, index: number, unicode: boolean): number {
  const isPair = unicode && (text.codePointAt(index) ?? 0) > 0xffff
  return index + (isPair ? 2 : 1)
}
