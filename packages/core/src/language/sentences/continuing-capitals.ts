import { wordsIn } from './tables/words-in.ts'

/**
 * Words, here in small letters, that go on although they have a capital, after a time or a short form of a date
 * (`5 p.m. Monday`, `am 5. März`) or of a firm (`& Co. KG`). Of the languages that pipelines use, only English and
 * German write months and days so.
 */
export const CONTINUING_CAPITALS: ReadonlySet<string> = new Set(
  wordsIn(`
  monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
  january february march april may june july august september october november december
  jan feb mar apr jun jul aug sep sept oct nov dec
  januar jänner februar feber märz mai juni juli oktober dezember jän mär okt dez
  eastern central mountain pacific greenwich israel gmt utc est edt cst cdt mst mdt pst pdt cet cest bst ist mez mesz
  kg kgaa ohg`),
)
