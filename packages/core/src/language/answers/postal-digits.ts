/**
 * Digits of a postal code, by country (ISO 3166-1); countries whose codes have letters, or several lengths, are left
 * out. Source: Universal Postal Union, postal addressing systems in member countries.
 */
const DIGITS: Readonly<Record<string, number>> = {
  AT: 4,
  AU: 4,
  BE: 4,
  CH: 4,
  DE: 5,
  DK: 4,
  ES: 5,
  FI: 5,
  FR: 5,
  IL: 7,
  IN: 6,
  IT: 5,
  MX: 5,
  NO: 4,
  PL: 5,
  SE: 5,
  US: 5,
  ZA: 4,
}

/** @param language BCP 47 tag of the call; without a region nothing is known. */
export function postalDigitsFor(language: string): number | undefined {
  const region = language.split('-').find((part, at) => at > 0 && /^[A-Za-z]{2}$/u.test(part))
  return region === undefined ? undefined : DIGITS[region.toUpperCase()]
}
