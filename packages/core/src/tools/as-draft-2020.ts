/** No schema stands there, whatever it looks like. */
const DATA = new Set(['const', 'enum', 'default', 'examples'])
/** By their older names. */
const TUPLE_KEYWORDS: Readonly<Record<string, string>> = { items: 'prefixItems', additionalItems: 'items' }

/**
 * The same schema in the words of draft 2020-12, where an older draft had others: a list under `items` described the
 * items one by one, and `additionalItems` the rest (json-schema.org/draft/2020-12/release-notes). Zod's tuples are
 * written so. All else that is older and still known stays as it is.
 */
export function asDraft2020(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asDraft2020)
  if (typeof value !== 'object' || value === null) return value
  const isTuple = Array.isArray((value as { readonly items?: unknown }).items)
  return Object.fromEntries(
    Object.entries(value).map(([keyword, inner]) => [
      (isTuple && TUPLE_KEYWORDS[keyword]) || keyword,
      DATA.has(keyword) ? inner : asDraft2020(inner),
    ]),
  )
}
