/**
 * What stands at each path of a JSON value, by path: `order.status`, `items.0.name`. A name on a list is taken of
 * each of its entries (`items.name`). What is not there is left out.
 */
export function pickFields(value: unknown, paths: readonly string[]): Record<string, unknown> {
  const found = paths.map((path) => [path, follow(value, path.split('.'))] as const)
  return Object.fromEntries(found.filter(([, item]) => item !== undefined))
}

function follow(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value) && !/^\d+$/.test(name)) {
    const items = value.map((item) => follow(item, path)).filter((item) => item !== undefined)
    return items.length === 0 ? undefined : items
  }
  return Object.hasOwn(value, name) ? follow((value as Record<string, unknown>)[name], rest) : undefined
}
