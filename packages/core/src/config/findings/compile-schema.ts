import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { linearPattern } from '../../kit/linear-expression.ts'
import { FILE_PATH } from '../schema/field.ts'

/** Every error of a value against one schema; empty when it fits. */
export type SchemaCheck = (value: unknown) => readonly ErrorObject[]

export type CompiledSchema =
  { readonly ok: true; readonly check: SchemaCheck } | { readonly ok: false; readonly reason: string }

/** Keys and certificates are long; in linear time the longest of them is nothing. */
const MAX_PARAM_CHARACTERS = 262_144
/** ajv asks for the name of what compiles a pattern, should it ever write its checks to a file. */
const LINEAR = Object.assign((pattern: string) => linearPattern(pattern, MAX_PARAM_CHARACTERS), {
  code: 'linearPattern',
})

/** Of every schema of somebody else's: to have it ready takes as long as compiling the schema of a plugin ten times. */
let schemaOfSchemas: Ajv2020 | undefined

const compiled = new WeakMap<object, CompiledSchema>()

/**
 * Compiles a JSON Schema (2020-12, strict), once per schema object. What cannot be compiled is told, not thrown.
 * `foreign`: somebody else's, whose patterns take linear time, whatever they are.
 */
export function compileSchema(schema: object, foreign = false): CompiledSchema {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const result = compile(schema, foreign)
  compiled.set(schema, result)
  return result
}

function compile(schema: object, foreign: boolean): CompiledSchema {
  try {
    if (foreign) {
      schemaOfSchemas ??= new Ajv2020({ logger: false })
      void schemaOfSchemas.validateSchema(schema, true)
    }
    // One instance per schema: two plugins may use the same `$id`.
    const ajv = new Ajv2020({
      meta: false,
      validateSchema: false,
      allErrors: true,
      strict: true,
      allowUnionTypes: true,
      // A field may be called `constructor`.
      ownProperties: true,
      verbose: true,
      formats: { uri: (text: string) => URL.canParse(text), [FILE_PATH]: true },
      logger: false,
      // Half of the time that a schema takes, for a validator that runs a few times.
      code: { optimize: false, ...(foreign && { regExp: LINEAR }) },
    })
    const validate = ajv.compile(schema)
    if ('$async' in validate) return { ok: false, reason: 'an asynchronous schema cannot be used' }
    return { ok: true, check: (value) => (validate(value) === true ? [] : (validate.errors ?? [])) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
