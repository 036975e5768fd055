import type { Static, TSchema } from '@sinclair/typebox'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'

/** A value from outside, checked; or what is wrong with it, never its content: that may be what a person said. */
export type ForeignRead<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

// Providers add fields as they like: unknown ones pass, and have no type by which they could be read.
// The schemas are the plugin's own, by type: they are not judged, since the schema of schemas would be compiled first.
const ajv = new Ajv2020({
  meta: false,
  validateSchema: false,
  strict: true,
  strictTypes: false,
  verbose: true,
  logger: false,
})

/**
 * Makes a value that came from outside (JSON, an SDK's object) into a typed one: what the schema does not name
 * cannot be read unchecked, for it has no type. Numbers are finite. Compiled on first use. Reading never throws.
 */
export function createForeignReader<Schema extends TSchema>(
  schema: Schema,
): (value: unknown) => ForeignRead<Static<Schema>> {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= ajv.compile(schema)
    if (validate(value)) return { ok: true, value: value as Static<Schema> }
    return { ok: false, why: describe(validate.errors?.[0]) }
  }
}

function describe(fault: ErrorObject | undefined): string {
  if (fault === undefined) return 'not as expected'
  const place = fault.instancePath === '' ? 'it' : fault.instancePath.slice(1).replaceAll('/', '.')
  const found = fault.keyword === 'type' ? ` and is ${kindOf(fault.data)}` : ''
  return `${place} ${fault.message ?? fault.keyword}${found}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
