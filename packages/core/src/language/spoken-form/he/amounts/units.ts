import { figuresOf } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { counting, figureWords, type Gender } from '../numbers/numbers.ts'
import { withPrefix } from '../numbers/prefixes.ts'

interface Unit {
  readonly words: string
  readonly gender: Gender
}

const masculine = (words: string): Unit => ({ words, gender: 'masculine' })
const feminine = (words: string): Unit => ({ words, gender: 'feminine' })
const DEGREES_CELSIUS = feminine('מעלות צלזיוס')

/** Said in the singular or not at all in the plural, as they are with any number: `חמישה קילומטר`. */
const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries({
    'ק"מ': masculine('קילומטר'),
    km: masculine('קילומטר'),
    'ק"ג': masculine('קילוגרם'),
    kg: masculine('קילוגרם'),
    'ס"מ': masculine('סנטימטר'),
    cm: masculine('סנטימטר'),
    'מ"מ': masculine('מילימטר'),
    mm: masculine('מילימטר'),
    'מ"ר': masculine('מטר רבוע'),
    'מ"ל': masculine('מיליליטר'),
    ml: masculine('מיליליטר'),
    'קמ"ש': masculine('קילומטר לשעה'),
    'km/h': masculine('קילומטר לשעה'),
    "גר'": masculine('גרם'),
    'מ"ג': masculine('מיליגרם'),
    "מ'": masculine('מטר'),
    GB: masculine('גיגה בייט'),
    MB: masculine('מגה בייט'),
    'קוט"ש': masculine('קילוואט שעה'),
    "דק'": feminine('דקות'),
    "שנ'": feminine('שניות'),
    'מ"ק': masculine('מטר מעוקב'),
    "ל'": masculine('ליטר'),
    mg: masculine('מיליגרם'),
    "שע'": feminine('שעות'),
    "יח'": feminine('יחידות'),
    "אג'": feminine('אגורות'),
    kWh: masculine('קילוואט שעה'),
    Mbps: masculine('מגה ביט לשנייה'),
    V: masculine('וולט'),
    W: masculine('ואט'),
    Hz: masculine('הרץ'),
    TB: masculine('טרה בייט'),
    '°C': DEGREES_CELSIUS,
    '℃': DEGREES_CELSIUS,
    '°': feminine('מעלות'),
  }),
)

const ONE: Readonly<Record<string, string>> = {
  דקות: 'דקה אחת',
  שניות: 'שנייה אחת',
  שעות: 'שעה אחת',
  יחידות: 'יחידה אחת',
  אגורות: 'אגורה אחת',
  מעלות: 'מעלה אחת',
  'מעלות צלזיוס': 'מעלה אחת צלזיוס',
}

export function unitOf(written: string): Unit | undefined {
  return UNITS.get(written.replace('״', '"').replace('׳', "'"))
}

/** `5 ק"מ`, `20°C`, `3-5 ק"ג` */
const measure: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?:(?<from>\d{1,6}) ?[-–] ?)?(?<amount>[-−]?\d[\d.,]{0,25}) ?(?<unit>°C?|℃|km\/h|km|kg|mg|cm|mm|ml|GB|MB|TB|Mbps|kWh|V|W|Hz|(?:ק|קמ|ס|מ|קוט)["״][מגרלשק]|(?:גר|דק|שנ|מ|ל|שע|יח|אג)['׳])(?![\p{L}\p{N}_/])/gu,
  say({ prefix, from, amount, unit: written }) {
    const unit = unitOf(written!)
    const figures = figuresOf(amount!)
    const low = from === undefined ? undefined : figuresOf(from)
    if (!unit || !figures || (from !== undefined && !low)) return undefined
    const { whole, decimals, negative } = figures
    const first = low ? `${figureWords(low, unit.gender)} עד ` : ''
    if (decimals !== '')
      return withPrefix(prefix, `${first}${figureWords(figures, unit.gender)} ${unit.words}`)
    const count = `${negative ? 'מינוס ' : ''}${counting(whole, unit.gender)}`
    const one = ONE[unit.words] ?? `${unit.words} אחד`
    return withPrefix(prefix, whole === 1 && !negative ? first + one : `${first}${count} ${unit.words}`)
  },
}

export const UNIT_RULES = [measure]
