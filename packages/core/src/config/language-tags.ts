/** A tag as BCP 47 writes them: a language of two or three letters, then script, region and the like. */
export const LANGUAGE_TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

/** Languages of telephone agents so far, for names in words; any tag is taken, whether it stands here or not. */
const NAMED = [
  ...['af', 'am', 'ar', 'bg', 'bn', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fa', 'fi', 'fil', 'fr'],
  ...['gu', 'he', 'hi', 'hr', 'hu', 'hy', 'id', 'is', 'it', 'ja', 'ka', 'kn', 'ko', 'lt', 'lv', 'ml', 'mr'],
  ...['ms', 'nb', 'ne', 'nl', 'pa', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sq', 'sr', 'sv', 'sw', 'ta', 'te'],
  ...['th', 'tr', 'uk', 'ur', 'vi', 'yi', 'zh', 'zu'],
]

/** Whether the text can be a language at all: well-formed, and known to the runtime or private (`qaa`). */
export function isLanguageTag(text: string): boolean {
  if (!LANGUAGE_TAG.test(text)) return false
  const [primary = ''] = text.toLowerCase().split('-')
  return primary === 'multi' || /^q[a-t]/.test(primary) || nameOf(primary, 'en') !== undefined
}

/** The tag somebody meant who wrote `he_IL`, `Hebrew` or `עברית`; `undefined` when there is no guess. */
export function meantLanguage(written: string): string | undefined {
  const dashed = written.trim().replaceAll(/[_\s/]+/g, '-')
  if (dashed !== written && isLanguageTag(dashed)) return canonical(dashed)
  const name = written.trim().toLowerCase()
  const code = NAMED.find((known) => nameOf(known, 'en') === name || nameOf(known, known) === name)
  if (code === undefined) return undefined
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
