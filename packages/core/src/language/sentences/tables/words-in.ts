/** The words of a list that is written for reading, between white space. */
export function wordsIn(list: string): readonly string[] {
  return list.split(/\s+/u).filter((word) => word !== '')
}
