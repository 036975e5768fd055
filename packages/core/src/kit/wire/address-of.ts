/** What a query may hold; `undefined` and an empty text are left out, a list is one parameter several times. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** The address of a request: `https://host`, `/path`, and a query. Never a key in it: addresses are logged. */
export function addressOf(origin: string, path: string, query: Query = {}): URL {
  const url = new URL(origin + path)
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) url.searchParams.append(name, String(one))
    else if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  }
  return url
}
