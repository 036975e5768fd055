type Schema = Readonly<Record<string, unknown>>

/**
 * A copy of `value` with the defaults of its schema filled in, nested maps and list entries included; the value
 * handed in stays as it was. Defaults inside `anyOf` are taken from the one branch that fits the value's type
 * (ajv's own `useDefaults` refuses such schemas in strict mode).
 */
export function fillDefaults(schema: unknown, value: unknown): unknown {
  if (!isSchema(schema)) return value
  const branches = Array.isArray(schema['anyOf']) ? schema['anyOf'] : []
  const fitting = branches.filter((branch) => isSchema(branch) && isMeant(branch, value))
  if (fitting.length === 1) return fillDefaults(fitting[0], value)
  if (Array.isArray(value)) return value.map((item) => fillDefaults(schema['items'], item))
  if (!isMap(value)) return value
  let filled: Record<string, unknown> = { ...value }
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  for (const [name, property] of Object.entries(properties)) {
    if (!isSchema(property)) continue
    if (Object.hasOwn(value, name)) filled[name] = fillDefaults(property, value[name])
    else if ('default' in property)
      filled[name] = fillDefaults(property, structuredClone(property['default']))
  }
  for (const part of Array.isArray(schema['allOf']) ? schema['allOf'] : []) {
    filled = fillDefaults(part, filled) as Record<string, unknown>
  }
  return filled
}

/** Same structure, and the same fixed words (`type: named`) where the branch has any. */
function isMeant(branch: Schema, value: unknown): boolean {
  if (branch['type'] !== structureOf(value)) return false
  if (!isMap(value) || !isSchema(branch['properties'])) return true
  return Object.entries(branch['properties']).every(
    ([name, property]) => !isSchema(property) || !('const' in property) || value[name] === property['const'],
  )
}

function structureOf(value: unknown): string | undefined {
  return Array.isArray(value) ? 'array' : isMap(value) ? 'object' : undefined
}

function isSchema(value: unknown): value is Schema {
  return isMap(value)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
