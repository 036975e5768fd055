import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, numberWords } from '../numbers/numbers.ts'

/** `לחץ דם 120/80` */
const bloodPressure: SpokenRule = {
  pattern:
    /(?=\d)(?<=לחץ(?: ה)? ?דם[^\d.]{0,16})(?<upper>\d{2,3})\/(?<lower>\d{2,3})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ upper, lower }) => `${numberWords(upper!)!} על ${numberWords(lower!)!}`,
}

/** `תוצאה 3-2`, `ניצחנו 85-79` */
const score: SpokenRule = {
  pattern:
    /(?=\d)(?<=(?<![א-ת])[ובהלמ]{0,2}(?:תוצאה|תוצאת|ניצח|ניצחו|ניצחנו|ניצחה|הפסיד|הפסידו|הפסידה|הובילו|מוביל|מובילה|סיימו)(?: \p{L}+)?(?: היא| הייתה| של)? [בל]?[-־]?)(?<one>\d{1,3})[-–:](?<other>\d{1,3})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ one, other }) => `${numberWords(one!)!} ${numberWords(other!)!}`,
}

/** `יחס של 3:1` */
const ratio: SpokenRule = {
  pattern:
    /(?=\d)(?<=(?<![א-ת])[בהול]{0,2}(?:יחס|סיכוי|הימור)(?: של| הוא)? )(?<one>\d{1,3}):(?<other>\d{1,5})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ one, other }) => `${numberWords(one!)!} ל${numberWords(other!)!}`,
}

const OUT_OF = new Set(['5', '10', '20', '50', '100'])

/** `דירוג 4.5/5`, `ציון 85/100` */
const outOf: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<mark>\d{1,3}(?:\.\d{1,2})?)\/(?<most>\d{1,3})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ mark, most }, { before, after }) {
    const isMark =
      OUT_OF.has(most!) &&
      Number(mark) <= Number(most) &&
      (mark!.includes('.') ||
        /^ (?:כוכבים|נקודות)/u.test(after) ||
        /(?:דירוג|ציון|דורג|דורגה|כאב|קיבל|קיבלה|קיבלנו)(?: \p{L}+)?:? $/u.test(before))
    return isMark ? `${numberWords(mark!)!} מתוך ${numberWords(most!)!}` : undefined
  },
}

/** `50/50` */
const halves: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])50[/-]50(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: () => 'חמישים חמישים',
}

/** `גיל 18+` */
const andMore: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪+-])(?<number>\d{1,4})\+(?=$|[\s.,;:!?)])/gu,
  say: ({ number }) => `${cardinal(Number(number))} פלוס`,
}

export const RATIOS = [bloodPressure, score, ratio, outOf, halves, andMore]
