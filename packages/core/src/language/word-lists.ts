/**
 * The words by which the end of an utterance is judged, and a listener's noises, one entry per language.
 *
 * To add a language: add an entry under its ISO 639 code with all fields, in small letters, as recognisers write
 * them (both spellings where they differ), one phrase between commas, no punctuation inside but apostrophes and
 * gershayim. Take into `unfinished` only words that hardly ever end an answer: a wrong entry makes every answer
 * that ends in it slower. Then add utterances of both kinds to `test/language/endpoint-vectors.ts`.
 * Without an entry a language has no adaptive waiting and no default backchannels.
 */
export interface WordLists {
  /** Phrases at whose end more is to come. */
  readonly unfinished: readonly string[]
  /** Thinking aloud: more is to come even when the recogniser wrote a full stop. */
  readonly fillers: readonly string[]
  /** Ends in an `unfinished` phrase, and yet is complete. */
  readonly complete: readonly string[]
  /** Unfinished when it is all that was said. */
  readonly unfinishedAlone: readonly string[]
  /** Words for single digits, as in a number read out. */
  readonly digits: readonly string[]
  /** Number words that a digit may follow to make one number: "twenty" five. */
  readonly tens: readonly string[]
  /** Other words of numbers. */
  readonly numbers: readonly string[]
  /** Inside a number or an address that is read out, more is to come: "point", "dot", "double". */
  readonly numberLinks: readonly string[]
  /** Just before a number that is read out. */
  readonly numberCues: readonly string[]
  /** Just before a time of day, which is complete as soon as it is one. */
  readonly timeCues: readonly string[]
  /** What a listener says to show attention; answers such as "yes" and "no" are not among them. */
  readonly backchannels: readonly string[]
}

const ENGLISH: WordLists = {
  unfinished: phrases(`
    and, but, or, so, because, cause, 'cause, if, when, while, although, though, unless, until, since, whether, than,
    that's, which, whose, plus, also, then, and then, or maybe, as well as, such as, like a, kind of, sort of,
    the, a, an, my, your, our, their, his, its, this is, these are, some, every, each, another,
    to, of, for, with, from, at, in, on, by, about, into, onto, between, through, during, without, within, toward,
    towards, under, over the, near, against, via, per, regarding, concerning,
    i, i'm, i am, i'd, i'd like, i would like, i'll, i've, i want, i need, i have, i was, i mean, i think, i guess,
    it's, it is a, there's, there is, there are, we're, we are, we have, you're, they're, he's, she's, let me, let's,
    can you, could you, would you, will you, do you, are you, is there, is it, can i, could i, may i, do i,
    is the, was the, is a, name is, name's, number is, number's, address is, email is, birthday is, date of birth is,
    id is, code is, account is, order is, problem is, issue is, question is, thing is, reason is, it was, wanna,
    gonna, going to, trying to, want to, need to, have to, able to, supposed to, very, really, just, actually,
    basically, maybe, probably, please can, what's, what about, how about, where's, who's, how's, how many`),
  fillers: phrases(`
    um, umm, uhm, uh, uhh, er, err, erm, eh, hm let me see, let me see, let's see, let me think, let me check,
    you know, well, hold on a second let me, one second let me`),
  complete: phrases(`
    i think so, think so, hope so, guess so, suppose so, told me so, say so, even so, how so, if so, and so on,
    hold on, hang on, go on, come on, carry on, move on, later on, from now on, and so forth, turn it on, come in,
    check in, fill it in, log in, sign in, what for, who for, where from, are you from, you calling from, is it for,
    is that for, is this for, is this about, is it about, is that about, what about it, talking about,
    yes i am, yeah i am, who i am, where i am, yes there is, yes there are, no there is, i want to, i'd like to,
    i'd love to, i would like to, i would love to, i don't want to, i need to, you have to, don't have to, as i have,
    yes i was, yes i have, yes i do, so am i, so do i, neither do i, what can i, than i am, yes it is, yes we are,
    yes we have, if you want to, what is it, who is it, where is it, how is it, not really, not very, just that,
    go with, come with, come by, stop by, come over, i'm through, get through, me too and you, do it then,
    see you then, bye then, okay then, ok then, since then, by then, no thanks then, stand by, how are you,
    who are you, where are you, what are you, how old are you, i don't think, i forgot which, each, one each`),
  unfinishedAlone: phrases(
    'how, when, where, who, which, whose, yeah so, yes so, ok so, okay so, so yeah, hi i, hello i',
  ),
  digits: phrases('zero, oh, o, one, two, three, four, five, six, seven, eight, nine'),
  tens: phrases('twenty, thirty, forty, fourty, fifty, sixty, seventy, eighty, ninety'),
  numbers:
    phrases(`ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, hundred,
    thousand, million`),
  numberLinks: phrases('point, dot, double, triple, dash, hyphen, underscore, slash'),
  numberCues:
    phrases(`number is, number's, code is, id is, pin is, account is, card is, phone is, zip is, zip code,
    extension, number, account number, order number, phone number, id number, it starts with, starting with,
    begins with, ending in, ends in`),
  timeCues: phrases('at, by, until, till, around, before, after, from, about, past, to'),
  backchannels: phrases(`
    mm-hm, mm-hmm, mmhm, mmhmm, mhm, mhmm, m-hm, mm, mmm, mmmm, hm, hmm, hmmm, uh-huh, uhhuh, uh huh, uh-hum, ah, aah,
    oh, ooh, aha, ah-ha, yeah, yeah yeah, yep, yup, ya, ok, okay, okey, o k, kay, 'kay, alright, all right, right,
    right right, i see, got it, gotcha, i got it, sure, of course, exactly, good, great, cool, nice, wow, oh wow,
    really, oh really, oh okay, oh i see, understood, i understand, makes sense, true, that's true, that's right,
    yes yes`),
}

const HEBREW: WordLists = {
  unfinished: phrases(`
    ו, וגם, או, אבל, אלא, כי, ש, אם, אז, ואז, ואם, כאשר, כש, למרות, בגלל, בגלל ש, בשביל, כדי, כדי ש, אשר, כמו, מאשר,
    של, על, עם, את ה, אל, מ, ל, ב, ה, בין, לגבי, אצל, מול, דרך, ליד, עד ש, לפני ש, אחרי ש, חוץ מ, בלי, במקום, כלומר,
    זאת אומרת, ז"א, אני, אני רוצה, אני צריך, אני צריכה, הייתי רוצה, רציתי, אני מחפש, אני מחפשת, אני רוצה לקבוע את,
    אני רוצה את, קוראים לי, השם שלי, שמי, שמי הוא, השם שלי הוא, המספר שלי, המספר הוא, המספר שלי הוא, הכתובת שלי,
    הכתובת היא, הטלפון שלי, הטלפון הוא, הבעיה היא, הבעיה ש, השאלה היא, השאלה שלי, תעודת זהות, מספר תעודת זהות,
    אפשר, האם, אתה יכול, את יכולה, אתם יכולים, תוכל, תוכלי, יש לכם, יש לי, אין לי, אנחנו, הוא היה, היא הייתה, זה ש,
    בערך, אולי, פשוט, ממש, בעצם, רק, גם, איזה, איזו, כמה, מ ה, ל ה, ב ה, עוד, וה, של ה, על ה, עם ה, מה עם, יותר`),
  fillers: phrases(`
    אה, אהה, אההה, אהמ, אמ, אממ, אמממ, אם אה, המממ רגע, כאילו, יעני, נו, רגע, שנייה, שניה, תן לי לחשוב, תני לי לחשוב,
    תן לי לראות, תני לי לראות, בוא נראה, בואי נראה, איך אומרים, איך קוראים לזה`),
  complete: phrases(`
    לא יודע אולי, מי אני, איפה אני, גם אני, לא אני, זה אני, כן אני, לא גם, כן אפשר, לא רק, אם אפשר, מתי אפשר,
    איך אפשר, לא אפשר, אי אפשר, זה אפשר, כן יש לי, לא אין לי, כן יש לכם, מה יש לכם, איפה אנחנו, גם אנחנו, לא פשוט,
    זה פשוט, וזהו אז, ביי אז, כן בעצם, לא ממש, בערך כמה, לא משנה כמה, תלוי כמה, תלוי איזה, לא משנה איזה, זה עולה כמה,
    לא צריך יותר, לא רוצה יותר, קצת יותר, כמה יותר, אחד יותר, אחת יותר, עוד ועוד, מה עוד, ומה עוד, מי עוד, הכול ממש,
    כן כן רגע, כן ממש, גם וגם, זה הוא, בסדר גם, סתם רק, חכה רגע, חכי רגע, רק רגע, רק שנייה, רק שניה, כמה זה, של מי`),
  unfinishedAlone: phrases(
    'איך, איפה, מתי, מי, איזה, כמה, היי אני, שלום אני, כן אז, טוב אז, אוקיי אז, כן אבל, לא אבל, נכון אבל',
  ),
  digits:
    phrases(`אפס, אחת, אחד, שתיים, שתים, שניים, שנים, שתי, שני, שלוש, שלושה, ארבע, ארבעה, חמש, חמישה, חמשה, שש,
    שישה, ששה, שבע, שבעה, שמונה, תשע, תשעה`),
  tens: phrases('עשרים, שלושים, ארבעים, חמישים, חמשים, שישים, ששים, שבעים, שמונים, תשעים'),
  numbers: phrases('עשר, עשרה, מאה, מאתיים, מאות, אלף, אלפיים, אלפים, מיליון'),
  numberLinks: phrases('נקודה, מקף, פעמיים, שטרודל, כרוכית, לוכסן, קו תחתון'),
  numberCues:
    phrases(`המספר, מספר, המספר הוא, המספר שלי, המספר שלי הוא, הקוד, קוד, הקוד הוא, הטלפון, טלפון, הטלפון שלי,
    תעודת זהות, ת"ז, מיקוד, שלוחה, מתחיל ב, מסתיים ב, נגמר ב`),
  timeCues: phrases('בשעה, ב, עד, לקראת, בסביבות, לפני, אחרי, מהשעה, עד השעה'),
  backchannels: phrases(`
    אהה, אההה, אהא, אה-הא, אה הא, אה, אהמ, המ, הממ, הממם, המממ, ממ, מממ, מ-הממ, מהמ, כן כן, כן כן כן, אוקיי, אוקי, אוקיי אוקיי,
    או קיי, או-קיי, אוקיי בסדר, בסדר, בסדר גמור, בסדר בסדר, הבנתי, אני מבין, אני מבינה, מבין, מבינה, נכון, נכון נכון,
    ברור, סבבה, יופי, אחלה, מעולה, טוב, טוב טוב, וואו, ואו, באמת, אה באמת, אה אוקיי, אה הבנתי, יאללה, לגמרי, בדיוק`),
}

const LISTS: ReadonlyMap<string, WordLists> = new Map([
  ['en', ENGLISH],
  ['he', HEBREW],
  // The code that older systems still write for Hebrew.
  ['iw', HEBREW],
])

/** The lists of a language given as a BCP 47 tag; `undefined` when there are none. */
export function wordListsFor(language: string): WordLists | undefined {
  return LISTS.get(language.split(/[-_]/, 1)[0]!.toLowerCase())
}

function phrases(list: string): readonly string[] {
  return list.split(',').map((phrase) => phrase.trim().replace(/\s+/gu, ' '))
}
