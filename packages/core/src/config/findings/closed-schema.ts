type Schema = Readonly<Record<string, unknown>>

const closed = new WeakMap<object, object>()

/**
 * A plugin's schema with every map closed that does not say itself what more it takes: a misspelt key is told wherever
 * it stands. A plugin whose map is open says `additionalProperties: true`. Once per schema object.
 */
export function closedSchema(schema: object): object {
  const known = closed.get(schema)
  if (known !== undefined) return known
  const result = close(schema, false) as object
  closed.set(schema, result)
  return result
}

/** Keywords whose schemas are of other values than the one they stand at. */
const MAPS_BELOW = new Set(['properties', 'patternProperties', '$defs', 'definitions'])
const BELOW = new Set(['items', 'prefixItems', 'additionalItems', 'additionalProperties', 'contains'])
/** Keywords whose schemas are of the same value: each may know a part of its fields. */
const BESIDE = new Set(['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'])

/** `partly`: other schemas say more of the same map, so this one does not close it. */
function close(schema: unknown, partly: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((each) => close(each, partly))
  if (!isSchema(schema)) return schema
  const map = isMap(schema)
  const result: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (MAPS_BELOW.has(keyword) && isSchema(value)) {
      const entries = Object.entries(value).map(([name, inner]) => [name, close(inner, false)] as const)
      result[keyword] = Object.fromEntries(entries)
    } else if (BELOW.has(keyword)) {
      result[keyword] = close(value, false)
    } else {
      result[keyword] = BESIDE.has(keyword) ? close(value, map || partly) : value
    }
  }
  if (!map || partly || 'additionalProperties' in schema || 'unevaluatedProperties' in schema) return result
  const isWhole = !Object.keys(schema).some((keyword) => BESIDE.has(keyword))
  return isWhole
    ? { ...result, additionalProperties: false }
    : { ...result, type: 'object', unevaluatedProperties: false }
}

/** Whether what fits is a map, and the fields of it are said here or in parts. */
function isMap(schema: Schema): boolean {
  const { type, properties, allOf } = schema
  if (type !== undefined) return type === 'object'
  return (
    properties !== undefined || (Array.isArray(allOf) && allOf.some((part) => isSchema(part) && isMap(part)))
  )
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
