import { fieldsOf } from './foreign-fields.ts'

type Schema = Readonly<Record<string, unknown>>

/** Parts of a schema that are written anew; what refers to itself in many ways would have no end of them. */
const MAX_PARTS = 200
const LISTS = ['allOf', 'anyOf', 'oneOf'] as const
const ALWAYS = ['allOf'] as const
const BRANCHES = ['then', 'else'] as const

/** One argument, wherever a schema declares it. */
export interface DeclaredArgument {
  readonly required: boolean
  /** The types that it may have; empty: nothing is said of them. */
  readonly types: readonly unknown[]
}

/** What a schema says of an argument, also behind `$ref` and in the parts it is composed of; `undefined`: nothing. */
export function declaredArgument(schema: Schema, name: string): DeclaredArgument | undefined {
  const declared = partsOf(schema, schema).filter(({ properties }) =>
    Object.hasOwn(fieldsOf(properties), name),
  )
  if (declared.length === 0) return undefined
  return {
    required: partsOf(schema, schema, 'always').some(({ required }) => namesIn(required).includes(name)),
    types: declared.flatMap(({ properties }) =>
      partsOf(fieldsOf(fieldsOf(properties)[name]), schema)
        .flatMap(({ type }) => [type].flat())
        .filter((type) => type !== undefined),
    ),
  }
}

/** The schema without these arguments; where they are declared behind a `$ref`, what that means stands in its place. */
export function withoutArguments(schema: Schema, names: ReadonlySet<unknown>): Schema {
  if (names.size === 0) return schema
  const left = without(schema, { names, root: schema, parts: 0 })
  // What nothing refers to any more would only show what was left out.
  return JSON.stringify(left).includes('"$ref"') ? left : withoutDefinitions(left)
}

function withoutDefinitions(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).filter(([keyword]) => keyword !== '$defs' && keyword !== 'definitions'),
  )
}

interface Leaving {
  readonly names: ReadonlySet<unknown>
  readonly root: Schema
  parts: number
}

function without(schema: Schema, leaving: Leaving): Schema {
  const { names, root } = leaving
  // The server checks the arguments, too.
  if (++leaving.parts > MAX_PARTS) return {}
  const isAbout = [...names].some((name) => partsOf(schema, root).some((part) => mentions(part, name)))
  if (!isAbout) return schema
  const { $ref, ...own } = schema
  const kept: Record<string, unknown> = { ...own }
  const properties = Object.entries(fieldsOf(own.properties)).filter(([name]) => !names.has(name))
  if (own.properties !== undefined) kept.properties = Object.fromEntries(properties)
  if (own.required !== undefined) kept.required = namesIn(own.required).filter((name) => !names.has(name))
  for (const keyword of BRANCHES)
    if (own[keyword] !== undefined) kept[keyword] = without(fieldsOf(own[keyword]), leaving)
  for (const keyword of LISTS)
    if (own[keyword] !== undefined)
      kept[keyword] = schemasIn(own[keyword]).map((part) => without(part, leaving))
  if (kept.oneOf !== undefined) {
    // Alternatives that the arguments told apart may all fit now.
    kept.anyOf ??= kept.oneOf
    delete kept.oneOf
  }
  const meant = target($ref, root)
  if (meant === undefined) return kept
  const part = withoutDefinitions(without(meant, leaving))
  return { ...kept, allOf: [...schemasIn(kept.allOf), part] }
}

function mentions({ properties, required }: Schema, name: unknown): boolean {
  return Object.hasOwn(fieldsOf(properties), String(name)) || namesIn(required).includes(name)
}

/** The schema and all that it is composed of, each once; `always`: without alternatives. */
function partsOf(schema: Schema, root: Schema, which: 'all' | 'always' = 'all'): readonly Schema[] {
  const parts = new Set([schema])
  for (const part of parts) {
    const meant = target(part.$ref, root)
    if (meant !== undefined) parts.add(meant)
    for (const keyword of which === 'all' ? LISTS : ALWAYS)
      for (const one of schemasIn(part[keyword])) parts.add(one)
    for (const keyword of which === 'all' ? BRANCHES : [])
      if (part[keyword] !== undefined) parts.add(fieldsOf(part[keyword]))
  }
  return [...parts]
}

/** What `#/$defs/Order` means, or `#`. */
function target($ref: unknown, root: Schema): Schema | undefined {
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) return undefined
  let found: unknown = root
  for (const name of $ref.split('/').slice(1)) {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~')
    found = Object.hasOwn(fieldsOf(found), key) ? fieldsOf(found)[key] : undefined
  }
  return typeof found === 'object' && found !== null ? (found as Schema) : undefined
}

function schemasIn(list: unknown): readonly Schema[] {
  return Array.isArray(list) ? list.map(fieldsOf) : []
}

function namesIn(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? (list as unknown[]) : []
}
