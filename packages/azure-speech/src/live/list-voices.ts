import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import { ask, type LiveAsk } from './live-ask.ts'

/** A voice as the service lists it (learn.microsoft.com, "Text to speech REST API", "Get a list of voices"). */
export interface ListedVoice {
  /** `he-IL-HilaNeural` */
  readonly name: string
  /** Its own language and those it speaks too. */
  readonly languages: readonly string[]
  readonly styles: readonly string[]
  readonly isDeprecated: boolean
}

export type ListedVoices =
  | { readonly voices: readonly ListedVoice[]; readonly refused?: undefined }
  | { readonly refused: LiveFinding }

/** All voices of the place; asking takes the key or the token to be right, too. */
export async function listVoices(asking: LiveAsk): Promise<ListedVoices> {
  const asked = await ask(asking.place.voicesUrl, 'GET', asking)
  if (asked.refused) return { refused: asked.refused }
  const { json } = asked.answer
  const voices = Array.isArray(json) ? json.map(readVoice).filter((voice) => voice !== undefined) : []
  if (voices.length > 0) return { voices }
  const { name, param } = asking.place
  const message = `${name} answers with something that is no list of voices`
  return { refused: finding.warning(message, `Check ${param}, or place a call: the first one tells.`) }
}

function readVoice(entry: unknown): ListedVoice | undefined {
  const fields = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<
    Record<string, unknown>
  >
  const { ShortName: name, Locale: locale, Status: status } = fields
  if (typeof name !== 'string') return undefined
  return {
    name,
    languages: [...textsOf([locale]), ...textsOf(fields['SecondaryLocaleList'])],
    styles: textsOf(fields['StyleList']),
    isDeprecated: status === 'Deprecated',
  }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
