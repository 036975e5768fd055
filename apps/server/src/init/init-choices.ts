/** Who hears, answers and speaks. */
export const INIT_PROVIDERS = ['google', 'azure', 'openai', 'local'] as const
export type InitProvider = (typeof INIT_PROVIDERS)[number]

export interface InitChoices {
  readonly provider: InitProvider
  /** BCP 47 tag with a region, `he-IL`. */
  readonly language: string
  /** Of the pipeline, and of its file. */
  readonly name: string
}

const TAG = /^[a-z]{2,3}-[A-Z]{2}$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** What is wrong with a choice, in words; `undefined` when nothing is. */
export function whyNotAChoice(name: keyof InitChoices, text: string): string | undefined {
  if (name === 'provider') {
    const known: readonly string[] = INIT_PROVIDERS
    return known.includes(text) ? undefined : `the provider is one of ${INIT_PROVIDERS.join(', ')}`
  }
  if (name === 'language')
    return TAG.test(text) ? undefined : 'the language is a tag with a country, such as en-US or he-IL'
  return NAME.test(text) ? undefined : 'the name has letters, digits, ".", "_" and "-"'
}

/** What is wrong with choices that are right one by one; `undefined` when nothing is. */
export function whyNotTogether({ provider, language }: InitChoices): string | undefined {
  if (provider !== 'local' || language.startsWith('en-')) return undefined
  return `the local provider hears and speaks English only, not ${language}: choose google, azure or openai, or --language en-US`
}
