import {
  fillPlaces,
  onlyPlace,
  type Place,
  placesOf,
  type PlaceValues,
  textOf,
  valueAt,
} from './place-text.ts'

/** Every place in the texts of a body, with the path of the text it stands in. */
export function bodyPlaces(
  body: unknown,
  path: readonly (string | number)[] = [],
): { place: Place; path: readonly (string | number)[] }[] {
  if (typeof body === 'string') return placesOf(body).map((place) => ({ place, path }))
  if (Array.isArray(body)) return body.flatMap((item, index) => bodyPlaces(item, [...path, index]))
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([key, item]) => bodyPlaces(item, [...path, key]))
}

/**
 * The body with its places filled. A text that is one place becomes the value itself, with its type; a field whose
 * value is missing is left out. Values never become structure: the result is written as JSON afterwards.
 */
export function fillBody(body: unknown, values: PlaceValues): unknown {
  if (typeof body === 'string') {
    const place = onlyPlace(body)
    if (place !== undefined) return valueAt(place, values)
    return fillPlaces(body, (inner) => textOf(valueAt(inner, values)))
  }
  if (Array.isArray(body)) {
    return body.map((item) => fillBody(item, values)).filter((item) => item !== undefined)
  }
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body)
      .map(([key, item]) => [key, fillBody(item, values)] as const)
      .filter(([, item]) => item !== undefined),
  )
}

/** The arguments that are not named. */
export function restOf(
  args: Readonly<Record<string, unknown>>,
  used: ReadonlySet<string>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !used.has(name)))
}
