import {
  checkAccess,
  type LivePlace,
  type ListedVoice,
  listVoices,
  placeOfHost,
  placeOfRegion,
} from '@kav/azure-speech'
import { type LiveFinding, messageOf, type PluginContext } from '@kav/core'
import { didYouMean, finding } from '@kav/core/kit'
import { createCredentials, type Credential } from './credentials.ts'
import { type AzureTtsParams, type ResolvedParams, resolveParams } from './params.ts'
import { languageOfVoice } from './ssml.ts'

/**
 * Asks the service, with the credentials that calls have, for its voices: whether it takes them, and has the voices
 * and the style that params name.
 *
 * @param placeOf where the service is asked; tests have their own.
 */
export async function liveCheck(
  given: AzureTtsParams,
  { clock, baseDir }: Pick<PluginContext, 'clock' | 'baseDir'>,
  placeOf: typeof placeOfParams = placeOfParams,
): Promise<readonly LiveFinding[]> {
  const params = resolveParams(given)
  const place = placeOf(params)
  if (place === undefined) return [finding.error('host is no URL', 'Write host as wss://host[:port].')]
  let credential: Credential
  try {
    credential = await createCredentials(params, baseDir).get()
  } catch (thrown) {
    const fix =
      params.token_file === ''
        ? 'Set key or token_file.'
        : 'Let what writes token_file run, and check the path and that Kav may read it.'
    return [finding.error(messageOf(thrown), fix)]
  }
  const asking = { place, credential, clock }
  // A voice of one's own is in no list.
  if (params.endpoint_id !== '') return [await checkAccess(asking)]
  const listed = await listVoices(asking)
  if (listed.refused) return [listed.refused]
  return [
    judge(place, listed.voices, { param: 'voice', name: params.voice, style: params.style }),
    ...Object.entries(params.voices).map(([language, name]) =>
      judge(place, listed.voices, { param: `voices.${language}`, name, style: params.style, language }),
    ),
  ]
}

function placeOfParams({ host, region }: ResolvedParams): LivePlace | undefined {
  return host === '' ? placeOfRegion(region) : placeOfHost(host, 'host')
}

interface WantedVoice {
  readonly param: string
  readonly name: string
  readonly style: string
  /** What it is to speak; absent: its own. */
  readonly language?: string
}

function judge(place: LivePlace, voices: readonly ListedVoice[], wanted: WantedVoice): LiveFinding {
  const { param, name, style, language } = wanted
  const voice = voices.find((one) => one.name === name)
  const said = `"${name}" (${param})`
  if (voice === undefined) {
    return finding.error(`${place.name} does not list the voice ${said}`, nearest(voices, wanted))
  }
  if (language !== undefined && !voice.languages.some((one) => isSameLanguage(one, language))) {
    return finding.warning(
      `the voice ${said} does not speak ${language}`,
      nearest(voices, { ...wanted, name: '' }),
    )
  }
  if (style !== '' && !voice.styles.includes(style)) {
    const styles = voice.styles
    return finding.warning(
      `the voice ${said} has no style "${style}"`,
      styles.length === 0
        ? `Leave style out, or choose a voice that has styles.`
        : `Set style to one that it has: ${styles.slice(0, 8).join(', ')}.`,
    )
  }
  if (voice.isDeprecated) {
    const another = { ...wanted, name: '', language: language ?? languageOfVoice(name) }
    return finding.warning(`the voice ${said} is about to be withdrawn`, nearest(voices, another))
  }
  return finding.ok(`${place.name} answers and lists the voice ${said}`)
}

/** The voice meant, else some of the language wanted. */
function nearest(voices: readonly ListedVoice[], { param, name, language }: WantedVoice): string {
  const wanted = language ?? languageOfVoice(name)
  const current = voices.filter((voice) => !voice.isDeprecated)
  const ofLanguage = current.filter(({ languages }) => isSameLanguage(languages[0] ?? '', wanted))
  const meant = didYouMean(name, named(ofLanguage)) ?? didYouMean(name, named(current))
  if (meant !== undefined) return `Set ${param} to "${meant}", the nearest that is listed.`
  if (ofLanguage.length === 0)
    return `Set ${param} to a voice that is listed in this region; none speaks ${wanted} there.`
  return `Set ${param} to a voice of ${wanted}: ${named(ofLanguage).slice(0, 5).join(', ')}.`
}

const named = (voices: readonly ListedVoice[]): string[] => voices.map(({ name }) => name)

/** `he` fits `he-IL`; `en-US` does not fit `en-GB`. */
function isSameLanguage(listed: string, wanted: string): boolean {
  const [one, other] = [listed.toLowerCase(), wanted.toLowerCase()]
  return one === other || one.startsWith(`${other}-`)
}
