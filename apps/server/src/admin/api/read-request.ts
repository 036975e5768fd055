import type { IncomingMessage } from 'node:http'
import type { TObject, TSchema } from '@kav/core'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import { readBody } from '../../http/request-body.ts'
import { operatorName } from './operator-name.ts'
import { ApiFault } from './api-fault.ts'
import type { ApiRequest } from './api-route.ts'
import type { FoundRoute } from './route-finder.ts'

/** Reads what a route wants of a request, and checks it. Throws `ApiFault` that names the place. */
export async function readRequest(
  { route, params }: FoundRoute,
  incoming: IncomingMessage,
  checks: SchemaChecks,
): Promise<ApiRequest> {
  const query = readQuery(incoming.url ?? '/', route.query, checks)
  const body = route.body === undefined ? undefined : await readJson(incoming, route, checks)
  return { params, query, body, headers: incoming.headers, by: operatorOf(incoming) }
}

/** Compiled once a schema, when it is first needed. */
export type SchemaChecks = WeakMap<TSchema, TypeCheck<TSchema>>

function readQuery(url: string, schema: TObject | undefined, checks: SchemaChecks): unknown {
  const start = url.indexOf('?')
  const given = new URLSearchParams(start < 0 ? '' : url.slice(start + 1))
  const [first] = given.keys()
  if (schema === undefined) {
    if (first === undefined) return undefined
    throw new ApiFault('bad-request', 'this path takes no query', 'leave out what stands behind the ?')
  }
  const converted = Object.fromEntries(
    [...given].map(([name, text]) => [name, valueOf(text, schema.properties[name])]),
  )
  check(schema, converted, 'query', checks)
  return converted
}

/** A text that is none of what is expected stays one, and is refused by the schema. */
function valueOf(text: string, schema: TSchema | undefined): unknown {
  const type: unknown = schema?.['type']
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text))
    return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

async function readJson(
  incoming: IncomingMessage,
  { body: schema, maxBodyBytes }: FoundRoute['route'],
  checks: SchemaChecks,
): Promise<unknown> {
  const type = incoming.headers['content-type'] ?? ''
  // A form of a foreign page is sent without being asked for; JSON is not.
  if (!/^application\/json *(?:;|$)/i.test(type))
    throw new ApiFault('no-json', 'the body is not JSON', 'send JSON with content-type: application/json')
  const read = await readBody(incoming, maxBodyBytes)
  if ('fault' in read)
    throw new ApiFault('too-large', 'the body is too large, or broke off', 'send a smaller one')
  let value: unknown
  try {
    value = JSON.parse(read.body.toString('utf8'))
  } catch {
    throw new ApiFault('bad-request', 'the body is no valid JSON', 'correct it')
  }
  check(schema!, value, 'body', checks)
  return value
}

function check(schema: TSchema, value: unknown, part: 'body' | 'query', checks: SchemaChecks): void {
  let compiled = checks.get(schema)
  if (compiled === undefined) {
    compiled = TypeCompiler.Compile(schema)
    checks.set(schema, compiled)
  }
  if (compiled.Check(value)) return
  const found = compiled.Errors(value).First()
  // Names of fields and what was expected; what was sent may be private.
  const place = `${part}${(found?.path ?? '').replaceAll('/', '.')}`
  throw new ApiFault(
    'bad-request',
    `${place.slice(0, MAX_PLACE_CHARACTERS)}: ${lowerFirst(found?.message ?? 'not as expected')}`,
    'see /openapi.json for what is expected',
  )
}

const MAX_PLACE_CHARACTERS = 100

/** For the audit. Headers hold Latin letters only: other names come percent-encoded. */
function operatorOf({ headers }: IncomingMessage): string {
  const named = headers['kav-operator']
  const text = (Array.isArray(named) ? named[0] : named)?.trim()
  if (text === undefined || text === '') return operatorName(undefined)
  try {
    return operatorName(decodeURIComponent(text))
  } catch {
    return operatorName(text)
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
