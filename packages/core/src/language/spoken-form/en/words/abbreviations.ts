import type { SpokenRule } from '../../rules/spoken-rule.ts'

/** Short forms with a full stop that have one reading wherever they stand, in any case. */
const ANYWHERE: Readonly<Record<string, string>> = {
  'mr.': 'Mister',
  'mrs.': 'Missus',
  'prof.': 'Professor',
  'rev.': 'Reverend',
  'capt.': 'Captain',
  'sgt.': 'Sergeant',
  'lt.': 'Lieutenant',
  'gov.': 'Governor',
  'sen.': 'Senator',
  'ave.': 'Avenue',
  'blvd.': 'Boulevard',
  'rd.': 'Road',
  'hwy.': 'Highway',
  'pkwy.': 'Parkway',
  'apt.': 'apartment',
  'bldg.': 'building',
  'mt.': 'Mount',
  'dept.': 'department',
  'approx.': 'approximately',
  'incl.': 'including',
  'excl.': 'excluding',
  'govt.': 'government',
  'intl.': 'international',
  'e.g.': 'for example',
  'i.e.': 'that is',
  'etc.': 'et cetera',
  'vs.': 'versus',
  'a.k.a.': 'also known as',
  'w.r.t.': 'with respect to',
  'inc.': 'Incorporated',
  'corp.': 'Corporation',
  'ltd.': 'Limited',
  'jr.': 'Junior',
  'sr.': 'Senior',
  'asst.': 'assistant',
  'appt.': 'appointment',
  'qty.': 'quantity',
  'tel.': 'telephone',
  'acct.': 'account',
}

/** Before these a stop ends no sentence; behind the others it may. */
const NEVER_LAST = new Set(
  'mr. mrs. prof. rev. capt. sgt. lt. gov. sen. mt. approx. incl. excl. e.g. i.e. vs. a.k.a. w.r.t. apt. bldg.'.split(
    ' ',
  ),
)

/** More of a name may follow them. */
const NAME = new Set(['jr.', 'sr.'])

/** Of an address, behind its street: `Ave. NW`, `Blvd. Suite 5`. */
const ADDRESS_GOES_ON =
  /^\s+(?:[NS][EW]?|[EW]|North|South|East|West|Suite|Ste|Apartment|Apt|Unit|Floor|Room)(?![\p{L}\p{N}’'])/u

/** Of names, written with a capital. */
const CAPITAL = new Set('rev. capt. sgt. lt. gov. sen. ave. mt. corp.'.split(' '))

const shortForm: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.@'’-])(?<word>(?:\p{L}\.){2,3}|\p{L}{2,6}\.)(?<comma>,)?(?![\p{L}\p{N}_])/gu,
  say({ word, comma = '' }, { after }) {
    const written = word!.toLowerCase()
    if (!Object.hasOwn(ANYWHERE, written)) return undefined
    if (CAPITAL.has(written) && word === written) return undefined
    const ends =
      comma === '' &&
      (/^\s*$/u.test(after) ||
        (!NAME.has(written) && /^["”’)]*\s+\p{Lu}/u.test(after) && !ADDRESS_GOES_ON.test(after)))
    return ANYWHERE[written]! + (ends && !NEVER_LAST.has(written) ? '.' : '') + comma
  },
}

/** Written without a stop as well: `Mr Smith`, `Dr Cohen`. */
const TITLES: Readonly<Record<string, string>> = { Mr: 'Mister', Mrs: 'Missus', Prof: 'Professor' }

const title: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.@'’-])(?<title>Mrs?|Prof)(?= \p{Lu})/gu,
  say: ({ title }) => TITLES[title!],
}

const NAME_BEFORE = /(?:^|[\s(])(?:\p{Lu}[\p{L}'’-]+|\d{1,3}(?:st|nd|rd|th))\s$/u
const NAME_AFTER = /^ \p{Lu}[\p{L}'’.-]/u
const NO_NAME =
  /(?:^|[\s(])(?:the|see|with|and|or|to|for|is|my|your|our|hello|hi|dear|yes|no|thanks|thank|this|that|ask|call|meet|when|if|while|in|on|at|by|of)\s$/iu

/** `Dr. Cohen`, `12 Hill Dr.`, `St. Mary`, `Main St.`; between two names either may be meant. */
const doctorOrDrive: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.@'’-])(?<word>Dr|St)(?<stop>\.)?(?<comma>,)?(?![\p{L}\p{N}_])/gu,
  say({ word, stop, comma = '' }, { before, after, whole }) {
    const behindName = NAME_BEFORE.test(before) && !NO_NAME.test(before)
    const beforeName = NAME_AFTER.test(after) && comma === ''
    if (behindName && beforeName) return word === 'Dr' && stop === undefined ? 'Doctor' : whole
    if (beforeName) return word === 'Dr' ? 'Doctor' : 'Saint'
    if (!behindName || (stop === undefined && comma === '' && after !== '')) return whole
    const ends = stop !== undefined && /^\s*$/u.test(after) && comma === ''
    return (word === 'Dr' ? 'Drive' : 'Street') + comma + (ends ? '.' : '')
  },
}

/** `No. 5`, `Nos. 5`, `p. 12`: before a number only. */
const BEFORE_NUMBER: Readonly<Record<string, string>> = {
  'no.': 'number',
  'nos.': 'numbers',
  'nr.': 'number',
  'fig.': 'figure',
  'vol.': 'volume',
  'ch.': 'chapter',
  'sec.': 'section',
  'ste.': 'suite',
  'p.': 'page',
  'pp.': 'pages',
  'ref.': 'reference',
  'max.': 'maximum',
  'min.': 'minimum',
  'rm.': 'room',
  'fl.': 'floor',
  'temp.': 'temperature',
  'wt.': 'weight',
  'art.': 'article',
  'para.': 'paragraph',
}

const beforeNumber: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.@'’-])(?<word>\p{L}{1,4}\.) ?(?=#?\d)/gu,
  say({ word }) {
    const written = word!.toLowerCase()
    if (!Object.hasOwn(BEFORE_NUMBER, written)) return undefined
    const said = BEFORE_NUMBER[written]!
    return `${/^\p{Lu}/u.test(word!) ? said[0]!.toUpperCase() + said.slice(1) : said} `
  },
}

/** `policy no. is` */
const numberOf: SpokenRule = {
  pattern:
    /(?<=(?<!\p{L})(?:policy|account|acct\.?|order|invoice|phone|ref\.?|reference|serial|room|flight|tel\.?|ticket|case|claim|booking|card|customer|member|tracking|fax) )[Nn]o\.(?= ?:| \p{L})/giu,
  say: () => 'number',
}

/** `2nd Fl.` */
const floor: SpokenRule = {
  pattern: /(?<=\d(?:st|nd|rd|th) )[Ff]l\.(?<comma>,)?/gu,
  say: ({ comma = '' }, { after }) => `floor${comma}${comma === '' && /^\s*$/u.test(after) ? '.' : ''}`,
}

/** `№ 7` */
const numero: SpokenRule = { pattern: /№ ?(?=\d)/gu, say: () => 'number ' }

/** `w/ milk`, `w/o sugar` */
const slashed: SpokenRule = {
  pattern: /(?<=^|[\s(])(?<word>w\/o|w\/(?!o(?!\p{L})))(?<space> ?)(?=\p{L}{2})/gu,
  say: ({ word, space }) =>
    word === 'w/o' && space === '' ? undefined : word === 'w/o' ? 'without ' : 'with ',
}

/** `c/o Dana` */
const careOf: SpokenRule = { pattern: /(?<=^|[\s(,])[Cc]\/[Oo](?= \p{Lu})/gu, say: () => 'care of' }

/** Days as calendars write them. A stop is needed: "sun" and "sat" are words. */
const DAYS: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Tues: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Thur: 'Thursday',
  Thurs: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
}

/** `Mon-Fri`, `Mon., Nov. 29`, `Sat & Sun` */
const days: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@'’-])(?<from>\p{Lu}\p{Ll}{2,4})\.? ?[-–] ?(?<to>\p{Lu}\p{Ll}{2,4})(?:\.(?= \p{Ll}))?(?![\p{L}\p{N}_])/gu,
  say({ from, to }) {
    const first = DAYS[from!]
    const last = DAYS[to!]
    return first && last && `${first} to ${last}`
  },
}

/** `Mon/Wed/Fri`, `Mon & Thu`, `Mon, Wed and Fri` */
const dayList: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@'’/-])(?<days>\p{Lu}\p{Ll}{2,4}(?:(?:\.?,? (?:and|or|&) |\.?, |\/)\p{Lu}\p{Ll}{2,4}){1,6})(?![\p{L}\p{N}_/])/gu,
  say({ days }) {
    const parts = days!.replaceAll('/', ', ').split(/(?<mark>\.?,? (?:and|or|&) |\.?, )/u)
    const said = parts.map((part, at) =>
      at % 2 === 0 ? DAYS[part] : part.replace('.', '').replace('&', 'and'),
    )
    return said.includes(undefined) ? undefined : said.join('')
  },
}

/** `closed Sun.`, `on Wed. and Thu.`: behind another word the stop of a short form, or of the sentence, too. */
const stoppedDay: SpokenRule = {
  pattern:
    /(?<=(?<!\p{L})(?:on|closed|every|each|this|next|last|until|till|by|and|or|day,) )(?<day>Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)\.(?!\p{L})|(?<![\p{L}\p{N}_.@'’-])(?<plain>Tues|Thurs|Thur|Tue|Thu)\.(?!\p{L})/gu,
  say({ day, plain }, { after }) {
    const ends = /^\s*$|^["”’)]*\s+\p{Lu}/u.test(after)
    return DAYS[day ?? plain!]! + (ends ? '.' : '')
  },
}

const day: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.@'’-])(?<day>\p{Lu}\p{Ll}{2,4})(?<stop>\.)?(?=,? (?:\d|\p{Lu}\p{Ll}{2}\b))/gu,
  say({ day, stop }, { after }) {
    const said = DAYS[day!]
    if (
      !said ||
      (stop === undefined && !/^,? (?:\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))/u.test(after))
    )
      return undefined
    return said
  },
}

export const ABBREVIATIONS = [
  days,
  dayList,
  day,
  stoppedDay,
  doctorOrDrive,
  title,
  numberOf,
  floor,
  shortForm,
  beforeNumber,
  numero,
  slashed,
  careOf,
]
