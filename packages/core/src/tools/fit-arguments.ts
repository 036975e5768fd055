import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { parseJson } from '../kit/json-as-written.ts'

/** A JSON text in an argument may hold another one: so often what is inside is looked at. */
const MAX_PASSES = 4

/**
 * Arguments as the schema wants them, where a model has written the same in another type: numbers and booleans as
 * text, text as a number, a list or an object as JSON text, null or nothing for an argument that is not required. Only
 * what the schema refuses is touched, and nothing is made up: what does not fit stays as it was. Returns a copy.
 */
export function fitArguments(args: unknown, validate: ValidateFunction): unknown {
  const fitted: unknown = structuredClone(args)
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    if (validate(fitted) === true) break
    const faults = validate.errors ?? []
    // One place may have several faults: the first that can be mended counts.
    const mended = new Set<string>()
    for (const error of faults) {
      if (!mended.has(error.instancePath) && mend(fitted, error, validate)) mended.add(error.instancePath)
    }
    if (mended.size === 0) break
  }
  return fitted
}

/** Keywords by which nothing at all is refused where something is asked for. */
const OF_A_VALUE = new Set(['type', 'enum', 'const', 'format', 'pattern', 'minLength', 'anyOf', 'oneOf'])

function mend(args: unknown, error: ErrorObject, validate: ValidateFunction): boolean {
  if (error.keyword === 'additionalProperties') return forgetUnknown(args, error, validate)
  const place = placeOf(args, error.instancePath)
  if (!place) return false
  const { parent, key } = place
  const value = parent[key]
  const wanted = wantedValue(value, error)
  if (wanted !== undefined) {
    parent[key] = wanted
    return true
  }
  if (!OF_A_VALUE.has(error.keyword) || !isNothing(value, error) || Array.isArray(parent)) return false
  return forget(args, place, validate)
}

/**
 * A key that the schema does not know, without a value, or of a tool that takes no arguments at all: what a model adds
 * there (`reason`, `summary`) was for nobody.
 */
function forgetUnknown(args: unknown, error: ErrorObject, validate: ValidateFunction): boolean {
  const owner = at(args, error.instancePath)
  const key: unknown = error.params['additionalProperty']
  if (!isContainer(owner) || typeof key !== 'string') return false
  if (owner[key] !== null && !takesNone(validate.schema)) return false
  delete owner[key]
  return true
}

function takesNone(schema: unknown): boolean {
  if (!isContainer(schema)) return false
  const { properties, patternProperties } = schema
  return (
    patternProperties === undefined && Object.keys(isContainer(properties) ? properties : {}).length === 0
  )
}

function wantedValue(value: unknown, error: ErrorObject): unknown {
  if (error.keyword === 'enum') {
    const allowed: unknown = error.params['allowedValues']
    return Array.isArray(allowed) ? sameAs(value, allowed) : undefined
  }
  if (error.keyword === 'const') return sameAs(value, [error.params['allowedValue']])
  if (error.keyword !== 'type') return undefined
  for (const type of String(error.params['type']).split(',')) {
    const made = asType(value, type)
    if (made !== undefined) return made
  }
  return undefined
}

/** The one of the allowed values that is written the same, but for capitals and white space around it. */
function sameAs(value: unknown, allowed: readonly unknown[]): unknown {
  if (!isScalar(value)) return undefined
  const same = allowed.filter((each) => folded(each) === folded(value))
  // Values that differ by their capitals alone are not the same to whoever wrote them.
  return same.length === 1 ? same[0] : undefined
}

function folded(value: unknown): string {
  return String(value).trim().toLowerCase()
}

function asType(value: unknown, type: string): unknown {
  switch (type) {
    case 'integer':
    case 'number': {
      if (typeof value !== 'string' || !/^\s*[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i.test(value))
        return undefined
      const number = Number(value)
      if (!Number.isFinite(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER) return undefined
      return type === 'number' || Number.isInteger(number) ? number : undefined
    }
    case 'boolean': {
      const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
      if (value === 1 || ['true', 'yes', '1'].includes(text)) return true
      return value === 0 || ['false', 'no', '0'].includes(text) ? false : undefined
    }
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
    case 'array':
      // One where several may be.
      return fromJson(value, type) ?? (isBlank(value) ? undefined : [value])
    case 'object':
      return fromJson(value, type)
    default:
      return undefined
  }
}

/** Says as much as no value. */
function isBlank(value: unknown): boolean {
  return /^\s*(?:null|none|undefined|n\/a|[[{][^]*)?$/i.test(String(value))
}

function fromJson(value: unknown, type: 'array' | 'object'): unknown {
  if (typeof value !== 'string') return undefined
  const read = parseJson(value)
  return isContainer(read) && Array.isArray(read) === (type === 'array') ? read : undefined
}

/** Null, and a text that says as much where no text is wanted. */
function isNothing(value: unknown, error: ErrorObject): boolean {
  if (value === null) return true
  if (typeof value !== 'string') return false
  const text = value.trim().toLowerCase()
  return text === '' || (error.keyword === 'type' && /^(?:null|none|undefined|n\/a)$/.test(text))
}

/** Takes an argument away, unless it must be there. */
function forget(args: unknown, place: Place, validate: ValidateFunction): boolean {
  const { parent, key, parentPath } = place
  const value = parent[key]
  delete parent[key]
  const isMissed =
    validate(args) !== true &&
    (validate.errors ?? []).some(
      ({ keyword, instancePath, params }) =>
        keyword === 'required' && instancePath === parentPath && params['missingProperty'] === key,
    )
  if (isMissed) parent[key] = value
  return !isMissed
}

interface Place {
  readonly parent: Record<string, unknown>
  readonly parentPath: string
  readonly key: string
}

/** Where a JSON pointer (RFC 6901) leads; `undefined` for the whole, and where nothing is any more. */
function placeOf(args: unknown, pointer: string): Place | undefined {
  const cut = pointer.lastIndexOf('/')
  if (cut < 0) return undefined
  const parentPath = pointer.slice(0, cut)
  const parent = at(args, parentPath)
  const key = unescaped(pointer.slice(cut + 1))
  return isContainer(parent) && Object.hasOwn(parent, key) ? { parent, parentPath, key } : undefined
}

function at(args: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((value: unknown, key) => {
      const name = unescaped(key)
      return isContainer(value) && Object.hasOwn(value, name) ? value[name] : undefined
    }, args)
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
