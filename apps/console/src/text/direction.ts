/** Letters of scripts that are written from the right. */
const FROM_THE_RIGHT =
  /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}|\p{Script=Adlam}/u
const LETTER = /\p{L}/u

/** As `dir="auto"` has it: by the first letter that has a direction. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  for (const character of text) {
    if (FROM_THE_RIGHT.test(character)) return 'rtl'
    if (LETTER.test(character)) return 'ltr'
  }
  return 'ltr'
}

const FIRST_STRONG_ISOLATE = '\u2068'
const LEFT_TO_RIGHT_ISOLATE = '\u2066'
const POP_ISOLATE = '\u2069'

/** Words that turn nothing around them, where no element can be put about them: titles, labels on a canvas. */
export function isolated(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}`
}

/** A phone number, a time: from the left whatever stands around it. */
export function isolatedNumber(text: string): string {
  return `${LEFT_TO_RIGHT_ISOLATE}${text}${POP_ISOLATE}`
}
