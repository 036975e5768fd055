import { compileArguments } from '../../tools/argument-check.ts'
import { bodyPlaces } from '../../tools/body-template.ts'
import { BUILT_IN_NAMES } from '../../tools/built-in-tools.ts'
import { type Place, placesOf } from '../../tools/place-text.ts'
import { parseUrlTemplate } from '../../tools/url-template.ts'
import { didYouMean } from '../../kit/did-you-mean.ts'
import { headerFindings } from './header-checks.ts'
import { type Path, shorten } from '../source/problem.ts'
import { unknownKeywords } from './schema-keywords.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { quoteKey } from '../yaml/yaml-value.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { type Fields, listOf, mapOf } from '../source/value-shapes.ts'

const NO_BODY: ReadonlySet<unknown> = new Set(['GET', 'DELETE'])

/** What the schema cannot judge in `tools`: names, places of templates, JSON Schemas. Takes a faulty value too. */
export function checkTools(config: unknown, source: SourceNode): readonly Finding[] {
  const tools = mapOf(mapOf(config)?.['tools'])
  if (tools === undefined) return []
  const http = listOf(tools['http'])
  const findings = [
    ...transferNames(tools['transfer']),
    ...uniqueNames(http),
    ...http.flatMap((tool, index) => checkHttpTool(tool, ['tools', 'http', index])),
  ]
  return findings.filter(({ path }) => !isBroken(source, path))
}

function transferNames(transfer: unknown): Finding[] {
  const numbers = mapOf(mapOf(transfer)?.['numbers']) ?? {}
  return Object.keys(numbers)
    .filter((name) => !/^[\p{L}\p{N}_][\p{L}\p{N}_ -]{0,63}$/u.test(name))
    .map((name) => ({
      ...finding(
        ['tools', 'transfer', 'numbers', name],
        `${quoteKey(name)} cannot name a number: use letters, digits, spaces, "_" and "-"`,
      ),
      at: 'key',
    }))
}

function uniqueNames(http: readonly unknown[]): Finding[] {
  const seen = new Set<string>()
  return http.flatMap((tool, index) => {
    const name = mapOf(tool)?.['name']
    if (typeof name !== 'string') return []
    const path = ['tools', 'http', index, 'name']
    if (BUILT_IN_NAMES.includes(name)) {
      return [finding(path, `${JSON.stringify(name)} is the name of a built-in tool; choose another`)]
    }
    if (seen.has(name)) return [finding(path, `there is a tool ${JSON.stringify(shorten(name, 64))} already`)]
    seen.add(name)
    return []
  })
}

function checkHttpTool(tool: unknown, path: Path): Finding[] {
  const fields = mapOf(tool)
  if (fields === undefined) return []
  const parameters = mapOf(fields['parameters'])
  return [
    ...checkParameters(parameters, [...path, 'parameters']),
    ...checkUrl(fields['url'], parameters, [...path, 'url']),
    ...checkHeaders(mapOf(fields['headers']), [...path, 'headers']),
    ...checkAuth(mapOf(fields['auth']), [...path, 'auth']),
    ...checkBody(fields, parameters, [...path, 'body']),
  ]
}

function checkParameters(parameters: Fields | undefined, path: Path): readonly Finding[] {
  if (parameters !== undefined && !('type' in parameters) && Object.values(parameters).every(mapOf))
    return [finding(path, 'must be { type: object, properties: { … } }, with the arguments in "properties"')]
  const misspelt = parameters?.['type'] !== 'object' ? [] : unknownKeywords(parameters, path)
  if (misspelt.length > 0) return misspelt
  const compiled = parameters && compileArguments(parameters)
  if (compiled === undefined || compiled.ok) return []
  return [finding(path, `this JSON Schema cannot be used: ${compiled.reason}`)]
}

function checkUrl(url: unknown, parameters: Fields | undefined, path: Path): Finding[] {
  if (typeof url !== 'string' || url === '') return []
  const parsed = parseUrlTemplate(url)
  if (!parsed.ok) return [finding(path, parsed.reason)]
  const { places, pathArguments } = parsed.template
  const required = listOf(parameters?.['required'])
  const optional = pathArguments.filter((name) => isKnown(parameters, name) && !required.includes(name))
  return [
    ...unknownPlaces(places, parameters, path),
    ...places.flatMap(({ kind, name }) => {
      const type = mapOf(mapOf(parameters?.['properties'])?.[name])?.['type']
      if (kind !== 'argument' || (type !== 'object' && type !== 'array')) return []
      return [
        finding(path, `{${name}} is ${type === 'array' ? 'a list' : 'a map'}; a URL holds text and numbers`),
      ]
    }),
    ...optional.map((name) =>
      finding(path, `{${name}} stands in the path, so it must be listed in parameters.required`),
    ),
  ]
}

function checkHeaders(headers: Fields | undefined, path: Path): Finding[] {
  const findings = headerFindings(headers, path)
  const arguments_ = Object.entries(headers ?? {}).flatMap(([name, value]): Finding[] => {
    if (typeof value !== 'string' || findings.some((one) => one.path.at(-1) === name)) return []
    const [place] = placesOf(value).filter(({ kind }) => kind === 'argument')
    if (place === undefined) return []
    return [
      finding([...path, name], `a header holds no argument of the llm; use {${place.name}} in url or body`),
    ]
  })
  return [...findings, ...arguments_]
}

function checkAuth(auth: Fields | undefined, path: Path): Finding[] {
  if (auth === undefined) return []
  const has = (name: string) => auth[name] !== undefined
  const basic = has('user') && has('password')
  if (has('bearer') ? has('user') || has('password') : !basic) {
    return [finding(path, 'either bearer alone, or user and password together')]
  }
  const { bearer } = auth
  // A token read from a file often brings its line end along.
  if (typeof bearer !== 'string' || /^[\x21-\x7e]*$/.test(bearer)) return []
  return [
    finding([...path, 'bearer'], 'no token has a space, a line end or a letter beyond ASCII; this one does'),
  ]
}

function checkBody(fields: Fields, parameters: Fields | undefined, path: Path): Finding[] {
  if (fields['body'] === undefined) return []
  if (NO_BODY.has(fields['method'])) {
    return [finding(path, `method ${String(fields['method'])} sends no body; use POST, PUT or PATCH`)]
  }
  return bodyPlaces(fields['body']).flatMap(({ place, path: inner }) =>
    unknownPlaces([place], parameters, [...path, ...inner]),
  )
}

function unknownPlaces(places: readonly Place[], parameters: Fields | undefined, path: Path): Finding[] {
  const known = Object.keys(mapOf(parameters?.['properties']) ?? {})
  const unknown = places.filter(({ kind, name }) => kind === 'argument' && !isKnown(parameters, name))
  return [...new Set(unknown.map(({ name }) => name))].map((name) => {
    const meant = didYouMean(name, known)
    const hint = meant === undefined ? '' : `; did you mean {${meant}}?`
    return finding(path, `{${shorten(name, 60)}} is not among the properties of parameters${hint}`)
  })
}

function isKnown(parameters: Fields | undefined, name: string): boolean {
  return Object.hasOwn(mapOf(parameters?.['properties']) ?? {}, name)
}

function finding(path: Path, message: string): Finding {
  return { code: 'KAV_CONFIG_VALUE', path, at: 'value', message }
}
