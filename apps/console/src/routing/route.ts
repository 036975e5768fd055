/** A page of the console, as the fragment of its address says it. */
export type Route =
  | { readonly page: 'live' }
  | { readonly page: 'live-call'; readonly id: string }
  | { readonly page: 'calls'; readonly search: URLSearchParams }
  | { readonly page: 'call'; readonly id: string; readonly atSeconds?: number }
  | { readonly page: 'figures'; readonly search: URLSearchParams }
  | { readonly page: 'pipelines' }
  | { readonly page: 'pipeline'; readonly name: string }
  | { readonly page: 'phone'; readonly search: URLSearchParams }
  | { readonly page: 'unknown'; readonly path: string }

/** `#/calls/CA1?t=12.3` → the call CA1 at 12.3 s. */
export function routeOf(fragment: string): Route {
  const [path = '', query = ''] = splitOnce(fragment.replace(/^#/, ''), '?')
  const [first = '', second = '', ...more] = path.split('/').filter(Boolean).map(decoded)
  const search = new URLSearchParams(query)
  if (more.length > 0) return { page: 'unknown', path }
  if (second === '') return pageOf(first, search) ?? { page: 'unknown', path }
  if (first === 'live') return { page: 'live-call', id: second }
  if (first === 'pipelines') return { page: 'pipeline', name: second }
  if (first !== 'calls') return { page: 'unknown', path }
  const at = Number.parseFloat(search.get('t') ?? '')
  return { page: 'call', id: second, ...(at >= 0 && { atSeconds: at }) }
}

/** The fragment that `routeOf` reads back. */
export function fragmentOf(route: Route): string {
  switch (route.page) {
    case 'live-call':
      return `#/live/${encodeURIComponent(route.id)}`
    case 'pipeline':
      return `#/pipelines/${encodeURIComponent(route.name)}`
    case 'call':
      return `#/calls/${encodeURIComponent(route.id)}${route.atSeconds === undefined ? '' : `?t=${route.atSeconds.toFixed(1)}`}`
    case 'calls':
    case 'figures':
    case 'phone':
      return `#/${route.page}${route.search.size === 0 ? '' : `?${route.search.toString()}`}`
    case 'unknown':
      return `#${route.path}`
    default:
      return `#/${route.page}`
  }
}

function pageOf(name: string, search: URLSearchParams): Route | undefined {
  if (name === '' || name === 'live') return { page: 'live' }
  if (name === 'pipelines') return { page: name }
  if (name === 'calls' || name === 'figures' || name === 'phone') return { page: name, search }
  return undefined
}

function splitOnce(text: string, at: string): readonly string[] {
  const index = text.indexOf(at)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
