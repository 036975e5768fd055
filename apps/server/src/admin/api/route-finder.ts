import type { ApiRoute } from './api-route.ts'

export interface FoundRoute {
  readonly route: ApiRoute
  readonly params: Readonly<Record<string, string>>
}

/** What a path leads to: `methods` are those that it is served by, none where nobody knows it. */
export type Finding = FoundRoute | { readonly methods: readonly string[] }

interface Entry {
  readonly route: ApiRoute
  /** In order; `undefined` for a place that a parameter takes. */
  readonly literals: readonly (string | undefined)[]
  readonly names: readonly string[]
}

/** Finds routes by method and path. Throws for two that no path could tell apart. */
export function createRouteFinder(routes: readonly ApiRoute[]): (method: string, path: string) => Finding {
  const byLength = new Map<number, Entry[]>()
  const seen = new Set<string>()
  for (const route of routes) {
    const parts = segments(route.path)
    const key = `${route.method} ${parts.map((part) => (isParam(part) ? '{}' : part)).join('/')}`
    if (seen.has(key)) throw new Error(`two routes for ${route.method} ${route.path}`)
    seen.add(key)
    const entry: Entry = {
      route,
      literals: parts.map((part) => (isParam(part) ? undefined : part)),
      names: parts.map((part) => part.slice(1, -1)),
    }
    const same = byLength.get(parts.length) ?? []
    same.push(entry)
    byLength.set(parts.length, same)
  }
  // The more words of its own a route has, the earlier it is looked at: `validate` is no name of a pipeline.
  for (const entries of byLength.values()) entries.sort((a, b) => paramsOf(a) - paramsOf(b))

  return (method, path) => {
    const parts = segments(path)
    const fitting = (byLength.get(parts.length) ?? []).filter(({ literals }) =>
      literals.every((literal, index) => literal === undefined || literal === parts[index]),
    )
    const found = fitting.find(({ route }) => route.method === method)
    if (found === undefined) return { methods: fitting.map(({ route }) => route.method) }
    const params = paramsIn(found, parts)
    return params === undefined ? { methods: [] } : { route: found.route, params }
  }
}

function paramsIn({ literals, names }: Entry, parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, literal] of literals.entries()) {
    if (literal !== undefined) continue
    try {
      params[names[index]!] = decodeURIComponent(parts[index]!)
    } catch {
      return undefined
    }
  }
  return params
}

function paramsOf({ literals }: Entry): number {
  return literals.filter((literal) => literal === undefined).length
}

function segments(path: string): readonly string[] {
  return path.split('/').slice(1)
}

function isParam(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}')
}
