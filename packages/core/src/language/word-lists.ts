import { phrasesOf } from './phrase-set.ts'
import { primaryLanguage } from './tags/primary-language.ts'

/**
 * The words by which the end of an utterance is judged, and a listener's noises, one entry per language.
 *
 * To add a language: add an entry under its ISO 639 code with all fields, in small letters, as recognisers write
 * them (both spellings where they differ), one phrase between commas, no punctuation inside but apostrophes and
 * gershayim. Take into `unfinished` only words that hardly ever end an answer: a wrong entry makes every answer
 * that ends in it slower. Then add utterances of both kinds to `test/language/endpoint-vectors.ts`.
 * Without an entry a language has no adaptive waiting and no default backchannels.
 * How the other words end is judged by a model that is trained: `completeness/done-probability.ts`.
 */
export interface WordLists {
  /** Phrases at whose end more is to come. */
  readonly unfinished: readonly string[]
  /** Thinking aloud: more is to come even when the recogniser wrote a full stop. */
  readonly fillers: readonly string[]
  /** Ends in an `unfinished` phrase, and yet is complete. */
  readonly complete: readonly string[]
  /** Begins a clause that needs another one behind it: "if I pay today". */
  readonly clauseOpeners: readonly string[]
  /** Words for single digits, as in a number read out. */
  readonly digits: readonly string[]
  /** Number words that a digit may follow to make one number: "twenty" five. */
  readonly tens: readonly string[]
  /** Other words of numbers. */
  readonly numbers: readonly string[]
  /** Inside a number or an address that is read out, more is to come: "point", "dot". */
  readonly numberLinks: readonly string[]
  /** The same before a digit that comes more than once; elsewhere the word says something else: "charged me double". */
  readonly repeats: readonly string[]
  /** Just before a number that is read out. */
  readonly numberCues: readonly string[]
  /** The same where nothing stands before it: "flat three" begins an address. */
  readonly addressCues: readonly string[]
  /** Just before a time of day, which is complete as soon as it is one. */
  readonly timeCues: readonly string[]
  /** What a listener says to show attention; answers such as "yes" and "no" are not among them. */
  readonly backchannels: readonly string[]
  /** The same of words that answer a question, too: "yes". */
  readonly agreements: readonly string[]
  /** Asking whether anybody is there. */
  readonly presence: readonly string[]
}

const ENGLISH: WordLists = {
  unfinished: phrasesOf(`
    and, but, or, because, 'cause, if, although, unless, until, whether, than, and then, as well as, such as,
    and i, and we, and he, and she, and they, and it, and it's, and not, but i, but we, but he, but she, but they, but it,
    but it's, but not, because i, because we, because he, because she, because they, because it, because it's,
    the, a, an, my, your, our, their, its, every`),
  fillers: phrasesOf('um, umm, ummm, uhm, uh, uhh, er, err, erm, let me see, let me think'),
  complete: phrasesOf(
    'if you like, if you want, if you can, if you could, if i can, if i may, if i could, you and i, he and i, she and i',
  ),
  clauseOpeners: phrasesOf(`
    if i, if we, if you, if the, if my, if it, if there, if they, although, unless, as soon as, once i, once we, in case,
    since i, since we, when i, when we, whenever, after i, before i`),
  digits: phrasesOf('zero, oh, o, one, two, three, four, five, six, seven, eight, nine'),
  tens: phrasesOf('twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety'),
  numbers: phrasesOf(`
    ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, hundred, thousand,
    million`),
  numberLinks: phrasesOf('point, dot, dash, hyphen, underscore, slash'),
  repeats: phrasesOf('double, triple'),
  numberCues: phrasesOf(`
    number, number is, number's, code, code is, id is, pin is, account is, card is, phone is, extension, extension is,
    starts with, starting with, begins with, beginning with, ends in, ending in, ends with, ending with, sort code, iban,
    reference, reference is, policy, invoice, branch, postcode, postcode is, zip, zip is, p o box, between, live at, lives at, living at,
    address is`),
  addressCues: phrasesOf(
    'flat, apartment, apt, unit, suite, building, block, house, house number, floor, entrance',
  ),
  timeCues: phrasesOf('at, by, until, till, around, before, after, from, past, to'),
  backchannels: phrasesOf(`
    mm-hm, mm-hmm, mmhm, mmhmm, mhm, mhmm, m-hm, mm, mmm, mmmm, hm, hmm, hmmm, uh-huh, uhhuh, uh-hum, um-hum,
    a, ah, aah, ahh, oh, ohh, ooh, aha, ah-ha, oops, phew, gosh, goodness, my goodness, oh my, wow,
    yeah, yep, yup, yes yes, ok, okay, okey, o.k., kay, 'kay, alright, all right, right, exactly, indeed, got it, i got it,
    gotcha, got you, i got you, i get it, i get that, i see, i know, i understand, i hear you, i follow, i'm with you,
    understood, noted, good, great, cool, nice, perfect, excellent, lovely, wonderful, awesome, brilliant, amazing,
    fantastic, fabulous, super, sweet, impressive, interesting, fascinating, helpful, clear, true, fair, really, very good,
    very nice, so nice, not bad, oh no, oh dear, no way, no kidding, no problem, no worries, of course, makes sense,
    fair enough, good to know, good point, good idea, go on, go ahead, carry on, keep going, please continue,
    sounds good, sounds great, sounds fair, sounds nice, that sounds good, that sounds great, that sounds nice,
    that's true, that's right, that's good, that's great, that's nice, that's cool, that's fair, that's interesting,
    that's amazing, that's awesome, that's lovely, that's wonderful, that's perfect, that's helpful, that's fine,
    that makes sense, how nice, how lovely, how interesting`),
  agreements: phrasesOf(
    "yes, sure, absolutely, definitely, certainly, totally, correct, fine, agreed, yes sir, yes ma'am",
  ),
  presence: phrasesOf(`
    hello, hello hello, hallo, hey, hi, are you there, are you still there, you there, is anyone there, is anybody there,
    anybody there, anyone there, can you hear me, do you hear me, still there`),
}

const HEBREW: WordLists = {
  unfinished: phrasesOf(`
    ו, וגם, או, אבל, אלא, כי, ש, אם, ואז, כאשר, כש, למרות, בגלל, בשביל, כדי, אשר, כמו, מאשר, כלומר, זאת אומרת, ז"א,
    ה, ב, ל, מ, של, על, עם, את, אל, בין, לגבי, אצל, מול, ליד, עד, חוץ מ, בלי, במקום, וה, של ה, עם ה,
    ואני, ואנחנו, והוא, והיא, והם, והן, וזה, ולא, אבל אני, אבל אנחנו, אבל הוא, אבל היא, אבל הם, אבל זה, אבל לא, כי אני,
    כי אנחנו, כי הוא, כי היא, כי הם, כי זה, כי לא, שאני, שאנחנו, שהוא, שהיא, שהם, שזה, כשאני, כשאנחנו, כשהוא, כשהיא, כשזה,
    מין, מעין, איזשהו, איזשהי, איזושהי, סוג של, משהו כמו, אתה יודע, את יודעת`),
  fillers: phrasesOf(`
    אה, אהה, אההה, אהמ, אהם, אמ, אמם, אממ, אמממ, כאילו, יעני, תן לי לחשוב, תני לי לחשוב, תן לי לראות, תני לי לראות,
    בוא נראה, בואי נראה, איך אומרים, איך קוראים לזה`),
  complete: phrasesOf(`
    ואת, מי את, איפה את, מאיפה את, מה את, גם את, זאת את, של מי, על מי, אם אתה יכול, אם את יכולה, אם אתם יכולים,
    לא יודע אם, איך אתה יודע, איך את יודעת, מאיפה אתה יודע, מאיפה את יודעת, מה אתה יודע, מה את יודעת,
    כניסה ב, כניסה ה, כניסה ו, דירה ב, שער ב, אולם ב, כיתה ב, כיתה ה, כיתה ו, בניין ב, חדר ב`),
  clauseOpeners: phrasesOf(
    'אם אני, אם אתה, אם את, אם אתם, אם זה, אם יש, אם אפשר, כשאני, כשאתם, ברגע ש, למרות ש, אחרי שאני, לפני שאני',
  ),
  digits: phrasesOf(`
    אפס, אחת, אחד, שתיים, שתים, שניים, שתי, שני, שלוש, שלושה, ארבע, ארבעה, חמש, חמישה, חמשה, שש, שישה, ששה, שבע,
    שבעה, שמונה, תשע, תשעה`),
  tens: phrasesOf('עשרים, שלושים, ארבעים, חמישים, שישים, ששים, שבעים, שמונים, תשעים'),
  numbers: phrasesOf('עשר, עשרה, מאה, מאתיים, מאות, אלף, אלפיים, אלפים, מיליון'),
  numberLinks: phrasesOf('נקודה, מקף, שטרודל, כרוכית, לוכסן, קו תחתון'),
  repeats: phrasesOf('פעמיים'),
  numberCues: phrasesOf(`
    המספר, מספר, המספר הוא, המספר שלי, המספר שלי הוא, הקוד, קוד, הקוד הוא, הטלפון, טלפון, הטלפון שלי, הטלפון הוא,
    תעודת זהות, ת"ז, מיקוד, שלוחה, מתחיל ב, מתחיל עם, נגמר ב, נגמר עם, סניף, סניף מספר, אסמכתא, פוליסה, חשבונית, ת"ד, בין,
    הכתובת, הכתובת היא`),
  addressCues: phrasesOf('דירה, דירה מספר, בית, בית מספר, בניין, קומה, כניסה'),
  timeCues: phrasesOf('בשעה, לשעה, מהשעה, עד השעה, ב, עד, לקראת, בסביבות, לפני, אחרי'),
  backchannels: phrasesOf(`
    אהה, אההה, אהא, אה-הא, אה, אהמ, אהם, המ, המם, הממ, הממם, המממ, ממ, מממ, מהמ, ממהמ, מ-הם, אמ-הם, הא, אוו, וואו, ואו, וואי, יואו,
    כן כן, אוקיי, אוקי, או-קיי, או-קי, בסדר, בסדר גמור, הבנתי, הבנתי אותך, אני מבין, אני מבינה, מבין, מבינה, מובן, ברור, ברור לי,
    קלטתי, רשמתי, שמעתי, אני איתך, אני מקשיב, אני מקשיבה, מקשיב, מקשיבה, נכון, נכון מאוד, בדיוק, בדיוק ככה, לגמרי, אכן, כמובן, באמת,
    סבבה, סבבה גמור, יופי, איזה יופי, אחלה, מעולה, מצוין, מצויין, טוב, טוב מאוד, יפה, יפה מאוד, נחמד, מגניב, נהדר, נפלא, מקסים, מושלם,
    מדהים, אדיר, מרשים, מעניין, מאוד מעניין, הגיוני, זה הגיוני, נשמע הגיוני, נשמע טוב, נשמע מצוין, נשמע מעולה, זה נשמע טוב, זה טוב,
    זה יפה, זה נכון, זה מעולה, זה מצוין, זה ברור, וואלה, כל הכבוד, אין בעיה, אין מצב, אין ספק, טוב לדעת, תמשיך, תמשיכי, המשך, המשיכי,
    אוי, אוי לא, אוי ואבוי, כן הבנתי, כן בסדר, כן אוקיי, אוקיי כן, כן נכון, כן ברור`),
  agreements: phrasesOf('כן, בטח, בוודאי, ודאי, בהחלט, בטח שכן, כן בטח, מסכים, מסכימה, מתאים'),
  presence: phrasesOf(`
    הלו, הלו הלו, אלו, שומע, שומעת, אתה שומע, את שומעת, שומעים אותי, אתה שומע אותי, את שומעת אותי, אתה שם, את שם,
    מישהו שם, יש שם מישהו, יש מישהו, אתם שם`),
}

const LISTS: ReadonlyMap<string, WordLists> = new Map([
  ['en', ENGLISH],
  ['he', HEBREW],
])

/** The lists of every language that has some. */
export const ALL_WORD_LISTS: readonly WordLists[] = [...LISTS.values()]

/** The lists of a language given as a BCP 47 tag; `undefined` when there are none. */
export function wordListsFor(language: string): WordLists | undefined {
  return LISTS.get(primaryLanguage(language))
}

const NUMBER_WORDS: ReadonlySet<string> = new Set(
  [...LISTS.values()].flatMap(({ digits, tens, numbers, numberLinks, repeats }) =>
    [digits, tens, numbers, numberLinks, repeats].flat(),
  ),
)

/** A number, or a word of one in a language that is known. */
export function isNumberWord(word: string): boolean {
  return /\d/u.test(word) || NUMBER_WORDS.has(word.toLowerCase())
}
