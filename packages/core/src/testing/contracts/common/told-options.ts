import { type AudioFormat, formatName, sameFormat } from '../../../contracts/index.ts'
import { expect } from './contract-case.ts'

/**
 * What of the options of a session or request has reached the far side, as its protocol has it. A key that is left out:
 * the protocol carries none. A key that is there with `undefined`: the far side got none, which is a fault.
 */
export interface ReceivedOptions {
  readonly hints?: readonly string[] | undefined
  /** As it was sent: `de-DE`, `de`. */
  readonly language?: string | undefined
  /** Where it was sent to: the region as it was told, or the address that was used. */
  readonly region?: string | undefined
  /** The system prompt. */
  readonly instructions?: string | undefined
  /** Of the audio that is sent with it, as the far side was told. */
  readonly format?: AudioFormat | undefined
  /** What all this came with, where a double notes both. */
  readonly of?: 'session' | 'request'
}

/** Phrases that no default holds. */
export const ODD_HINTS: readonly string[] = ['Quillfeather', 'zebra crossing']

export function expectHints(got: ReceivedOptions, wanted: readonly string[]): void {
  if (!('hints' in got)) return
  const text = got.hints?.join('\n') ?? ''
  const lost = wanted.filter((hint) => !text.includes(hint))
  expect(lost.length === 0, 'the hints to reach the far side', `these did not: ${lost.join(', ')}`)
}

/** Providers write tags in their own way: `he-IL`, `he`, `he_il`. */
export function expectLanguage(got: ReceivedOptions, wanted: string): void {
  if (!('language' in got)) return
  const primary = (tag: string) => tag.toLowerCase().split(/[-_]/)[0]
  const same = got.language !== undefined && primary(got.language) === primary(wanted)
  expect(same, `the language ${wanted} to reach the far side`, `it got ${shown(got.language)}`)
}

/** Addresses have the region in them: `eu-west.speech.example`. */
export function expectRegion(got: ReceivedOptions, wanted: string): void {
  if (!('region' in got)) return
  const isThere = got.region?.toLowerCase().includes(wanted.toLowerCase()) ?? false
  expect(isThere, `a session of region ${wanted} to be opened there`, `it was opened at ${shown(got.region)}`)
}

/** Nothing of what somebody else expected. */
export function expectNoHints(got: ReceivedOptions, others: readonly string[]): void {
  const text = got.hints?.join('\n') ?? ''
  const odd = others.filter((hint) => text.includes(hint))
  expect(odd.length === 0, 'the hints of this request alone', `it was told ${odd.join(', ')}, too`)
}

export function expectFormat(got: ReceivedOptions, wanted: AudioFormat): void {
  if (!('format' in got)) return
  const isTold = got.format !== undefined && sameFormat(got.format, wanted)
  const told = got.format === undefined ? 'none' : formatName(got.format)
  expect(isTold, `the far side to be told of ${formatName(wanted)}`, `it was told ${told}`)
}

export function expectInstructions(got: ReceivedOptions, wanted: string): void {
  if (!('instructions' in got)) return
  const isTold = got.instructions?.includes(wanted) ?? false
  expect(isTold, 'the instructions to reach the far side', `it got ${shown(got.instructions)}`)
}

const shown = (text: string | undefined) => (text === undefined ? 'none' : JSON.stringify(text))
