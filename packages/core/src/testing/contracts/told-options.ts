import { expect } from './contract-case.ts'

/** What of the options of a session or request has reached the far side, as its protocol has it. */
export interface ReceivedOptions {
  /** Left out where the protocol carries none. */
  readonly hints?: readonly string[]
  /** As it was sent: `de-DE`, `de`. Left out where the protocol carries none. */
  readonly language?: string
  /** The system prompt. */
  readonly instructions?: string
}

/** Phrases that no default holds. */
export const ODD_HINTS: readonly string[] = ['Quillfeather', 'zebra crossing']

export function expectHints(got: ReceivedOptions, wanted: readonly string[]): void {
  if (got.hints === undefined) return
  const text = got.hints.join('\n')
  const lost = wanted.filter((hint) => !text.includes(hint))
  expect(lost.length === 0, 'the hints to reach the far side', `these did not: ${lost.join(', ')}`)
}

/** Providers write tags in their own way: `he-IL`, `he`, `he_il`. */
export function expectLanguage(got: ReceivedOptions, wanted: string): void {
  if (got.language === undefined) return
  const primary = (tag: string) => tag.toLowerCase().split(/[-_]/)[0]
  const same = primary(got.language) === primary(wanted)
  expect(same, `the language ${wanted} to reach the far side`, `it got ${JSON.stringify(got.language)}`)
}
