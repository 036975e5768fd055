/**
 * What a full stop after a word may mean. A key in small letters stands for any case; a key with a capital is the
 * abbreviation only when written so (`Rep. Smith`, but `your rep.`). To teach another language, add its
 * abbreviations here, without their last stop.
 *
 * | kind     | a sentence ends there when                          | examples            |
 * | -------- | --------------------------------------------------- | ------------------- |
 * | `never`  | never: something always follows                     | Dr. e.g. vs. פרופ.  |
 * | `number` | what follows is no digit                            | No. 5, ext. 12      |
 * | `name`   | what follows is a word that often begins a sentence | U.S. St. J. Ph.D.   |
 * | `end`    | what follows is a capital and no day, month or zone | p.m. etc. Inc. Jan. |
 */
export type AbbreviationKind = 'never' | 'number' | 'name' | 'end'

const NEVER = `
  dr mr mrs ms mx prof messrs vs e.g i.e eg cf viz approx est a.k.a w.r.t al
  Rev Fr Gen Sen Rep Gov Capt Col Lt Maj Sgt Cpl Adm Cmdr Pres Mt Hon Supt Mlle Mme
  z.b d.h u.a bzw ca evtl ggf inkl hr fr dipl sra srta dra ud uds
  т.е ул им проф
  פרופ גב רח שד עו"ד`
const NUMBER = `
  no nos nr num art p pp vol ch sec ext tel fig figs apt rm para pág стр
  מס טל עמ סע`
const NAME = `
  st ft ave blvd rd ph.d m.d b.a m.a d.c u.s u.k u.n e.u sr jr dept univ rue bros`
const END = `
  a.m p.m am pm etc inc ltd co corp llc plc gmbh bhd
  Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
  oz lb lbs hrs min mins tsp tbsp usw str т.д т.п руб`

const KINDS: ReadonlyMap<string, AbbreviationKind> = new Map([
  ...entriesOf(NEVER, 'never'),
  ...entriesOf(NUMBER, 'number'),
  ...entriesOf(NAME, 'name'),
  ...entriesOf(END, 'end'),
])

/** Words that begin sentences more often than they continue a name. */
export const SENTENCE_STARTERS: ReadonlySet<string> = new Set(
  wordsIn(`
  the we i it you this that these those he she they there here please would could can will should shall may do does
  did is are was were have has had what when where who whom why how which if in on at for with from to as and but or
  so then also yes no yeah let my your our their his her its an thanks thank sorry sure okay ok after before once
  just now today tomorrow unfortunately however great good perfect alright all any some every each not one because
  since while although though until unless both either neither maybe perhaps anything something`),
)

/** Capitals that go on after a time or a short form of a date: `5 p.m. Monday`, `am 5. März`. */
export const CALENDAR_WORDS: ReadonlySet<string> = new Set(
  wordsIn(`
  monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
  january february march april may june july august september october november december
  jan feb mar apr jun jul aug sep sept oct nov dec
  januar februar märz mai juni juli oktober dezember
  eastern central mountain pacific greenwich israel gmt utc est edt cst cdt mst mdt pst pdt cet cest bst ist`),
)

const HEBREW_PREFIX = /^[והבכלמש]{1,2}(?=\p{Script=Hebrew}{2})/u

/** The kind of `word`, written without its last stop; `undefined` for a plain word. */
export function abbreviationKind(word: string): AbbreviationKind | undefined {
  const listed =
    KINDS.get(word) ?? KINDS.get(word.toLowerCase()) ?? KINDS.get(word.replace(HEBREW_PREFIX, ''))
  if (listed) return listed
  // Initials and dotted letters; "so do I." and 「好.」 are words.
  if (/^(?:\p{L}\.)*\p{Lu}$/u.test(word)) return word === 'I' ? undefined : 'name'
  if (/^\p{Ll}$/u.test(word)) return 'name'
  if (/^(?:\p{L}\.)+\p{L}$/u.test(word)) return 'never'
  return /^[\p{Script=Hebrew}\p{Script=Arabic}]['׳’]?$/u.test(word) ? 'never' : undefined
}

function entriesOf(list: string, kind: AbbreviationKind): [string, AbbreviationKind][] {
  return wordsIn(list).map((word) => [word, kind])
}

function wordsIn(list: string): string[] {
  return list.trim().split(/\s+/u)
}
