/** A value as YAML sets it out, for reading: two spaces a level, texts in quotes where they would be taken for else. */
export function yamlOf(value: unknown): string {
  return isNested(value) ? linesOf(value, '').join('\n') : scalarOf(value)
}

const PLAIN = /^[A-Za-z_@/.][\w@/. -]*$/
const TAKEN = /^(true|false|null|yes|no|on|off)$/i

function linesOf(value: object, indent: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => itemOf(one, indent))
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const name = `${indent}${PLAIN.test(key) && !key.includes(' ') ? key : JSON.stringify(key)}:`
    return isNested(one) ? [name, ...linesOf(one, `${indent}  `)] : [`${name} ${scalarOf(one)}`]
  })
}

function itemOf(value: unknown, indent: string): readonly string[] {
  if (!isNested(value)) return [`${indent}- ${scalarOf(value)}`]
  const [first = '', ...rest] = linesOf(value, `${indent}  `)
  return [`${indent}- ${first.trimStart()}`, ...rest]
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function scalarOf(value: unknown): string {
  if (Array.isArray(value)) return '[]'
  if (typeof value === 'object' && value !== null) return '{}'
  if (typeof value !== 'string') return String(value)
  return PLAIN.test(value) && !TAKEN.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value)
}
