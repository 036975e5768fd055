/** Compiling takes a millisecond or so for each, in which no call of the process is served. */
const MAX_SCHEMAS = 500
/** Entries of `enum`, `required` and the like. */
const MAX_ENTRIES = 5_000
/** All texts of it together. */
const MAX_CHARS = 131_072
const MAX_DEPTH = 64
/** Schemas that one place is checked against, all that is referred to among them. */
const MAX_CHECKS = 10_000

/** Keywords whose schemas look at the same value again. */
const IN_PLACE = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas'])

type Fields = Readonly<Record<string, unknown>>

/**
 * Why a schema that others have written is more than is compiled while calls go on, in words; `undefined` for one that
 * is not. Looks at no more of it than is allowed.
 */
export function schemaBeyondBounds(schema: object): string | undefined {
  return beyondSize(schema) ?? beyondReferences(schema as Fields)
}

function beyondSize(schema: object): string | undefined {
  let schemas = 0
  let entries = 0
  let chars = 0
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: schema, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    if (typeof value === 'string') chars += value.length
    if (typeof value !== 'object' || value === null) {
      if (chars > MAX_CHARS) return `it is longer than ${MAX_CHARS} characters`
      continue
    }
    if (depth > MAX_DEPTH) return `it is more than ${MAX_DEPTH} levels deep, or holds itself`
    if (Array.isArray(value)) entries += value.length
    else schemas++
    if (entries > MAX_ENTRIES) return `it has more than ${MAX_ENTRIES} entries of enum and other lists`
    // A map of properties is counted with them.
    if (schemas > MAX_SCHEMAS) return `it is made of more than ${MAX_SCHEMAS} objects`
    for (const [key, inner] of Object.entries(value)) {
      chars += key.length
      open.push({ value: inner, depth: depth + 1 })
    }
  }
  return undefined
}

function beyondReferences(root: Fields): string | undefined {
  /** What each reference comes to; `undefined` while it is being gone into. */
  const known = new Map<string, number | undefined>()

  function checksOf(schema: unknown, inPlace: ReadonlySet<string>): number {
    if (typeof schema !== 'object' || schema === null) return 0
    if (Array.isArray(schema)) return schema.reduce<number>((sum, each) => sum + checksOf(each, inPlace), 0)
    let checks = 1
    for (const [keyword, value] of Object.entries(schema as Fields)) {
      if (keyword === '$ref' && typeof value === 'string') checks += checksOfReference(value, inPlace)
      else if (keyword !== '$defs' && keyword !== 'definitions')
        checks += checksOf(value, IN_PLACE.has(keyword) ? inPlace : new Set())
    }
    if (checks > MAX_CHECKS) throw new Beyond(`its references come to more than ${MAX_CHECKS} checks`)
    return checks
  }

  function checksOfReference(reference: string, inPlace: ReadonlySet<string>): number {
    if (inPlace.has(reference)) throw new Beyond(`"${reference}" refers to itself without end`)
    if (known.has(reference)) return known.get(reference) ?? 1
    known.set(reference, undefined)
    const checks = checksOf(at(root, reference), new Set([...inPlace, reference]))
    known.set(reference, checks)
    return checks
  }

  try {
    checksOf(root, new Set())
    return undefined
  } catch (thrown) {
    if (thrown instanceof Beyond) return thrown.message
    throw thrown
  }
}

class Beyond extends Error {
  override readonly name = 'Beyond'
}

/** What a reference within the schema leads to; nothing for any other, which does not compile. */
function at(root: Fields, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined
  return reference
    .slice(1)
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponentSafely(key).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Fields)[key]
          : undefined,
      root,
    )
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
