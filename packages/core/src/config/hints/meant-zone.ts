import { didYouMean, plainName } from '../../kit/did-you-mean.ts'
import { isTimeZone } from '../../language/now-in-words.ts'

const CONTINENTS = ['Asia', 'Europe', 'America', 'Africa', 'Australia', 'Pacific', 'Atlantic']

/** The time zone that was most likely meant: `Asia/Tel Aviv`, `America/NewYork`, `Jerusalem`. */
export function meantZone(text: string): string | undefined {
  if (text.length > 64) return undefined
  const spelled = text.trim().replaceAll(/\s+/g, '_')
  if (isTimeZone(spelled) && !/^[+-]/.test(spelled)) return spelled
  const city = spelled.split('/').at(-1) ?? ''
  if (!/^\p{L}/u.test(city)) return undefined
  const known = Intl.supportedValuesOf('timeZone')
  const same = known.find((zone) => plainName(zone) === plainName(text))
  const of = CONTINENTS.map((continent) => `${continent}/${city}`).find(isTimeZone)
  const ending = known.find((zone) => plainName(zone.split('/').at(-1) ?? '') === plainName(city))
  return same ?? of ?? ending ?? (text.includes('/') ? didYouMean(text, known) : undefined)
}
