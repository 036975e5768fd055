import type { Figures } from '../../rules/figures.ts'
import { guessedGender } from './guessed-nouns.ts'
import { counting, countingKnown, figureWords, type Gender } from './numbers.ts'

/** What is often counted on the phone: many, and one of it. */
const MASCULINE = `
  שקלים/שקל דולרים/דולר ימים/יום חודשים/חודש שבועות/שבוע לילות/לילה אנשים/איש ילדים/ילד מטרים/מטר קילומטרים/קילומטר
  קילוגרמים/קילוגרם אורחים/אורח כרטיסים/כרטיס מקומות/מקום שולחנות/שולחן חדרים/חדר פריטים/פריט מוצרים/מוצר ספרים/ספר
  לקוחות/לקוח סועדים/סועד מבוגרים/מבוגר תורים/תור רחובות/רחוב סנטים/סנט גרמים/גרם ליטרים/ליטר אחוזים/אחוז תשלומים/תשלום
  מספרים/מספר נוסעים/נוסע תיקים/תיק סניפים/סניף נציגים/נציג משלוחים/משלוח בקבוקים/בקבוק רופאים/רופא קווים/קו שלבים/שלב
  צעדים/צעד טפסים/טופס מסמכים/מסמך דולרים/דולר חלקים/חלק חיובים/חיוב מוקדים/מוקד ביקורים/ביקור טיפולים/טיפול גברים/גבר
  משתתפים/משתתף תלמידים/תלמיד סוגים/סוג כיסאות/כיסא כוכבים/כוכב מפתחות/מפתח חולים/חולה קילו/קילו יורו/יורו מרשמים/מרשם כדורים/כדור בנים/בן צמיגים/צמיג
  גלגלים/גלגל מגשים/מגש שקים/שק ארגזים/ארגז אירועים/אירוע רבעונים/רבעון
  סלטים/סלט וולט/וולט ואט/ואט`
const FEMININE = `
  דקות/דקה שעות/שעה שניות/שנייה שנים/שנה פעמים/פעם נשים/אישה אגורות/אגורה הזמנות/הזמנה מנות/מנה קומות/קומה ארוחות/ארוחה
  פגישות/פגישה שיחות/שיחה ערים/עיר נקודות/נקודה דירות/דירה תחנות/תחנה סיסמאות/סיסמה מילים/מילה ביצים/ביצה פיצות/פיצה
  חבילות/חבילה טבליות/טבליה כוסות/כוס בנות/בת משפחות/משפחה ספרות/ספרה הודעות/הודעה אפשרויות/אפשרות שאלות/שאלה
  תוצאות/תוצאה כתובות/כתובת עסקאות/עסקה חשבוניות/חשבונית יחידות/יחידה מעלות/מעלה מיטות/מיטה טיסות/טיסה מחלקות/מחלקה
  תשובות/תשובה חנויות/חנות כיתות/כיתה עוגות/עוגה שורות/שורה בקשות/בקשה תלונות/תלונה מזוודות/מזוודה כפיות/כפית כפות/כף טיפות/טיפה תרופות/תרופה מנורות/מנורה תוספות/תוספת זריקות/זריקה
  מחציות/מחצית שתיות/שתייה פחיות/פחית קופסאות/קופסה מגבות/מגבת`

export interface CountedNoun {
  readonly gender: Gender
  readonly one: string
  /** It is written in the singular. */
  readonly isOne: boolean
}

const NOUNS: ReadonlyMap<string, CountedNoun> = new Map(
  (
    [
      [MASCULINE, 'masculine'],
      [FEMININE, 'feminine'],
    ] as const
  ).flatMap(([list, gender]) =>
    list
      .trim()
      .split(/\s+/u)
      .flatMap((pair) => {
        const [many = '', one = ''] = pair.split('/')
        return [
          [one, { gender, one, isOne: true }] as const,
          [many, { gender, one, isOne: one === many }] as const,
        ]
      }),
  ),
)

/** Of something else: `ימי עסקים`, `שנות ניסיון`. Most feminine ones are written as they are by themselves. */
const OF_SOMETHING: ReadonlyMap<string, CountedNoun> = new Map([
  ...[...NOUNS]
    .filter(([many, { gender, isOne }]) => gender === 'masculine' && !isOne && many.endsWith('ים'))
    .map(([many, noun]) => [many.slice(0, -1), noun] as const),
  ['שנות', { gender: 'feminine', one: 'שנה', isOne: false }] as const,
])

/** The noun before another that says of what it is: two of them or more. */
export function countedNounOf(word: string): CountedNoun | undefined {
  return OF_SOMETHING.get(word)
}

/** What a plural that no list has is, by its ending; nobody says one of it. */
export function guessedNoun(word: string): CountedNoun | undefined {
  const gender = guessedGender(word)
  return gender && { gender, one: word, isOne: false }
}

export function countedNoun(word: string): CountedNoun | undefined {
  return NOUNS.get(word)
}

/** `חמישה שקלים`, `שתי דקות`, `יום אחד`: one of a thing stands behind it. */
export function countWords(figures: Figures, noun: CountedNoun, written: string): string {
  const { whole, negative, decimals } = figures
  if (decimals !== '') return `${figureWords(figures, noun.gender)} ${written}`
  const minus = negative ? 'מינוס ' : ''
  if (whole === 1) return `${minus}${noun.one} ${noun.gender === 'feminine' ? 'אחת' : 'אחד'}`
  return `${minus}${counting(whole, noun.gender)} ${written}`
}

/** `שלושת הימים` */
export function knownCountWords(whole: number, noun: CountedNoun, written: string): string {
  return `${countingKnown(whole, noun.gender)} ${written}`
}
