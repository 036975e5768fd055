import type { NamedStt } from '../hearing/stt-routes.ts'
import type { NamedTts } from '../replying/voice-source.ts'

/** How one language is heard and spoken; what is absent is as in the call's first language. */
export interface LanguageStages {
  readonly stt?: readonly NamedStt[]
  readonly tts?: readonly NamedTts[]
}

/** The language of a call, which its tools may change. */
export interface CallLanguage {
  /** BCP 47, `en-US`. */
  tag(): string
  /** What providers are asked for: nothing in the first language, which they are configured for; then the tag. */
  override(): string | undefined
  voices(): readonly NamedTts[]
  /** The languages that can be switched to, the first one included; one alone means no switching. */
  readonly tags: readonly string[]
  /** Changes hearing and speaking for the rest of the call. Returns whether the language is one of `tags`. */
  switchTo(tag: string): boolean
}

export function createCallLanguage(parts: {
  first: string
  stt: readonly NamedStt[]
  tts: readonly NamedTts[]
  languages: ReadonlyMap<string, LanguageStages>
  onSwitch: (override: string | undefined, stt: readonly NamedStt[]) => void
}): CallLanguage {
  const { first, languages } = parts
  let tag = first
  const override = (): string | undefined => (tag === first ? undefined : tag)
  return {
    override() {
      return override()
    },
    tag() {
      return tag
    },
    voices() {
      return languages.get(tag)?.tts ?? parts.tts
    },
    tags: [first, ...[...languages.keys()].filter((other) => other !== first)],
    switchTo(wanted) {
      if (wanted !== first && !languages.has(wanted)) return false
      if (wanted === tag) return true
      tag = wanted
      parts.onSwitch(override(), languages.get(tag)?.stt ?? parts.stt)
      return true
    },
  }
}
