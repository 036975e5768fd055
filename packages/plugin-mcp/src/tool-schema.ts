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

/** A server's schema with what the core takes of it: dialects have keywords and formats of their own. */
export function plainSchema(sent: unknown, depth = 0): Record<string, unknown> {
  if (depth > MAX_DEPTH) return {}
  const inner = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? plainSchema(value, depth + 1) : value
  const plain: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(fieldsOf(sent))) {
    if (!KEYWORDS.has(keyword) || (keyword === 'format' && !FORMATS.has(String(value)))) continue
    if (MAPS.has(keyword)) {
      plain[keyword] = Object.fromEntries(
        Object.entries(fieldsOf(value)).map(([name, schema]) => [name, inner(schema)]),
      )
    } else if (LISTS.has(keyword)) plain[keyword] = Array.isArray(value) ? value.map(inner) : []
    else plain[keyword] = SCHEMAS.has(keyword) ? inner(value) : value
  }
  return plain
}
