/** What calls are searched by, as the fields of the form have it: empty is left out. */
export interface CallSearch {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly outcome: string
  readonly pipeline: string
  /** Milliseconds that a caller waited at least. */
  readonly slow: string
  /** Days as `2026-03-04`, the last one included. */
  readonly since: string
  readonly until: string
}

export const FIELDS = ['text', 'from', 'to', 'outcome', 'pipeline', 'slow', 'since', 'until'] as const

export function searchOf(params: URLSearchParams): CallSearch {
  const entries = FIELDS.map((name) => [name, params.get(name) ?? ''] as const)
  return Object.fromEntries(entries) as unknown as CallSearch
}

/** Of the page's address. */
export function paramsOf(search: CallSearch): URLSearchParams {
  const params = new URLSearchParams()
  for (const name of FIELDS) if (search[name].trim() !== '') params.set(name, search[name].trim())
  return params
}

/** Of the server: days are whole days where the reader is. */
export function queryOf(search: CallSearch, page: { limit: number; cursor?: string }): URLSearchParams {
  const query = paramsOf(search)
  if (query.has('since')) query.set('since', dayStart(search.since, 0))
  if (query.has('until')) query.set('until', dayStart(search.until, 1))
  query.set('limit', String(page.limit))
  if (page.cursor !== undefined) query.set('cursor', page.cursor)
  return query
}

function dayStart(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + daysLater).toISOString()
}
