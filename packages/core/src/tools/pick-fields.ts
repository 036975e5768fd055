/**
 * What stands at each path of a JSON value, by path: `order.status`, `items.0.name`. A name on a list is taken of
 * each of its entries (`items.name`); of an empty list that is an empty list. A key may hold dots itself: the longest
 * that is there counts. What is not there is left out.
 */
export function pickFields(value: unknown, paths: readonly string[]): Record<string, unknown> {
  const found = paths.map((path) => [path, follow(value, path.split('.'))] as const)
  return Object.fromEntries(found.filter(([, item]) => item !== undefined))
}

function follow(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return value
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value) && !/^\d+$/.test(path[0]!)) {
    const items = value.map((item) => follow(item, path)).filter((item) => item !== undefined)
    return items.length === 0 && value.length > 0 ? undefined : items
  }
  for (let length = path.length; length > 0; length--) {
    const key = path.slice(0, length).join('.')
    if (!Object.hasOwn(value, key)) continue
    const item = follow((value as Record<string, unknown>)[key], path.slice(length))
    if (item !== undefined) return item
  }
  return undefined
}
