/**
 * What a language tells about full stops. Words stand between white space and without their last stop; a word in
 * small letters stands for any case, one with a capital only as written (`Rep. Smith`, but `your rep.`).
 *
 * | list     | a sentence ends behind one when                     | examples            |
 * | -------- | --------------------------------------------------- | ------------------- |
 * | `never`  | never: something always follows                     | Dr. Sig. פרופ.      |
 * | `name`   | what follows is one of the `starters`               | U.S. St. Mio. г.    |
 * | `number` | what follows is neither a digit nor in small letters | No. 5, ext. 12      |
 * | `end`    | what follows is a capital and no day, month or title | p.m. etc. usw.      |
 *
 * In a call whose language has a table, that one counts, and that of English; see `createAbbreviations`. Otherwise all
 * are looked through at once: take no word in small letters into `never` that ends sentences in another language, and
 * where two lists disagree, the one further up in the table wins. A wrong cut is heard, a missed one only costs time.
 *
 * To add a language: a file like `de.ts`, a line in `languages.ts`, and vectors in `test/language/sentences`.
 */
export interface SentenceWords {
  readonly never: string
  readonly name: string
  readonly number: string
  readonly end: string
  /** Words that begin sentences more often than they continue a name; French ones up to their apostrophe. */
  readonly starters: string
}
