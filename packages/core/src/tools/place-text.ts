/** What a template's places are filled from. */
export interface PlaceValues {
  readonly args: Readonly<Record<string, unknown>>
  /** Values that came with the call. */
  readonly call: Readonly<Record<string, string>>
}

/** One place of a template: `{name}` is an argument of the model, `{{name}}` a value that came with the call. */
export interface Place {
  readonly kind: 'argument' | 'call'
  readonly name: string
}

const PLACE = /\{\{\s*([A-Za-z_][\w-]*)\s*\}\}|\{([A-Za-z_][\w-]*)\}/g

/** Every place of a text, in order. */
export function placesOf(text: string): Place[] {
  return [...text.matchAll(PLACE)].map(([, call, argument]) => toPlace(call, argument))
}

/** The text with each place replaced by what `fill` makes of it. */
export function fillPlaces(text: string, fill: (place: Place) => string): string {
  return text.replace(PLACE, (_whole, call: string | undefined, argument: string | undefined) =>
    fill(toPlace(call, argument)),
  )
}

/** The one place that the text consists of, if it does. */
export function onlyPlace(text: string): Place | undefined {
  const [match] = text.matchAll(PLACE)
  return match?.[0] === text ? toPlace(match[1], match[2]) : undefined
}

/** The value of a place; `undefined` when the model gave none, or the call has none. */
export function valueAt(place: Place, values: PlaceValues): unknown {
  const from: Readonly<Record<string, unknown>> = place.kind === 'call' ? values.call : values.args
  return Object.hasOwn(from, place.name) ? from[place.name] : undefined
}

/** A value inside a text: text as it is, anything else as JSON, nothing as the empty text. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function toPlace(call: string | undefined, argument: string | undefined): Place {
  return call === undefined ? { kind: 'argument', name: argument ?? '' } : { kind: 'call', name: call }
}
