import type { ErrorObject } from 'ajv'
import type { ErrorCode } from '../../errors.ts'
import { didYouMean } from '../../kit/did-you-mean.ts'
import { fitsPattern, meantText, visible } from '../hints/meant-value.ts'
import { shorten, type Path } from '../source/problem.ts'
import { strangeCharacter } from '../source/quote-text.ts'
import { typeHint } from '../hints/type-hints.ts'
import { quoteKey } from '../yaml/yaml-value.ts'

/** One thing a schema finds wrong, before it has a place in the file. */
export interface Finding {
  readonly code: ErrorCode
  /** Path from the value that was checked. */
  readonly path: Path
  /** `value`: at the value. `key`: at the key, for a field that should not be there. `parent`: at the key of the map. */
  readonly at: 'value' | 'key' | 'parent'
  readonly message: string
}

/** What the translation needs to know besides ajv's errors. */
export interface FindingContext {
  /** How a value is written in a message, by its path from the value checked. */
  show(value: unknown, path: Path): string
  /** Fields that exist at the top of the value although the schema does not list them. */
  readonly alsoKnown: readonly string[]
  /** Names of a missing field's kind: a `stage` at the top of the file, a `field` elsewhere. */
  nounFor(path: Path, name: string): string
  /** What to say about an unknown field instead of the usual, where there is something better. */
  hintFor?(path: Path, name: string): string | undefined
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'nothing',
}

/** One ajv error that is not about alternatives, as a finding. */
export function findingOf(error: ErrorObject, path: Path, context: FindingContext): Finding {
  const shown = context.show(error.data, path)
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownField(error, path, context)
    case 'required':
    case 'dependentRequired':
      return missingField(String(error.params['missingProperty']), path, context)
    case 'type':
      return quotedFinding(error, shown, path) ?? typeFinding(error, typeWords(error.schema), shown, path)
    case 'enum':
      return notOneOf(error.schema as readonly unknown[], error.data, shown, path)
    case 'const':
      return valueFinding(`must be ${JSON.stringify(error.schema)}, found ${shown}`, path)
    default:
      return valueFinding(valueMessage(error, shown), path)
  }
}

export function typeWords(type: unknown): string[] {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  return types.map((name) => TYPE_WORDS[String(name)] ?? String(name))
}

/** What is wrong with a number or true/false where a text stands that would not be right in quotes either. */
function quotedFinding(error: ErrorObject, shown: string, path: Path): Finding | undefined {
  const { type, enum: words, pattern } = error.parentSchema ?? {}
  if (type !== 'string' || !['number', 'boolean'].includes(typeof error.data)) return undefined
  if (Array.isArray(words) && !words.includes(shown)) return notOneOf(words, shown, shown, path)
  if (typeof pattern !== 'string' || fitsPattern(shown, pattern) !== false) return undefined
  return valueFinding(patternMessage(shown, shown, pattern, error.parentSchema), path)
}

/** `schemas`: what would be right; of a union, its branches. `hint`: what is better than the usual one. */
export function typeFinding(
  error: ErrorObject,
  expected: readonly string[],
  shown: string,
  path: Path,
  {
    schemas = [error.parentSchema ?? {}],
    hint = '',
  }: { readonly schemas?: readonly Readonly<Record<string, unknown>>[]; readonly hint?: string } = {},
): Finding {
  const value: unknown = error.data
  // A text in the place of a map may be a whole misread block, secrets included.
  const structure = expected.every((word) => word === 'a map' || word === 'a list')
  const found = structure && typeof value === 'string' ? 'text' : shown
  // What to do about a value from the environment cannot be done in the file.
  const usual = shown.startsWith('(from ')
    ? ''
    : typeHint(expected, value, { name: String(path.at(-1)), schemas })
  const message = `expected ${expected.join(' or ')}, found ${found}${hint || usual}`
  return { code: 'KAV_CONFIG_TYPE', path, at: 'value', message }
}

export function notOneOf(allowed: readonly unknown[], value: unknown, shown: string, path: Path): Finding {
  const words = allowed.map((word) => (typeof word === 'string' ? word : JSON.stringify(word)))
  const meant = typeof value === 'string' ? didYouMean(value, words) : undefined
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
  return valueFinding(`${shown} is not one of ${words.join(', ')}${hint}`, path)
}

export function missingField(name: string, path: Path, context: FindingContext): Finding {
  const message = `missing required ${context.nounFor(path, name)} "${name}"`
  return { code: 'KAV_CONFIG_MISSING_FIELD', path, at: 'parent', message }
}

function unknownField(error: ErrorObject, path: Path, context: FindingContext): Finding {
  const params = error.params as Record<string, unknown>
  const name = String(params['additionalProperty'] ?? params['unevaluatedProperty'])
  const fields = fieldsOf(error.parentSchema)
  const known = path.length === 0 ? [...fields, ...context.alsoKnown] : fields
  const message = `unknown field ${quoteKey(name)}${context.hintFor?.(path, name) ?? fieldHint(name, known)}`
  return { code: 'KAV_CONFIG_UNKNOWN_FIELD', path: [...path, name], at: 'key', message }
}

/** The fields a schema lists, those of its `allOf` parts included. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties, allOf } = schema as Record<string, unknown>
  const own = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  return Array.isArray(allOf) ? [...own, ...allOf.flatMap(fieldsOf)] : own
}

function fieldHint(name: string, known: readonly string[]): string {
  if (name === '<<') return '; YAML merge keys are not supported, write the fields out'
  const strange = strangeCharacter(name)
  const meant = didYouMean(visible(name).trim(), known)
  if (meant !== undefined) return `; did you mean "${meant}"?${strange === undefined ? '' : ` (${strange})`}`
  if (known.length === 0) return '; no fields are allowed here'
  const more = known.length > 12 ? ', …' : ''
  return `; allowed here: ${known.slice(0, 12).join(', ')}${more}`
}

function valueMessage(error: ErrorObject, shown: string): string {
  const limit: unknown = error.schema
  switch (error.keyword) {
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `${shown} is out of range; allowed: ${rangeOf(error.parentSchema ?? {})}`
    case 'multipleOf':
      return `${shown} is not a multiple of ${String(limit)}`
    case 'minLength':
      return error.data === ''
        ? emptyMessage(shown)
        : `${shown} is too short; at least ${String(limit)} characters`
    case 'maxLength':
      return `${shown} is too long; at most ${String(limit)} characters`
    case 'pattern':
      if (error.data === '') return emptyMessage(shown)
      return patternMessage(String(error.data), shown, String(limit), error.parentSchema)
    case 'format':
      return `${shown} is not a valid ${limit === 'uri' ? 'URL' : String(limit)}${meaningOf(error.parentSchema)}`
    case 'minItems':
      return limit === 1
        ? 'the list must not be empty'
        : `the list is too short; at least ${String(limit)} entries`
    case 'maxItems':
      return `the list is too long; at most ${String(limit)} entries`
    case 'uniqueItems':
      return 'the list holds the same entry twice'
    case 'minProperties':
      return `the map has too few fields; at least ${String(limit)}`
    default:
      return `${shown} is not allowed: ${error.message ?? error.keyword}`
  }
}

function patternMessage(
  text: string,
  shown: string,
  pattern: string,
  schema: Readonly<Record<string, unknown>> | undefined,
): string {
  // What is not shown is not repeated in a guess either.
  const meant = shown.startsWith('(') ? undefined : meantText(text, pattern)
  const hint = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`
  return `${shown} does not match the pattern ${pattern}${meaningOf(schema)}${hint}`
}

function emptyMessage(shown: string): string {
  return shown === '""' ? 'must not be empty' : `${shown} must not be empty`
}

/** What the field is for, so that a pattern need not be read. */
function meaningOf(schema: Readonly<Record<string, unknown>> | undefined): string {
  const description = schema?.['description']
  return typeof description === 'string' ? ` (${shorten(description.replace(/\.$/, ''), 120)})` : ''
}

/** `20 to 200`, `at least 20`, `above 0 and at most 1`. */
function rangeOf(schema: Readonly<Record<string, unknown>>): string {
  const limit = (keyword: string, word: string) =>
    keyword in schema ? [`${word}${JSON.stringify(schema[keyword])}`] : []
  const [from] = limit('minimum', '')
  const [to] = limit('maximum', '')
  if (from !== undefined && to !== undefined) return `${from} to ${to}`
  const ends = [
    ...limit('minimum', 'at least '),
    ...limit('exclusiveMinimum', 'above '),
    ...limit('maximum', 'at most '),
    ...limit('exclusiveMaximum', 'below '),
  ]
  return ends.join(' and ')
}

function valueFinding(message: string, path: Path): Finding {
  return { code: 'KAV_CONFIG_VALUE', path, at: 'value', message }
}
