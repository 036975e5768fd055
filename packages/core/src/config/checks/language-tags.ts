/** A tag as BCP 47 writes them: a language of two or three letters, then script, region and the like. */
export const LANGUAGE_TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

/** Languages of telephone agents so far, for names in words; any tag is taken, whether it stands here or not. */
const NAMED = [
  ...['af', 'am', 'ar', 'bg', 'bn', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fa', 'fi', 'fil', 'fr'],
  ...['gu', 'he', 'hi', 'hr', 'hu', 'hy', 'id', 'is', 'it', 'ja', 'ka', 'kn', 'ko', 'lt', 'lv', 'ml', 'mr'],
  ...['ms', 'nb', 'ne', 'nl', 'pa', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sq', 'sr', 'sv', 'sw', 'ta', 'te'],
  ...['th', 'tr', 'uk', 'ur', 'vi', 'yi', 'zh', 'zu'],
]

/** What recognisers take for several languages at once. */
const SEVERAL = 'multi'

/** Countries that are taken for the name of their language. */
const COUNTRIES: Readonly<Record<string, string>> = {
  ...{ us: 'en-US', gb: 'en-GB', uk: 'en-GB', jp: 'ja-JP', cn: 'zh-CN', cz: 'cs-CZ', dk: 'da-DK' },
  ...{ gr: 'el-GR', il: 'he-IL', ua: 'uk-UA', at: 'de-AT', sp: 'es-ES', mx: 'es-MX', ge: 'ka-GE' },
}
/** Codes that providers know, though there is another for it. */
const KEPT: ReadonlySet<string> = new Set(['cmn', 'yue', 'nb', 'no'])
/** Regions that are none, by what is meant. */
const REGIONS: Readonly<Record<string, string>> = { UK: 'GB', USA: 'US', EN: 'US', HE: 'IL', SP: 'ES' }

/** Whether the text can be a language at all: well-formed, and known to the runtime or private (`qaa`). */
export function isLanguageTag(text: string): boolean {
  if (text.toLowerCase() === SEVERAL) return true
  if (!LANGUAGE_TAG.test(text)) return false
  const [primary = ''] = text.toLowerCase().split('-')
  return /^q[a-t]/.test(primary) || nameOf(primary, 'en') !== undefined
}

/**
 * The tag that a provider most likely knows in place of this one, which is well-formed: `iw-IL`, `deu`, `en-UK`, or a
 * country. `undefined` when there is nothing to say of it.
 */
export function commonerTag(tag: string): string | undefined {
  const [written = '', ...regions] = tag.split('-')
  const primary = written.toLowerCase()
  if (!isLanguageTag(tag)) {
    const alone = regions.every((region) => region.toLowerCase() === primary)
    return alone && Object.hasOwn(COUNTRIES, primary) ? COUNTRIES[primary] : undefined
  }
  const [language = primary] = KEPT.has(primary) ? [primary] : canonical(primary).split('-')
  const meant = regions.map((region) => REGIONS[region.toUpperCase()] ?? region)
  if (language === primary && meant.join() === regions.join()) return undefined
  return meant.length === 0 ? withRegion(language) : canonical([language, ...meant].join('-'))
}

/** The tag somebody meant who wrote `he_IL`, `Hebrew` or `עברית`; `undefined` when there is no guess. */
export function meantLanguage(written: string): string | undefined {
  const bare = written.trim().replace(/\.utf-?8$/i, '')
  const dashed = bare.replaceAll(/[_\s/\p{Pd}\p{Cf}]+/gu, '-').replaceAll(/^-|-$/g, '')
  if (dashed !== written && isLanguageTag(dashed)) return canonical(commonerTag(dashed) ?? dashed)
  const common = commonerTag(bare)
  if (common !== undefined) return common
  const [name = '', region = ''] = bare.toLowerCase().split(/[(,]/)
  const code = NAMED.find((known) => [nameOf(known, 'en'), nameOf(known, known)].includes(name.trim()))
  if (code === undefined) return undefined
  const place = region.replaceAll(/\W/g, '').toUpperCase()
  return /^[A-Z]{2}$/.test(place) ? `${code}-${REGIONS[place] ?? place}` : withRegion(code)
}

/** With the region in which most speak it. */
function withRegion(code: string): string {
  const { language, region } = new Intl.Locale(code).maximize()
  return region === undefined ? language : `${language}-${region}`
}

/** Its name in small letters in `language`; `undefined` when the runtime has none. */
function nameOf(code: string, language: string): string | undefined {
  try {
    const names = new Intl.DisplayNames([language], { type: 'language', fallback: 'none' })
    return names.of(code)?.toLowerCase()
  } catch {
    return undefined
  }
}

function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag
  } catch {
    return tag
  }
}
