interface Lines {
  readonly greeting: string
  readonly prompt: string
  readonly fallback: string
  readonly question: string
  readonly answer: string
  /** What the caller cuts the answer off with, and what is said to that. */
  readonly interruption: string
  readonly last: string
}

const ENGLISH: Lines = {
  greeting: 'Hello, how can I help you?',
  prompt: 'You answer the phone. One or two short sentences, no lists, no formatting: all of it is spoken.',
  fallback: 'Sorry, something went wrong. Could you say that again?',
  question: 'when do you open',
  answer: 'We open at nine in the morning, from Monday to Friday, and we close at five.',
  interruption: 'and on saturday please',
  last: 'On Saturday we are closed.',
}

const HEBREW: Lines = {
  greeting: 'שלום, איך אפשר לעזור?',
  prompt: 'אתה עונה לטלפון. משפט או שניים, קצרים ופשוטים, בלי רשימות ובלי סימני עיצוב: הכול נאמר בקול.',
  fallback: 'סליחה, משהו השתבש. אפשר לחזור על זה?',
  question: 'מתי אתם פותחים',
  answer: 'אנחנו פותחים בתשע בבוקר, מיום ראשון עד יום חמישי, וסוגרים בחמש אחר הצהריים.',
  interruption: 'ומה ביום שישי בבקשה',
  last: 'ביום שישי אנחנו סגורים.',
}

/** Whether there are texts in that language; others get English ones, to be written anew. */
export function hasLinesFor(language: string): boolean {
  return /^(he|en)\b/i.test(language)
}

/** What a new agent says; English where there is nothing better, to be translated by who speaks the language. */
export function linesFor(language: string): Lines {
  return language.startsWith('he') ? HEBREW : ENGLISH
}
