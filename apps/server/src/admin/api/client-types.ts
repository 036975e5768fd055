type Json = Record<string, unknown>

interface Operation {
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: Json
  }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Record<string, { readonly content?: Content }>
}
type Content = Record<string, { readonly schema: Json } | undefined>

const HEAD = '// Generated from the routes of the admin API by `npm run generate`. Do not edit.\n'
const JSON_TYPE = 'application/json'

/**
 * The TypeScript types of an OpenAPI document, for `@kav/client`: one for each named schema, and `ApiRoutes` with what
 * each route that answers JSON takes and answers. Knows what TypeBox writes and no more: throws for anything else.
 */
export function clientTypes(document: Json): string {
  const { schemas } = document['components'] as { schemas: Record<string, Json> }
  const named = Object.entries(schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => `${docOf(schema)}${declared(name, typeOf(schema, ''))}\n`)
  const paths = document['paths'] as Record<string, Record<string, Operation>>
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      routeOf(`${method.toUpperCase()} ${path}`, operation),
    ),
  )
  const table = `/** What each route that answers JSON takes and answers. */\nexport interface ApiRoutes {\n${routes.join('')}}\n`
  return [HEAD, ...named, table].join('\n')
}

function declared(name: string, type: string): string {
  return type.startsWith('{') ? `export interface ${name} ${type}` : `export type ${name} = ${type}`
}

function routeOf(key: string, { parameters = [], requestBody, responses }: Operation): readonly string[] {
  const answer = (responses['200'] ?? responses['202'])?.content?.[JSON_TYPE]
  if (answer === undefined) return []
  const part = (name: string, type: string): string => `    readonly ${name}: ${type}\n`
  const params = parameters.filter((one) => one.in === 'path')
  const query = parameters.filter((one) => one.in === 'query')
  const body = requestBody?.content[JSON_TYPE]
  const fields = (list: typeof parameters): string =>
    `{ ${list.map(({ name, required, schema }) => `readonly ${quoted(name)}${required ? '' : '?'}: ${typeOf(schema, '')}`).join('; ')} }`
  return [
    [
      `  '${key}': {\n`,
      params.length > 0 ? part('params', fields(params)) : '',
      query.length > 0 ? part('query?', fields(query)) : '',
      body === undefined ? '' : part('body', typeOf(body.schema, '    ')),
      part('answer', typeOf(answer.schema, '    ')),
      '  }\n',
    ].join(''),
  ]
}

function typeOf(schema: Json, indent: string): string {
  const { $ref, anyOf, allOf, type, items, enum: values } = schema
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1)
  if ('const' in schema) return JSON.stringify(schema['const']).replace(/^"(.*)"$/, "'$1'")
  if (Array.isArray(values)) return values.map((value) => typeOf({ const: value }, indent)).join(' | ')
  if (Array.isArray(anyOf)) return anyOf.map((one: Json) => typeOf(one, indent)).join(' | ')
  if (Array.isArray(allOf)) return allOf.map((one: Json) => typeOf(one, indent)).join(' & ')
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'number':
    case 'integer':
      return 'number'
    case 'array':
      return `readonly ${arrayItem(items as Json | undefined, indent)}[]`
    case 'object':
      return objectType(schema, indent)
    case undefined:
      return 'unknown'
    default:
      throw new Error(`no TypeScript for ${JSON.stringify(schema)}`)
  }
}

function arrayItem(items: Json | undefined, indent: string): string {
  const item = typeOf(items ?? {}, indent)
  return /[|&]/.test(item) && !item.startsWith('{') ? `(${item})` : item
}

function objectType(schema: Json, indent: string): string {
  const {
    properties,
    patternProperties,
    required = [],
  } = schema as {
    properties?: Record<string, Json>
    patternProperties?: Record<string, Json>
    required?: readonly string[]
  }
  if (properties === undefined) {
    const [value] = Object.values(patternProperties ?? {})
    return `Readonly<Record<string, ${typeOf(value ?? {}, indent)}>>`
  }
  const inner = `${indent}  `
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `${docOf(field, inner)}${inner}readonly ${quoted(name)}${required.includes(name) ? '' : '?'}: ${typeOf(field, inner)}\n`,
  )
  return fields.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${fields.join('')}${indent}}`
}

function quoted(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

function docOf({ description }: Json, indent = ''): string {
  return typeof description === 'string' ? `${indent}/** ${description.replaceAll('*/', '* /')} */\n` : ''
}
