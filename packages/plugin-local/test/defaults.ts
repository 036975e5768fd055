import { Value } from '@sinclair/typebox/value'
import type { Static, TSchema } from '@sinclair/typebox'

/** Params as the host hands them to `create`: defaults filled in, checked. */
export function withDefaults<Schema extends TSchema>(schema: Schema, given: unknown = {}): Static<Schema> {
  const filled = Value.Default(schema, structuredClone(given))
  if (!Value.Check(schema, filled)) throw new Error([...Value.Errors(schema, filled)].map(String).join('\n'))
  return filled
}
