import { ToolFailure } from './runnable-tool.ts'
import {
  fillPlaces,
  onlyPlace,
  type Place,
  placesOf,
  type PlaceValues,
  textOf,
  valueAt,
} from './place-text.ts'

/** A URL with places behind its host. Everything put into a place is percent-encoded. */
export interface UrlTemplate {
  readonly places: readonly Place[]
  /** Arguments in the path, which the model must always give. */
  readonly pathArguments: readonly string[]
  /** Throws a `ToolFailure` when a place of the path would be empty or would climb out of it. */
  fill(values: PlaceValues): URL
}

export type ParsedTemplate =
  { readonly ok: true; readonly template: UrlTemplate } | { readonly ok: false; readonly reason: string }

/** A segment that URL parsers take for `.` or `..`, however it is written. */
const DOT_SEGMENT = /^(\.|%2e){1,2}$/i

/** Reads a URL template. The reason of a refusal is for the operator and repeats nothing of the URL. */
export function parseUrlTemplate(source: string): ParsedTemplate {
  const parts = /^(https?:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(source)
  if (parts === null) return refuse('must start with http:// or https://')
  const [, origin = '', path = '', query = '', fragment] = parts
  if (/[{}]/.test(origin)) return refuse('the host cannot come from the model or the call; write it out')
  if (origin.includes('@')) return refuse('a URL holds no user name and password; use auth')
  if (fragment !== undefined) return refuse('a "#" is never sent to a server; remove it, or write %23')
  if (/[\s\\]/.test(source.replaceAll(/\{\{[^{}]*\}\}/g, ''))) return refuse('holds a space or a backslash')
  if (!URL.canParse(origin)) return refuse('is not a valid URL')
  if (/[{}]/.test(fillPlaces(path + query, () => ''))) {
    return refuse('braces hold a name, as in {order_id} for an argument or {{from}} for a value of the call')
  }
  const places = [...placesOf(path), ...placesOf(query)]
  const pathArguments = placesOf(path).flatMap(({ kind, name }) => (kind === 'argument' ? [name] : []))
  const fill = (values: PlaceValues) => new URL(origin + fillPath(path, values) + fillQuery(query, values))
  return { ok: true, template: { places, pathArguments, fill } }
}

function fillPath(path: string, values: PlaceValues): string {
  return path
    .split('/')
    .map((segment) => {
      const names = placesOf(segment)
      if (names.length === 0) return segment
      const filled = fillPlaces(segment, (place) => {
        const text = textOf(valueAt(place, values))
        if (text === '') throw new ToolFailure(emptyPlace(place))
        if (climbs(text)) throw new ToolFailure(`${place.name} is not a usable value`)
        return encode(text)
      })
      // Percent-encoding does not help here: parsers read %2e%2e as "..".
      if (DOT_SEGMENT.test(filled)) throw new ToolFailure(`${names[0]?.name ?? ''} is not a usable value`)
      return filled
    })
    .join('/')
}

/** A pair whose whole value is a place without a value is left out. */
function fillQuery(query: string, values: PlaceValues): string {
  if (query === '') return ''
  const pairs = query
    .slice(1)
    .split('&')
    .filter((pair) => {
      const place = onlyPlace(pair.slice(pair.indexOf('=') + 1))
      return place === undefined || valueAt(place, values) !== undefined
    })
    .map((pair) => fillPlaces(pair, (place) => encode(textOf(valueAt(place, values)))))
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** Proxies decode %2F and %5C before they look for "..", some of them twice: a value that holds such a part is refused. */
function climbs(text: string): boolean {
  const written = text.replaceAll(/%(?:25)*2f|%(?:25)*5c/gi, '/').replaceAll(/%(?:25)*2e/gi, '.')
  const parts = written.split(/[/\\]/)
  return parts.length > 1 && parts.some((part) => /^\.{1,2}(?:;|$)/.test(part.trim()))
}

function emptyPlace({ kind, name }: Place): string {
  return kind === 'argument' ? `${name} must not be empty` : `this call has no value "${name}"`
}

/** `encodeURIComponent` throws on half a surrogate pair; a model may write one. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll(/[!'()*]/g, (mark) => {
    return `%${mark.charCodeAt(0).toString(16).toUpperCase()}`
  })
}

function refuse(reason: string): ParsedTemplate {
  return { ok: false, reason }
}
