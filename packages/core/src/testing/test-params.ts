import type { Static, TSchema } from '@sinclair/typebox'
import { closedSchema } from '../config/findings/closed-schema.ts'
import { compileSchema } from '../config/findings/compile-schema.ts'
import { fillDefaults } from '../kit/fill-defaults.ts'

/** Params as the host hands them to `create`: defaults filled in, checked. Throws what is wrong with them. */
export function testParams<Schema extends TSchema>(schema: Schema, given: unknown = {}): Static<Schema> {
  const compiled = compileSchema(closedSchema(schema), true)
  if (!compiled.ok) throw new Error(`testParams: ${compiled.reason}`)
  const params = fillDefaults(schema, structuredClone(given))
  const faults = compiled.check(params)
  if (faults.length === 0) return params
  throw new Error(faults.map((fault) => `${fault.instancePath} ${fault.message ?? fault.keyword}`).join('\n'))
}
