import { phrasesOf } from '../phrase-set.ts'
import { primaryLanguage } from '../tags/primary-language.ts'

/**
 * The words by which it is told what an agent's question asks for, and whether an answer is all of it, one entry per
 * language. In small letters, without punctuation, one phrase between commas.
 *
 * To add a language: add an entry under its ISO 639 code with all fields, and questions and answers of each kind to
 * `test/language/answer-vectors.ts`. Without an entry nothing is expected, and the wait is that of any utterance.
 */
export interface QuestionWords {
  /** A question that begins so wants a yes or a no. */
  readonly yesNoOpeners: readonly string[]
  /** Asks for something in the form of a yes-no question: "can you tell me". */
  readonly requests: readonly string[]
  /** Between two things to choose from: neither a yes nor a no. */
  readonly choices: readonly string[]
  /** What is asked for, where one of these stands in the question. */
  readonly date: readonly string[]
  readonly time: readonly string[]
  readonly name: readonly string[]
  /** All of it, whatever parts are named. */
  readonly wholeName: readonly string[]
  /** Of the name one part, which is one word most often. */
  readonly namePart: readonly string[]
  /** A code whose length the country decides. */
  readonly postalCode: readonly string[]
  /** Likewise a number to call. */
  readonly phone: readonly string[]
  readonly digits: readonly string[]
  /** What a number of digits is counted in: "four digits". */
  readonly digitUnits: readonly string[]
  /** Asks how many or how much: a count, which is no number read out. */
  readonly amounts: readonly string[]
  /** Answers to a yes-no question that are whole by themselves, and what politely goes with them. */
  readonly yesNo: readonly string[]
  readonly politeness: readonly string[]
  /** Days that are a date by themselves. */
  readonly days: readonly string[]
  readonly months: readonly string[]
  /** What stands in front of a name. */
  readonly nameLeads: readonly string[]
  /** Numbers as words, by value: at 0 the words for zero. */
  readonly numbers: readonly (readonly string[])[]
}

const ENGLISH: QuestionWords = {
  yesNoOpeners: phrasesOf(`
    is, are, am, was, were, do, does, did, have, has, had, can, could, would, will, shall, should, may, might, isn't,
    aren't, don't, doesn't, didn't, haven't, hasn't, won't, wouldn't, can't, couldn't, any, anything, ready, right,
    correct, okay, ok`),
  requests: phrasesOf(`
    tell me, give me, say, spell, read, repeat, confirm your, provide, have your, get your, take your, ask for, enter,
    let me know, what, what's, which, who, who's, where, where's, when, when's, how, how's`),
  choices: phrasesOf('or'),
  date: phrasesOf(
    'date, which day, what day, birthday, date of birth, when is your birthday, when were you born',
  ),
  time: phrasesOf('what time, which time, at what time, what hour'),
  name: phrasesOf('name, surname, who am i speaking'),
  wholeName: phrasesOf('full name, first and last name, first name and last name, name and surname'),
  namePart: phrasesOf('first name, last name, surname, family name'),
  postalCode: phrasesOf('zip, zip code, postcode, postal code'),
  phone: phrasesOf(`
    phone number, telephone number, mobile number, cell number, cell phone, contact number, callback number, call back number,
    number to call, number can i reach, number can we reach, number to reach, number should we call, number can we call`),
  digits: phrasesOf(`
    number, phone number, digits, code, pin, zip, postcode, postal code, account number, order number, card number,
    reference, extension`),
  digitUnits: phrasesOf('digit, digits, number, numbers'),
  amounts: phrasesOf('how many, how much, number of, how long, how old'),
  yesNo: phrasesOf(`
    yes, yeah, yep, yup, yes it is, yes i do, yes i am, yes i did, yes i have, yes i would, yes that's right,
    yes that is right, yes that's correct, that's right, that's correct, that is correct, correct, right, sure,
    of course, absolutely, definitely, certainly, exactly, i do, i did, i am, i have, it is, please do, go ahead, okay,
    ok, sounds good, that works, that's fine, fine, perfect, no, nope, nah, not really, no i don't, no i didn't,
    no i'm not, no i haven't, no it isn't, no it's not, not yet, i don't, i don't think so, i think so, that's all,
    that's it, no that's all, no that's it, nothing else, no nothing, no nothing else, never mind, neither`),
  politeness: phrasesOf("please, thanks, thank you, sir, madam, ma'am, thank you very much, thanks a lot"),
  days: phrasesOf(`
    monday, tuesday, wednesday, thursday, friday, saturday, sunday, today, tomorrow, tonight, the day after tomorrow,
    next week, this weekend`),
  months: phrasesOf(`
    january, february, march, april, may, june, july, august, september, october, november, december`),
  nameLeads: phrasesOf(
    "my name is, my name's, i'm, i am, this is, it's, it is, the name is, name is, name's",
  ),
  numbers: lists(`
    zero oh o, one first, two second, three third, four fourth, five fifth, six sixth, seven seventh, eight eighth,
    nine ninth, ten tenth, eleven eleventh, twelve twelfth, thirteen thirteenth, fourteen fourteenth,
    fifteen fifteenth, sixteen sixteenth, seventeen seventeenth, eighteen eighteenth, nineteen nineteenth,
    twenty twentieth`),
}

const HEBREW: QuestionWords = {
  yesNoOpeners: phrasesOf(`
    האם, יש, אפשר, תרצה, תרצי, תרצו, רוצה, רוצים, אתה, את, אתם, זה, זו, זאת, הוא, היא, נכון, בסדר, מתאים, תוכל, תוכלי,
    תוכלו, כבר, עוד`),
  requests: phrasesOf(`
    תגיד לי, תגידי לי, למסור, תן לי, תני לי, לומר, להגיד, לאיית, לקבל את, לחזור על, להקיש, להקליד, מה, מי, איפה, מתי,
    איך, כמה, למה, איזה, איזו, אילו, לאן, מאיפה, באיזה, באיזו`),
  choices: phrasesOf('או'),
  date: phrasesOf('תאריך, התאריך, באיזה יום, איזה יום, תאריך לידה, תאריך הלידה, מתי נולדת'),
  time: phrasesOf('באיזו שעה, באיזה שעה, איזו שעה, מה השעה'),
  name: phrasesOf('שם, השם, שמך, איך קוראים לך, עם מי אני מדבר, עם מי אני מדברת'),
  wholeName: phrasesOf('שם מלא, השם המלא, שם פרטי ושם משפחה, שם פרטי ומשפחה'),
  namePart: phrasesOf('שם פרטי, השם הפרטי, שם משפחה, שם המשפחה'),
  postalCode: phrasesOf('מיקוד, המיקוד'),
  phone: phrasesOf(
    'מספר טלפון, מספר הטלפון, טלפון, הטלפון, הנייד, נייד, מספר הנייד, מספר נייד, הפלאפון, פלאפון',
  ),
  digits: phrasesOf('מספר, המספר, מספר הטלפון, ספרות, הספרות, קוד, הקוד, מיקוד, המיקוד, תעודת זהות, שלוחה'),
  digitUnits: phrasesOf('ספרה, ספרות, הספרות'),
  amounts: phrasesOf('כמה, מה מספר ה, לכמה'),
  yesNo: phrasesOf(`
    כן, כן בטח, כן נכון, נכון, בטח, ברור, בוודאי, כמובן, בהחלט, בדיוק, אוקיי, בסדר, בסדר גמור, סבבה, מעולה, מצוין, מתאים,
    לא, ממש לא, עדיין לא, עוד לא, לא צריך, לא נכון, זהו, זה הכל, לא זה הכל, לא זהו, לא משנה, אני חושב שכן,
    אני חושבת שכן, לא נראה לי`),
  politeness: phrasesOf('בבקשה, תודה, תודה רבה'),
  days: phrasesOf(`
    יום ראשון, יום שני, יום שלישי, יום רביעי, יום חמישי, יום שישי, יום שבת, ראשון, שלישי, רביעי, חמישי, שישי, שבת, היום,
    מחר, מחרתיים, הערב, בשבוע הבא`),
  months: phrasesOf(`
    ינואר, פברואר, מרץ, מרס, אפריל, מאי, יוני, יולי, אוגוסט, ספטמבר, אוקטובר, נובמבר, דצמבר, בינואר, בפברואר, במרץ, במרס,
    באפריל, במאי, ביוני, ביולי, באוגוסט, בספטמבר, באוקטובר, בנובמבר, בדצמבר`),
  nameLeads: phrasesOf('קוראים לי, השם שלי, השם שלי הוא, שמי, אני, מדבר, מדברת, זה, זאת'),
  numbers: lists(`
    אפס, אחת אחד ראשון ראשונה הראשון, שתיים שתים שניים שתי שני השני, שלוש שלושה שלישי השלישי, ארבע ארבעה רביעי הרביעי,
    חמש חמישה חמשה חמישי החמישי, שש שישה ששה שישי השישי, שבע שבעה שביעי השביעי, שמונה שמיני השמיני, תשע תשעה תשיעי התשיעי,
    עשר עשרה עשירי העשירי`),
}

const QUESTION_WORDS: ReadonlyMap<string, QuestionWords> = new Map([
  ['en', ENGLISH],
  ['he', HEBREW],
])

/** The words of a language given as a BCP 47 tag; `undefined` when there are none. */
export function questionWordsFor(language: string): QuestionWords | undefined {
  return QUESTION_WORDS.get(primaryLanguage(language))
}

function lists(text: string): readonly (readonly string[])[] {
  return phrasesOf(text).map((words) => words.split(' '))
}
