import type { AnyPlugin } from '../contracts/index.ts'

type Schema = Readonly<Record<string, unknown>>

interface Row {
  readonly name: string
  readonly type: string
  readonly preset: string
  readonly description: string
}

/** A Markdown table of a plugin's params, nested ones as `a.b` and lists as `a[]`. */
export function paramsDoc(plugin: Pick<AnyPlugin, 'params'>): string {
  const rows = rowsOf(plugin.params, '')
  if (rows.length === 0) return 'No params.\n'
  const lines = rows.map(({ name, type, preset, description }) =>
    [`\`${name}\``, type, preset, description].map(escapeCell).join(' | '),
  )
  return [
    '| Param | Type | Default | Meaning |',
    '|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n')
}

function rowsOf(schema: Schema, prefix: string): Row[] {
  const properties = mapOf(schema['properties'])
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(properties).flatMap(([key, value]) => {
    const property = mapOf(value)
    const name = prefix === '' ? key : `${prefix}.${key}`
    const row = {
      name,
      type: typeOf(property),
      preset: presetOf(property, required.includes(key)),
      description: typeof property['description'] === 'string' ? property['description'] : '',
    }
    return [row, ...nestedRows(property, name)]
  })
}

function nestedRows(property: Schema, name: string): Row[] {
  const own = rowsOf(property, name)
  const inList = property['items'] === undefined ? [] : rowsOf(mapOf(property['items']), `${name}[]`)
  const branches = listOf(property['anyOf']).flatMap((branch) => nestedRows(branch, name))
  const seen = new Set<string>()
  return [...own, ...inList, ...branches].filter((row) => !seen.has(row.name) && seen.add(row.name))
}

function presetOf(property: Schema, required: boolean): string {
  const preset = property['default']
  if (preset === undefined) return required ? 'required' : ''
  const isEmptyMap = typeof preset === 'object' && preset !== null && Object.keys(preset).length === 0
  return isEmptyMap && !Array.isArray(preset) ? '' : `\`${JSON.stringify(preset)}\``
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'map',
  null: 'null',
}

function typeOf(schema: Schema): string {
  if ('const' in schema) return `\`${JSON.stringify(schema['const'])}\``
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((word) => `\`${JSON.stringify(word)}\``).join(' | ')
  const branches = listOf(schema['anyOf'])
  if (branches.length > 0) return branches.map(typeOf).join(' | ')
  if (schema['type'] === 'array') return `list of ${typeOf(mapOf(schema['items']))}`
  const types: readonly unknown[] = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  return types.map((type) => TYPE_WORDS[String(type)] ?? 'any').join(' | ') + rangeOf(schema)
}

function rangeOf(schema: Schema): string {
  const low = textOf(schema['minimum'] ?? schema['exclusiveMinimum'])
  const high = textOf(schema['maximum'] ?? schema['exclusiveMaximum'])
  const step = textOf(schema['multipleOf'])
  const steps = step === undefined ? '' : `, in steps of ${step}`
  if (low !== undefined && high !== undefined) return `, ${low} to ${high}${steps}`
  if (low !== undefined) return `, from ${low}${steps}`
  return high === undefined ? steps : `, up to ${high}${steps}`
}

function textOf(limit: unknown): string | undefined {
  return limit === undefined ? undefined : JSON.stringify(limit)
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}

function mapOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}

function listOf(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value.map(mapOf) : []
}
