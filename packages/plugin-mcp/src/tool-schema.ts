import { linearPattern } from '@kav/core/kit'
import { fieldsOf } from './foreign-fields.ts'

/** The keywords of JSON Schema that the core checks; it refuses a schema with any other. */
const KEYWORDS = new Set(
  (
    'type enum const properties required additionalProperties patternProperties propertyNames minProperties ' +
    'maxProperties items prefixItems contains minItems maxItems uniqueItems minimum maximum exclusiveMinimum ' +
    'exclusiveMaximum multipleOf minLength maxLength pattern format allOf anyOf oneOf not if then else title ' +
    'description default examples $defs definitions $ref'
  ).split(' '),
)
const FORMATS = new Set(['date', 'time', 'date-time', 'email', 'uuid', 'uri'])
/** Where the names are of the author's choosing, and the values schemas. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions'])
const SCHEMAS = new Set('items contains additionalProperties propertyNames not if then else'.split(' '))
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])

/** Deeper is nothing that a model would fill in. */
const MAX_DEPTH = 32

/** A pattern of a server's that the core cannot check. */
export interface DroppedPattern {
  /** The argument it was for, as `properties.note`. */
  readonly field: string
  readonly pattern: string
}

export interface PlainSchema {
  readonly schema: Record<string, unknown>
  /** The server checks them itself. */
  readonly dropped: readonly DroppedPattern[]
}

/** A server's schema with what the core takes of it: dialects have keywords, formats and patterns of their own. */
export function plainSchema(sent: unknown): PlainSchema {
  const dropped: DroppedPattern[] = []
  return { schema: plain(sent, [], dropped), dropped }
}

function plain(sent: unknown, path: readonly string[], dropped: DroppedPattern[]): Record<string, unknown> {
  if (path.length > MAX_DEPTH) return {}
  const inner = (value: unknown, ...at: readonly string[]): unknown =>
    typeof value === 'object' && value !== null ? plain(value, [...path, at.join('.')], dropped) : value
  const isTaken = (pattern: unknown): boolean => {
    if (isLinear(pattern)) return true
    dropped.push({ field: path.join('.'), pattern: String(pattern).slice(0, MAX_PATTERN_CHARS) })
    return false
  }
  const taken: Record<string, unknown> = {}
  const weaker = new Set<string>()
  for (const [keyword, value] of Object.entries(fieldsOf(sent))) {
    if (!KEYWORDS.has(keyword) || (keyword === 'format' && !FORMATS.has(String(value)))) continue
    if (keyword === 'pattern' && !isTaken(value)) continue
    const before = dropped.length
    if (MAPS.has(keyword)) {
      taken[keyword] = Object.fromEntries(
        Object.entries(fieldsOf(value))
          .filter(([name]) => keyword !== 'patternProperties' || isTaken(name))
          .map(([name, schema]) => [name, inner(schema, keyword, name)]),
      )
    } else if (LISTS.has(keyword))
      taken[keyword] = Array.isArray(value) ? value.map((one, at) => inner(one, keyword, String(at))) : []
    else taken[keyword] = SCHEMAS.has(keyword) ? inner(value, keyword) : value
    if (dropped.length > before) weaker.add(keyword)
  }
  return weaker.size === 0 ? taken : loosened(taken, weaker)
}

/** Where a pattern is missing more fits, so what is to fit none of something, or one alone, would refuse what is right. */
function loosened(taken: Record<string, unknown>, weaker: ReadonlySet<string>): Record<string, unknown> {
  const { not, oneOf, additionalProperties, if: condition, then, else: otherwise, ...rest } = taken
  return {
    ...rest,
    ...(not !== undefined && !weaker.has('not') && { not }),
    ...(oneOf !== undefined && !weaker.has('oneOf') && { oneOf }),
    ...(additionalProperties !== undefined && !weaker.has('patternProperties') && { additionalProperties }),
    ...(condition !== undefined && !weaker.has('if') && { if: condition, then, else: otherwise }),
  }
}

/** Of what the log tells. */
const MAX_PATTERN_CHARS = 200

function isLinear(pattern: unknown): boolean {
  try {
    linearPattern(pattern as string)
    return true
  } catch {
    return false
  }
}
