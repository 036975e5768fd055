import { isTimeZone } from '../../language/now-in-words.ts'
import { primaryLanguage } from '../../language/tags/primary-language.ts'
import { commonerTag, isLanguageTag, LANGUAGE_TAG, meantLanguage } from './language-tags.ts'
import { meantZone } from '../hints/meant-zone.ts'
import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { showValue } from '../findings/show-value.ts'
import { isBroken, locate, type SourceNode } from '../source/source-tree.ts'
import { listOf, mapOf, type Fields } from '../source/value-shapes.ts'

/** A language that stands somewhere in the file. */
interface Spoken {
  readonly path: Path
  readonly tag: string
}

const LANGUAGE: Path = ['conversation', 'language']
const ZONE: Path = ['conversation', 'time_zone']

/** Names of params that hold one language, and of those that hold several. */
const ONE = /^(language|refuse_language|language_code)$/
const SEVERAL = /^(languages|alternative_languages)$/

/** Whether `conversation.language` is one; the schema would only show its pattern. */
export function checkConversationLanguage(config: unknown, source: SourceNode): readonly Finding[] {
  const conversation = mapOf(mapOf(config)?.['conversation'])
  const tag = conversation?.['language']
  const zone = conversation?.['time_zone']
  const found: Finding[] = []
  if (typeof tag === 'string' && !LANGUAGE_TAG.test(tag) && tag !== '')
    found.push(finding(LANGUAGE, notATag(tag, showValue(tag, LANGUAGE, source))))
  if (typeof zone === 'string' && zone !== '' && !isTimeZone(zone))
    found.push(finding(ZONE, notAZone(zone, showValue(zone, ZONE, source))))
  return found
}

/** Said of a key of `languages` that is no tag. */
export function languageKeyHint(name: string): string {
  return `; the keys here are language tags such as he-IL${meantHint(name)}`
}

/**
 * Languages that nothing will understand, and stages that do not speak the same one. `config` has its defaults,
 * those of the plugins in `paramsOf` (a stage's params by its path).
 */
export function languageWarnings(
  config: unknown,
  paramsOf: (path: Path) => Fields | undefined,
  source: SourceNode,
): readonly Finding[] {
  const fields = mapOf(config) ?? {}
  const stages = stagePaths(fields)
  const written = stages.flatMap((path) =>
    languagesIn(paramsOf(path) ?? {}, [...path, 'params']).filter(
      (spoken) => locate(source, spoken.path).found,
    ),
  )
  const own = languageOfCall(fields)
  const spoken = own === undefined ? written : [...written, { path: LANGUAGE, tag: own }]
  const all = [
    ...spoken.flatMap(({ path, tag }) => oddTag(tag, path, source)),
    ...mismatches(fields, stages, paramsOf),
  ]
  return all.filter(({ path }) => !isBroken(source, path))
}

function mismatches(
  fields: Fields,
  stages: readonly Path[],
  paramsOf: (path: Path) => Fields | undefined,
): readonly Finding[] {
  const hearer = fields['realtime'] === undefined ? 'stt' : 'realtime'
  const heard = languageOf(paramsOf([hearer]))
  const own = usualTag(languageOfCall(fields))
  const found: Finding[] = []
  if (own !== undefined && differ(own, heard)) {
    const message = `is "${own}", but the ${hearer} hears "${heard}": waiting and backchannels follow this one; make them the same`
    found.push(doubt(['conversation', 'language'], message))
  }
  const first = heard ?? own
  const byWhom = heard === undefined ? 'conversation.language is' : `the ${hearer} hears`
  for (const path of stages) {
    const wanted = path[0] === 'languages' ? String(path[1]) : first
    const spoken = languageOf(paramsOf(path))
    // Another recogniser behind the first may be there for callers of another language.
    if (path[0] !== 'tts' && path[0] !== 'languages') continue
    if (wanted === undefined || spoken === undefined || !differ(spoken, wanted)) continue
    const who = path.includes('stt') ? 'hears' : 'speaks'
    const other = path[0] === 'languages' ? `it stands under "${wanted}"` : `${byWhom} "${wanted}"`
    const place = mapOf(paramsOf(path))?.['language'] === undefined ? 'voice' : 'language'
    found.push(doubt([...path, 'params', place], `${who} "${spoken}", but ${other}; make them the same`))
  }
  return found
}

/** `conversation.language`, unless what stands there is told of by the schema's check. */
function languageOfCall(fields: Fields): string | undefined {
  const tag = mapOf(fields['conversation'])?.['language']
  return typeof tag === 'string' && LANGUAGE_TAG.test(tag) ? tag : undefined
}

/** One that cannot be a language, and one that a provider knows by another name. */
function oddTag(tag: string, path: Path, source: SourceNode): readonly Finding[] {
  const shown = showValue(tag, path, source)
  if (!isLanguageTag(tag)) return [doubt(path, notATag(tag, shown))]
  const common = commonerTag(tag)
  if (common === undefined) return []
  return [doubt(path, `${shown} is a code that few providers know; did you mean "${common}"?`)]
}

/** Every stage that hears or speaks. */
function stagePaths(fields: Fields): readonly Path[] {
  const paths: Path[] = []
  for (const kind of ['transport', 'stt', 'tts', 'realtime']) {
    const stage = mapOf(fields[kind])
    if (stage === undefined) continue
    paths.push([kind])
    listOf(stage['fallback']).forEach((_, index) => paths.push([kind, 'fallback', index]))
  }
  for (const [tag, stages] of Object.entries(mapOf(fields['languages']) ?? {})) {
    for (const kind of ['stt', 'tts']) if (mapOf(mapOf(stages)?.[kind])) paths.push(['languages', tag, kind])
  }
  return paths
}

function languagesIn(params: Fields, path: Path): readonly Spoken[] {
  return Object.entries(params).flatMap(([name, value]): Spoken[] => {
    if (ONE.test(name) && typeof value === 'string' && value !== '')
      return [{ path: [...path, name], tag: value }]
    if (!SEVERAL.test(name)) return []
    return listOf(value).flatMap((tag, index) =>
      typeof tag === 'string' ? [{ path: [...path, name, index], tag }] : [],
    )
  })
}

/** What a stage hears or speaks: its `language`, or what its voice begins with (`he-IL-HilaNeural`). */
function languageOf(params: Fields | undefined): string | undefined {
  const { language, languages, voice } = params ?? {}
  // One that finds the language out by itself fits every other.
  if (listOf(languages).length > 1) return undefined
  if (typeof language === 'string' && isLanguageTag(language)) return usualTag(language)
  if (language !== undefined || typeof voice !== 'string') return undefined
  const begins = /^([a-z]{2,3}-[A-Z]{2})-/.exec(voice)?.[1]
  return begins !== undefined && isLanguageTag(begins) ? begins : undefined
}

/** What is no language, and what finds out by itself (`multi`), fits every other. */
function usualTag(tag: string | undefined): string | undefined {
  if (tag === undefined || !isLanguageTag(tag) || !LANGUAGE_TAG.test(tag)) return undefined
  return commonerTag(tag) ?? tag
}

function differ(one: string, other: string | undefined): boolean {
  return other !== undefined && primaryLanguage(one) !== primaryLanguage(other)
}

function notATag(tag: string, shown: string): string {
  return `${shown} is no language tag such as en-US${meantHint(tag)}`
}

function notAZone(zone: string, shown: string): string {
  const meant = shown.startsWith('(') ? undefined : meantZone(zone)
  if (meant !== undefined) return `${shown} is no time zone; did you mean "${meant}"?`
  const offset = /^(utc|gmt)?[+-]\d/i.test(zone) ? ' (an offset knows no summer time)' : ''
  return `${shown} is no time zone; write its name, such as Asia/Jerusalem or Europe/Berlin${offset}`
}

function meantHint(written: string): string {
  const meant = meantLanguage(written)
  return meant === undefined ? '' : `; did you mean "${meant}"?`
}

function finding(path: Path, message: string): Finding {
  return { code: 'KAV_CONFIG_VALUE', path, at: 'value', message }
}

function doubt(path: Path, message: string): Finding {
  return { code: 'KAV_CONFIG_DOUBT', path, at: 'value', message }
}
