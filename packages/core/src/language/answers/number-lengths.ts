/** How many digits a number has: all of them from `count` on, a part of them below `least`, or below `count` without it. */
export interface NumberLength {
  readonly count: number
  readonly least?: number
}

/**
 * Digits of a postal code, by country (ISO 3166-1); countries whose codes have letters, or several lengths, are left
 * out. Source: Universal Postal Union, postal addressing systems in member countries.
 */
const POSTAL: Readonly<Record<string, NumberLength>> = {
  AT: { count: 4 },
  AU: { count: 4 },
  BE: { count: 4 },
  CH: { count: 4 },
  DE: { count: 5 },
  DK: { count: 4 },
  ES: { count: 5 },
  FI: { count: 5 },
  FR: { count: 5 },
  // Seven since 2013, and many still say the five that it was before.
  IL: { count: 7, least: 5 },
  IN: { count: 6 },
  IT: { count: 5 },
  MX: { count: 5 },
  NO: { count: 4 },
  PL: { count: 5 },
  SE: { count: 5 },
  US: { count: 5 },
  ZA: { count: 4 },
}

/**
 * Digits of a phone number as it is said inside its country. Source: ITU, national numbering plans (E.164). Mobile
 * numbers have one more than those of a line in Israel, and London's one more than those of some villages.
 */
const PHONE: Readonly<Record<string, NumberLength>> = {
  AU: { count: 10 },
  CA: { count: 10 },
  GB: { count: 11, least: 10 },
  IL: { count: 10, least: 9 },
  IN: { count: 10 },
  US: { count: 10 },
  ZA: { count: 10 },
}

/** @param language BCP 47 tag of the call; without a region nothing is known. */
export function postalDigitsFor(language: string): NumberLength | undefined {
  return POSTAL[regionOf(language)]
}

/** @param language As above. */
export function phoneDigitsFor(language: string): NumberLength | undefined {
  return PHONE[regionOf(language)]
}

function regionOf(language: string): string {
  return (
    language
      .split('-')
      .find((part, at) => at > 0 && /^[A-Za-z]{2}$/u.test(part))
      ?.toUpperCase() ?? ''
  )
}
