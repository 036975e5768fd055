import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { FILE_PATH } from './schema/field.ts'

/** Every error of a value against one schema; empty when it fits. */
export type SchemaCheck = (value: unknown) => readonly ErrorObject[]

export type CompiledSchema =
  { readonly ok: true; readonly check: SchemaCheck } | { readonly ok: false; readonly reason: string }

const compiled = new WeakMap<object, CompiledSchema>()

/** Compiles a JSON Schema (2020-12, strict), once per schema object. What cannot be compiled is told, not thrown. */
export function compileSchema(schema: object): CompiledSchema {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const result = compile(schema)
  compiled.set(schema, result)
  return result
}

function compile(schema: object): CompiledSchema {
  try {
    // One instance per schema: two plugins may use the same `$id`.
    const ajv = new Ajv2020({
      allErrors: true,
      strict: true,
      allowUnionTypes: true,
      verbose: true,
      formats: { uri: (text: string) => URL.canParse(text), [FILE_PATH]: true },
      logger: false,
      // Half of the time that a schema takes, for a validator that runs a few times.
      code: { optimize: false },
    })
    const validate = ajv.compile(schema)
    if ('$async' in validate) return { ok: false, reason: 'an asynchronous schema cannot be used' }
    return { ok: true, check: (value) => (validate(value) === true ? [] : (validate.errors ?? [])) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
