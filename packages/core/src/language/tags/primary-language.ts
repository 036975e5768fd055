/** Older and vendors' codes of the same language. */
const SAME: Readonly<Record<string, string>> = {
  iw: 'he',
  no: 'nb',
  tl: 'fil',
  cmn: 'zh',
  yue: 'zh',
  in: 'id',
}

/** The language without script and region, one code for each: `iw-IL` and `he-IL` are both `he`. */
export function primaryLanguage(tag: string): string {
  const [primary = ''] = tag.toLowerCase().split(/[-_]/)
  return SAME[primary] ?? primary
}
