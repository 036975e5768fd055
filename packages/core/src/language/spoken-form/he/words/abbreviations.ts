import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { withPrefix } from '../numbers/prefixes.ts'

/**
 * Short forms with gershayim that are said in full. Those that are said as a word of their own (`דו"ח`, `צה"ל`, `מע"מ`,
 * `חז"ל`, `מנכ"ל`) or in more than one way (`עו"ד`, `כ"כ`) are not among them.
 */
const GERSHAYIM: Readonly<Record<string, string>> = {
  'ד"ר': 'דוקטור',
  'ע"מ': 'על מנת',
  'ע"י': 'על ידי',
  'ע"פ': 'על פי',
  'עפ"י': 'על פי',
  'ע"ש': 'על שם',
  'ש"ח': 'שקלים',
  'בע"מ': 'בערבון מוגבל',
  'ת"א': 'תל אביב',
  'ת"ז': 'תעודת זהות',
  'ת"ד': 'תיבת דואר',
  'ארה"ב': 'ארצות הברית',
  'אח"כ': 'אחר כך',
  'בד"כ': 'בדרך כלל',
  'אחה"צ': 'אחר הצהריים',
  'לפנה"צ': 'לפני הצהריים',
  'ביה"ס': 'בית הספר',
  'ביה"ח': 'בית החולים',
  'בי"ס': 'בית ספר',
  'בי"ח': 'בית חולים',
  'קופ"ח': 'קופת חולים',
  'דוא"ל': 'דואר אלקטרוני',
  'סה"כ': 'סך הכול',
  'ק"מ': 'קילומטר',
  'ק"ג': 'קילוגרם',
  'ס"מ': 'סנטימטר',
  'מ"ר': 'מטר רבוע',
}

/** With a geresh, `פרופ'`, and a full stop that some write behind it. */
const GERESH: Readonly<Record<string, string>> = {
  "פרופ'": 'פרופסור',
  "גב'": 'גברת',
  "מס'": 'מספר',
  "רח'": 'רחוב',
  "שד'": 'שדרות',
  "טל'": 'טלפון',
  "וכו'": 'וכולי',
  "וכד'": 'וכדומה',
  "עמ'": 'עמוד',
  "קומ'": 'קומה',
  "חב'": 'חברת',
  "לדוג'": 'לדוגמה',
  "דק'": 'דקות',
  "שנ'": 'שניות',
  "אונ'": 'אוניברסיטת',
  "שכ'": 'שכונת',
  "מינ'": 'מינימום',
  "מקס'": 'מקסימום',
  "טמפ'": 'טמפרטורה',
  "מח'": 'מחלקת',
  "נק'": 'נקודות',
  "אג'": 'אגורות',
  "יח'": 'יחידות',
  "שע'": 'שעות',
}

/** Words of their own, although they look like a short form with a letter in front. */
const KEPT = new Set(['מע"מ'])

function lookedUp(table: Readonly<Record<string, string>>, written: string): string | undefined {
  if (Object.hasOwn(table, written)) return table[written]
  if (KEPT.has(written.slice(-4))) return undefined
  for (const letters of [1, 2]) {
    const bare = written.slice(letters)
    if (!/^[והבכלמש]+$/u.test(written.slice(0, letters)) || !Object.hasOwn(table, bare)) continue
    return written.slice(0, letters) + table[bare]!
  }
  return undefined
}

const gershayim: SpokenRule = {
  pattern: /(?<![\p{L}\p{M}\p{N}_"״])(?<word>[א-ת]{1,5}["״][א-ת])(?![\p{L}\p{M}\p{N}_"״])/gu,
  say: ({ word }) => lookedUp(GERSHAYIM, word!.replace('״', '"')),
}

const geresh: SpokenRule = {
  pattern: /(?<![\p{L}\p{M}\p{N}_'׳])(?<word>[א-ת]{2,6}['׳])(?<stop>\.(?= \S))?(?![\p{L}\p{M}\p{N}_'׳])/gu,
  say: ({ word, stop = '' }, { after }) => {
    const said = lookedUp(GERESH, word!.replace('׳', "'"))
    // A full stop that only marks the short form: "פרופ'. לוי" is rare, "וכו'. עוד" ends a sentence.
    return said === undefined ? undefined : said + (after === '' ? '' : stop)
  },
}

/** `ת.ד. 1234` */
const box: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.])(?<prefix>[בלהומ]{0,2}[-־]?)ת\.ד\.(?= ?\d)/gu,
  say: ({ prefix }) => withPrefix(prefix, 'תיבת דואר'),
}

/** Days: `יום א'`, `בימים א'-ה'`. */
const LETTERS: Readonly<Record<string, string>> = {
  א: 'ראשון',
  ב: 'שני',
  ג: 'שלישי',
  ד: 'רביעי',
  ה: 'חמישי',
  ו: 'שישי',
}

const day: SpokenRule = {
  pattern: /(?<=(?<![\p{L}])[והבכלמש]{0,2}יום )(?<letter>[א-ו])['׳](?![\p{L}\p{N}_])/gu,
  say: ({ letter }) => LETTERS[letter!],
}

const days: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}])[והבכלמש]{0,2}ימים )(?<from>[א-ו])['׳] ?[-–] ?(?<to>[א-ו])['׳](?![\p{L}\p{N}_])/gu,
  say: ({ from, to }) => `${LETTERS[from!]!} עד ${LETTERS[to!]!}`,
}

/** `א'-ה' 9:00-17:00`, `ו' 8:00`: before an hour it is a day. */
const bareDays: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_"״'׳-]|כית[הות]{1,2} )(?<from>[א-ו])['׳](?: ?[-–] ?(?<to>[א-ו])['׳])?(?=:? \d{1,2}:\d{2}|:? (?:בשעות|בין השעות))/gu,
  say: ({ from, to }) => LETTERS[from!]! + (to === undefined ? '' : ` עד ${LETTERS[to]!}`),
}

export const ABBREVIATIONS = [days, day, bareDays, box, gershayim, geresh]
