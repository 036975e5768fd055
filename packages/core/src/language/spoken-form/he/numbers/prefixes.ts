/** Letters joined to a number by a hyphen or a maqaf, `ב-5`, are joined to its first word: `בחמש`. */
export function withPrefix(prefix: string | undefined, words: string): string {
  return (prefix ?? '').replace(/[-־]/gu, '') + words
}
