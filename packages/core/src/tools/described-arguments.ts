type Fields = Readonly<Record<string, unknown>>

/** Keywords whose schemas look at the same value again: what one of them asks for another may describe. */
const IN_PLACE = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas'] as const
/** Names of the author's choosing stand there, each with a schema. */
const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'])
/** No schema stands there, whatever it looks like. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'example'])
/** Where one of these stands, any name may be described elsewhere. */
const OPEN = ['$ref', '$dynamicRef', 'patternProperties'] as const

/** `any`: they cannot be listed. */
type Names = ReadonlySet<string> | 'any'

/**
 * The first argument that is required and described nowhere, as text for a message: most likely one of the two is
 * misspelt. `anyOf: [{ required: [a] }, { required: [b] }]` is right where `a` and `b` are described around it.
 */
export function undescribedArgument(schema: object): string | undefined {
  return visit(schema as Fields, new Set(), '#')
}

function visit(schema: Fields, around: Names, at: string): string | undefined {
  const names = union(around, describedBy(schema))
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
  const lost = required.find((name) => typeof name === 'string' && names !== 'any' && !names.has(name))
  if (lost !== undefined) return `required argument ${JSON.stringify(lost)} is not described at "${at}"`
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword)) continue
    const isInPlace = (IN_PLACE as readonly string[]).includes(keyword)
    // What is referred to may be in place anywhere.
    const inner = isInPlace
      ? names
      : keyword === '$defs' || keyword === 'definitions'
        ? 'any'
        : new Set<string>()
    for (const [key, each] of schemasIn(keyword, value)) {
      const found = visit(each, inner, `${at}/${keyword}${key}`)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** Described by a schema, and by those that look at the same value. */
function describedBy(schema: Fields): Names {
  if (OPEN.some((keyword) => schema[keyword] !== undefined)) return 'any'
  let names: Names = new Set(Object.keys(fieldsOf(schema['properties'])))
  for (const keyword of IN_PLACE)
    for (const [, each] of schemasIn(keyword, schema[keyword])) names = union(names, describedBy(each))
  return names
}

function schemasIn(keyword: string, value: unknown): readonly (readonly [key: string, schema: Fields])[] {
  const entries =
    Array.isArray(value) || MAPS.has(keyword) ? Object.entries(fieldsOf(value)) : [['', value] as const]
  return entries.flatMap(([key, each]) => {
    const isSchema = typeof each === 'object' && each !== null && !Array.isArray(each)
    return isSchema ? [[key === '' ? '' : `/${key}`, each as Fields] as const] : []
  })
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}

function union(one: Names, other: Names): Names {
  return one === 'any' || other === 'any' ? 'any' : new Set([...one, ...other])
}
