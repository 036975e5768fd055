import { phrasesOf } from '../phrase-set.ts'

/**
 * The words by which a sentence without its verb, or its object, is known. Only words that stand in such a place nearly
 * always: what is not listed is taken for a whole sentence.
 */

const setOf = (list: string): ReadonlySet<string> => new Set(phrasesOf(list))

export const ENGLISH = {
  /** Begins what a sentence is about. */
  determiners: setOf(`
    the, a, an, my, our, your, his, her, their, this, that, these, those, one, some, every, another`),
  subjects: setOf('i, we, you, he, she, it, they, somebody, someone'),
  relatives: setOf('that, which, who, whom, whose, where'),
  /** Whoever asks with one, or begins a half of a sentence with it, ends in a verb: "where my parcel is". */
  questions: setOf(
    'what, where, who, how, which, when, why, whether, whatever, wherever, whichever, all, everything',
  ),
  /** What it is that they do to it has to follow. */
  verbsWithObject: setOf(`
    shows, showed, says, said, gives, gave, gets, got, makes, made, takes, took, keeps, kept, needs, needed, wants,
    wanted, has, had, contains, includes, requires, tells, told, asks, asked, sends, sent, means, meant, seems, seemed,
    claims, claimed, displays, expects, expected, received, bought, ordered, brought, put, thinks, thought, uses, used,
    became, becomes, sounds, looks, feels`),
  /** Nothing but these may stand between a subject and such a verb. */
  adverbs: setOf(
    'also, still, just, only, always, never, already, now, often, suddenly, recently, even, really',
  ),
  auxiliaries: setOf(`
    is, are, was, were, will, would, has, have, had, does, do, did, can, could, should, must, might, may, isn't, aren't,
    wasn't, weren't, won't, wouldn't, hasn't, haven't, hadn't, doesn't, don't, didn't, can't, cannot, couldn't,
    shouldn't`),
  /** "this morning" begins a sentence, and is nothing that one is about. */
  times: setOf(
    'morning, afternoon, evening, night, day, week, weekend, month, year, moment, time, monday, tuesday, wednesday, thursday, friday, saturday, sunday',
  ),
} as const

export const HEBREW = {
  verbsWithObject: setOf(`
    מראה, מראים, אומר, אומרת, אומרים, כותב, כותבת, מבקש, מבקשת, מבקשים, נותן, נותנת, נותנים, עושה, עושים, רוצה, רוצים, שולח,
    שולחת, שולחים, מציג, מציגה, מציגים, טוען, טוענת, טוענים, צריך, צריכה, צריכים, הראה, הראתה, אמר, אמרה, אמרו, קיבל, קיבלה,
    שלח, שלחה, שלחו`),
  copulas: setOf('הוא, היא, הם, הן'),
  questions: setOf('מה, מי, איפה, איך, כמה, מתי, למה, מאיפה, לאן, איזה, איזו, זה, זאת, זו, כל'),
  /** Before "no" at the end of an answer: "not yet", "or not". */
  beforeNo: setOf('או, למה, אולי, עדיין, כבר, בטח, ממש, בכלל, כן, אבל, עוד, הוא, היא, הם, אני, אנחנו'),
  /** What begins so is a sentence of its own, whatever clause ends it. */
  sentenceOpeners: setOf(`
    זה, זאת, זו, כן, לא, מה, כל, אני, אנחנו, מי, איפה, איך, כמה, מתי, למה, יש, אין, את, אתה, אתם, הוא, היא, הם, תודה, נראה,
    אומרים, אמרו, בטח, כנראה, ברור, טוב, יופי, חבל, אפשר, צריך`),
} as const
