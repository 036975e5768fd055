import type { Gender } from './numbers.ts'

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/u))
}

/** Many of what is feminine, and ends as if it were not. */
const FEMININE = words(`
  שנים נשים מילים ביצים ערים פעמים דרכים אבנים תאנים נמלים לבנים דבורים עיזים ידיים רגליים עיניים אוזניים שיניים נעליים
  כתפיים ברכיים פנים`)

/** Many of what is masculine, and ends as if it were not. */
const MASCULINE = words(`
  לילות מקומות שולחנות רחובות כיסאות מפתחות חלונות ארונות חשבונות רעיונות פתרונות יתרונות חסרונות דוחות לוחות קירות אבות
  אורות קולות שמות מזלגות עפרונות זיכרונות כוחות מסעות מטבעות וילונות מלונות ניסיונות אחוזות פיקדונות שלטונות ביטחונות
  תיאבונות צינורות`)

/** What ends as a plural does, and is none that is counted. */
const NONE = words(`
  מים שמיים צהריים יומיים שבועיים חודשיים שעתיים פעמיים שנתיים אלפיים מאתיים בינתיים עדיין לפחות פחות אלפים מאות אות
  כמות עלות איכות אחריות מהירות זכות שירות בעלות שייכות חברות סודיות
  פותחים סוגרים מגיעים יוצאים מתחילים מסיימים נפגשים חוזרים נסגרים נפתחים יכולים צריכים רוצים עובדים סגורים פתוחים
  שלמים קיימים אומרים ממתינים מחכים`)

/** Begin with a letter that others have as a preposition: `בסניפים`. */
const OWN_LETTER = words(`
  בעיות בניינים בדיקות בתים ברזים בגדים בלונים ביטולים בירורים בוגרים בנקים בלוקים לימונים לחצנים לשונות להקות לידות
  ועדות ורדים וילות`)

/**
 * The gender of a plural that no list has, by its ending, which tells it of nineteen words in twenty; `undefined`: it
 * may be no noun. What begins with a preposition is rather where a number leads to: `2 לחשבונות`.
 */
export function guessedGender(plural: string): Gender | undefined {
  if (plural.length < 4 || NONE.has(plural)) return undefined
  if (FEMININE.has(plural)) return 'feminine'
  if (MASCULINE.has(plural)) return 'masculine'
  if (/^(?:[בלו]|מה)/u.test(plural) && !OWN_LETTER.has(plural)) return undefined
  if (plural.endsWith('ים')) return 'masculine'
  return plural.endsWith('ות') ? 'feminine' : undefined
}
