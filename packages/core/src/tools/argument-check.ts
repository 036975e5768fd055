import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { messageOf } from '../contracts/errors.ts'
import { fitArguments } from './fit-arguments.ts'
import { linearPattern } from '../kit/linear-expression.ts'
import { asDraft2020 } from './as-draft-2020.ts'
import { undescribedArgument } from './described-arguments.ts'
import { LINEAR_FORMATS, SAID_FORMATS } from './linear-patterns.ts'
import { schemaBeyondBounds } from '../kit/schema-bounds.ts'
import { addUniqueItems } from './unique-items.ts'

/** `args`: as the schema wants them. `reason`: what is wrong, in words for the model; never repeats a value. */
export type CheckedArguments =
  | { readonly ok: true; readonly args: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string }

/** Arguments that do not fit are made to where a model wrote the same in another type (`fitArguments`). */
export type ArgumentCheck = (args: Readonly<Record<string, unknown>>) => CheckedArguments

export type CompiledArguments =
  { readonly ok: true; readonly check: ArgumentCheck } | { readonly ok: false; readonly reason: string }

const MAX_TOLD = 5

/** ajv asks for the name of what compiles a pattern, should it ever write its checks to a file. */
const REG_EXP = Object.assign((pattern: string) => linearPattern(pattern), { code: 'linearPattern' })

/** Distinct schemas that are remembered: a plugin may write the same list anew each time it is read. */
const MAX_REMEMBERED = 500
const remembered = new Map<string, CompiledArguments>()

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // It knows no more than the schema it stands in; `undescribedArgument` knows those around it.
    strictRequired: false,
    strictTypes: false,
    strictTuples: false,
    allowUnionTypes: true,
    // An argument may be called `constructor`.
    ownProperties: true,
    formats: { ...SAID_FORMATS, ...LINEAR_FORMATS },
    code: { regExp: REG_EXP },
    logger: false,
  })
  addUniqueItems(ajv)
  ajv.addVocabulary(ANNOTATIONS)
  return ajv
}

/** They say something to who reads them, and check nothing: `$anchor` to ajv itself, which names it nowhere. */
const ANNOTATIONS = ['$anchor', 'example']

/** Keywords of a tool of somebody's own, which begin so: no keyword is misspelt that way. */
const EXTENSION = /"(x-[a-z0-9_$:-]{1,60})":/gi

let shared: Ajv2020 | undefined

/**
 * One compiler for all: each compiles the schema of schemas anew, some tenths of a second in which no call of the
 * process is served, and files are read anew while calls go on. A schema that has names of its own gets a compiler of
 * its own, since two tools may have chosen the same.
 */
function compile(schema: object, text: string): ValidateFunction {
  const extensions = [...text.matchAll(EXTENSION)].map(([, name]) => name!)
  if (text.includes('"$id"') || text.includes('"$anchor"') || extensions.length > 0) {
    const own = createAjv()
    own.addVocabulary([...new Set(extensions)])
    return own.compile(schema)
  }
  shared ??= createAjv()
  try {
    return shared.compile(schema)
  } finally {
    // It would be kept for good.
    shared.removeSchema(schema)
  }
}

/**
 * Compiles the `parameters` of a tool (JSON Schema of an object, draft 2020-12, or what is left of an older one in it),
 * each text of it once. Unknown keywords (but for `x-…`), unknown formats and required arguments that are not described are faults: a misspelt schema would otherwise check nothing. So is one
 * that would take long to compile, or without end to check.
 */
export function compileArguments(parameters: Readonly<Record<string, unknown>>): CompiledArguments {
  try {
    if (parameters['type'] !== 'object') return { ok: false, reason: 'it must have "type": "object"' }
    const { $schema: _dialect, ...schema } = parameters
    const beyond = schemaBeyondBounds(schema)
    if (beyond !== undefined) return { ok: false, reason: beyond }
    const text = JSON.stringify(asDraft2020(schema))
    const known = remembered.get(text) ?? compileSchema(JSON.parse(text) as object, text)
    remember(text, known)
    return known
  } catch (error) {
    return { ok: false, reason: messageOf(error) }
  }
}

/** The one that was used longest ago is forgotten first. */
function remember(text: string, compiled: CompiledArguments): void {
  remembered.delete(text)
  remembered.set(text, compiled)
  if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!)
}

function compileSchema(schema: object, text: string): CompiledArguments {
  const undescribed = undescribedArgument(schema)
  if (undescribed !== undefined) return { ok: false, reason: undescribed }
  try {
    const validate = compile(schema, text)
    if ('$async' in validate) return { ok: false, reason: 'an asynchronous schema cannot be used' }
    return {
      ok: true,
      check(args) {
        if (validate(args) === true) return { ok: true, args }
        const fitted = fitArguments(args, validate) as typeof args
        if (validate(fitted) === true) return { ok: true, args: fitted }
        return { ok: false, reason: tell(validate.errors ?? []) }
      },
    }
  } catch (error) {
    return { ok: false, reason: messageOf(error) }
  }
}

function tell(errors: readonly ErrorObject[]): string {
  const sentences = errors.map(sentenceOf)
  const shown = [...new Set(sentences)].slice(0, MAX_TOLD)
  return shown.join('; ')
}

function sentenceOf(error: ErrorObject): string {
  const where = error.instancePath === '' ? '' : `${error.instancePath.slice(1).replaceAll('/', '.')} `
  const what = error.message ?? 'is not allowed'
  if (error.keyword === 'enum') {
    const allowed: unknown = error.params['allowedValues']
    return `${where}must be one of ${JSON.stringify(allowed).slice(0, 500)}`
  }
  if (error.keyword === 'additionalProperties') {
    return `${where}must have no argument ${JSON.stringify(error.params['additionalProperty'])}`
  }
  return `${where}${what}`
}
