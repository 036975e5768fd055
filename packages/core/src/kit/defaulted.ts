import { type TSchema, Type } from '@sinclair/typebox'

/**
 * A param with a `default`: may be left out in YAML, is always there in code, because the host writes the
 * default in before it calls `create`.
 */
export function defaulted<Schema extends TSchema>(schema: Schema): Schema {
  return Type.Optional(schema) as unknown as Schema
}
