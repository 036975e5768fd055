import { templateVariables } from '../../language/template.ts'
import { didYouMean } from '../../kit/did-you-mean.ts'
import { placesOf } from '../../tools/place-text.ts'
import type { EnvOrigin } from '../source/env-text.ts'
import { type Path, shorten } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { showOrigin } from '../findings/show-value.ts'
import { locate, type SourceNode } from '../source/source-tree.ts'
import { listOf, mapOf } from '../source/value-shapes.ts'

interface Text {
  readonly path: Path
  readonly text: string
  readonly env?: EnvOrigin | undefined
}

/** Values that Kav itself gives every call. */
const OWN_VALUES: readonly string[] = ['now']
/** What most transports give; for braces that may be meant for something else. */
const USUAL_VALUES: readonly string[] = ['from', 'to', ...OWN_VALUES]

/** A whole variable. What is left of braces without them is half of one. */
const WHOLE = /\{\{\s*[\p{L}_][\p{L}\p{M}\p{N}_.-]*\s*\}\}/gu
const HALF =
  /\{\{+[^{}\n]{0,40}\}*|(?<!\$)\{\s*[\p{L}_][\p{L}\p{M}\p{N}_.-]*\s*\}+|[\p{L}\p{N}_.-]{1,40}\s*\}\}+/gu

/** As other templates write a variable; told only for names that a call has. */
const OTHERS =
  /\{%-?\s{0,4}(\w{1,40})\s{0,4}-?%\}|%(\w{1,40})%|%\((\w{1,40})\)s|#\{(\w{1,40})\}|\$(\w{1,40})(?!\w)|｛{1,2}\s{0,4}(\w{1,40})\s{0,4}｝{1,2}/gu

/**
 * `{{name}}` where no call will have such a value, half-written ones, and those in texts that are not filled.
 * `given`: the names the transport gives; `undefined` when it does not tell them, and every name may be right. `hooked`:
 * those that `before_call` may give besides, or not.
 */
export function variableWarnings(
  config: unknown,
  {
    given: always,
    hooked,
  }: { readonly given: readonly string[] | undefined; readonly hooked: readonly string[] },
  source: SourceNode,
): readonly Finding[] {
  const given = always && [...always, ...hooked]
  const unsure = always === undefined ? [] : hooked.filter((name) => !always.includes(name))
  const written = (text: Text): readonly Text[] => {
    const { node, found } = locate(source, text.path)
    return found ? [{ ...text, env: node.env }] : []
  }
  const known = given === undefined ? undefined : [...given, ...OWN_VALUES]
  const filled = filledTexts(config).flatMap(written)
  const unfilled = unfilledTexts(config).flatMap(written)
  return [
    ...filled.flatMap((text) => [
      ...unknown(text, templateVariables, known),
      ...halfWritten(text, known),
      ...otherwiseWritten(text, known),
      ...maybeAbsent(text, unsure),
    ]),
    ...toolTexts(config)
      .flatMap(written)
      .flatMap((text) => unknown(text, callPlaces, given)),
    ...unfilled.flatMap(neverFilled),
  ]
}

type NamesIn = (text: string) => readonly string[]

/** A name as the file has it; one that came from the environment, or a part of one, is not shown. */
function shownName(name: string, { env }: Text, namesIn: NamesIn): string {
  return env === undefined || namesIn(env.written).includes(name)
    ? `{{${shorten(name, 60)}}}`
    : `a variable ${showOrigin(env)}`
}

function unknown(text: Text, namesIn: NamesIn, known: readonly string[] | undefined): readonly Finding[] {
  return namesIn(text.text)
    .filter((name) => known !== undefined && !known.includes(name))
    .map((name) => {
      const meant = didYouMean(name, known ?? [])
      const hint =
        meant === undefined
          ? 'give it in the query of the webhook, with a value for the other calls in stream_parameters'
          : `did you mean {{${meant}}}?`
      return warning(
        text.path,
        `no call is known to have a value for ${shownName(name, text, namesIn)}, it would be empty; ${hint}`,
      )
    })
}

/** A service that is late or down gives none, and the call goes on without. */
function maybeAbsent(text: Text, unsure: readonly string[]): readonly Finding[] {
  return templateVariables(text.text)
    .filter((name) => unsure.includes(name))
    .map((name) =>
      warning(
        text.path,
        `${shownName(name, text, templateVariables)} is empty in calls of which before_call does not say it; give what stands there then in stream_parameters, or word the text so that it may be missing`,
      ),
    )
}

function halfWritten({ path, text, env }: Text, known: readonly string[] = USUAL_VALUES): readonly Finding[] {
  const isWritten = (half: string): boolean => env === undefined || halvesIn(env.written).includes(half)
  return halvesIn(text)
    .slice(0, 5)
    .flatMap((half) => {
      const name = half.replaceAll(/[{}]/g, '').trim().replaceAll(/\s+/g, '_')
      const meant = didYouMean(name, known)
      // Single braces may be meant as they are, in a prompt that shows a form.
      if (!half.includes('{{') && !half.includes('}}') && meant === undefined) return []
      const how = meant === undefined ? 'a variable is written {{from}}' : `write {{${meant}}}`
      const shown = isWritten(half) ? JSON.stringify(shorten(half, 40)) : `a variable ${showOrigin(env!)}`
      return [warning(path, `${shown} is not filled in and stays as it is; ${how}`)]
    })
}

function otherwiseWritten(
  { path, text, env }: Text,
  known: readonly string[] = USUAL_VALUES,
): readonly Finding[] {
  const found = new Map(
    [...text.matchAll(OTHERS)].map(([whole, ...names]) => [whole, names.find(Boolean) ?? '']),
  )
  return [...found]
    .filter(([whole, name]) => known.includes(name) && (env === undefined || env.written.includes(whole)))
    .slice(0, 5)
    .map(([whole, name]) =>
      warning(path, `${JSON.stringify(whole)} is not filled in and stays as it is; write {{${name}}}`),
    )
}

function halvesIn(text: string): readonly string[] {
  const halves = [...text.replaceAll(WHOLE, (whole) => ' '.repeat(whole.length)).matchAll(HALF)]
  return [...new Set(halves.map(([half]) => half))]
}

function neverFilled(text: Text): readonly Finding[] {
  return templateVariables(text.text).map((name) =>
    warning(
      text.path,
      `${shownName(name, text, templateVariables)} is not filled in here and stays as it is; remove it`,
    ),
  )
}

/** What is spoken, and what the model is told. */
function filledTexts(config: unknown): readonly Text[] {
  const conversation = mapOf(mapOf(config)?.['conversation']) ?? {}
  const idle = mapOf(conversation['idle']) ?? {}
  const unclear = mapOf(conversation['unclear']) ?? {}
  const filler = mapOf(mapOf(mapOf(config)?.['tools'])?.['filler']) ?? {}
  const lines = ['greeting', 'system_prompt', 'fallback_line', 'transfer_failed_line']
  return [
    ...lines.flatMap((name) => textAt(conversation[name], ['conversation', name])),
    ...textAt(mapOf(conversation['give_up'])?.['say'], ['conversation', 'give_up', 'say']),
    ...textAt(unclear['line'], ['conversation', 'unclear', 'line']),
    ...textsIn(idle['prompts'], ['conversation', 'idle', 'prompts']),
    ...textAt(idle['farewell'], ['conversation', 'idle', 'farewell']),
    ...textsIn(idle['by_question'], ['conversation', 'idle', 'by_question']),
    ...textsIn(mapOf(conversation['filler'])?.['texts'], ['conversation', 'filler', 'texts']),
    ...textsIn(filler['texts'], ['tools', 'filler', 'texts']),
  ]
}

/** Texts of the whole pipeline, the same for every call. */
function unfilledTexts(config: unknown): readonly Text[] {
  const conversation = mapOf(mapOf(config)?.['conversation']) ?? {}
  const tools = mapOf(mapOf(config)?.['tools']) ?? {}
  return [
    ...textsIn(conversation['hints'], ['conversation', 'hints']),
    ...textAt(mapOf(conversation['recorded_line'])?.['text'], ['conversation', 'recorded_line', 'text']),
    ...listOf(tools['http']).flatMap((tool, index) =>
      textAt(mapOf(tool)?.['description'], ['tools', 'http', index, 'description']),
    ),
  ]
}

/** URL, headers and body of http tools, and pinned arguments of MCP, whose `{{name}}` are values of the call. */
function toolTexts(config: unknown): readonly Text[] {
  const { http, mcp } = mapOf(mapOf(config)?.['tools']) ?? {}
  return [
    ...listOf(http).flatMap((tool, index) =>
      ['url', 'headers', 'body'].flatMap((name) =>
        textsIn(mapOf(tool)?.[name], ['tools', 'http', index, name]),
      ),
    ),
    ...listOf(mcp).flatMap((server, index) =>
      textsIn(mapOf(server)?.['pin'], ['tools', 'mcp', index, 'pin']),
    ),
  ]
}

function callPlaces(text: string): readonly string[] {
  const names = placesOf(text).filter(({ kind }) => kind === 'call')
  return [...new Set(names.map(({ name }) => name))]
}

/** Every text at a place or below it. */
function textsIn(value: unknown, path: Path): readonly Text[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]))
  const map = mapOf(value)
  if (map === undefined) return textAt(value, path)
  return Object.entries(map).flatMap(([name, item]) => textsIn(item, [...path, name]))
}

function textAt(value: unknown, path: Path): readonly Text[] {
  return typeof value === 'string' ? [{ path, text: value }] : []
}

function warning(path: Path, message: string): Finding {
  return { code: 'KAV_CONFIG_DOUBT', path, at: 'value', message }
}
