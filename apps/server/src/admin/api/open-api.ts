import { type TSchema, Type } from '@kav/core'
import { API_FAULTS, type ApiFaultCode } from './api-fault.ts'
import type { ApiRoute } from './api-route.ts'

type Json = Record<string, unknown>

/** What every route may answer in place of what was asked. */
const ALWAYS: readonly ApiFaultCode[] = ['bad-request', 'no-token', 'foreign-origin', 'internal']

const CODE = Type.Union(
  Object.keys(API_FAULTS).map((code) => Type.Literal(code)),
  { $id: 'ApiErrorCode', description: 'One of those in docs/control-api.md.' },
)

const ERROR = Type.Object(
  {
    error: Type.Object({
      code: CODE,
      message: Type.String({ description: 'What is wrong.' }),
      fix: Type.String({ description: 'What can be done about it.' }),
    }),
  },
  { $id: 'ApiError' },
)

/**
 * The admin API as an OpenAPI 3.1 document, made of the very schemas that requests are checked by: 3.1 takes JSON Schema
 * as it is. A schema with an `$id` stands under `components` once, and is referred to.
 */
export function openApiDocument(routes: readonly ApiRoute[], version: string): Json {
  const components: Record<string, unknown> = {}
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const operations = (paths[route.path] ??= {})
    operations[route.method.toLowerCase()] = operationOf(route, (schema) => placed(schema, components))
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kav admin API',
      version,
      description: 'Watch and steer calls. On the admin port; see docs/control-api.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: components,
    },
  }
}

function operationOf(route: ApiRoute, place: (schema: TSchema) => unknown): Json {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(route.query?.properties ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      required: route.query?.required?.includes(name) ?? false,
      ...(schema.description === undefined ? {} : { description: schema.description }),
      schema: place(schema),
    })),
  ]
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: true, content: { 'application/json': { schema: place(route.body) } } },
    }),
    responses: { ...goodAnswer(route, place), ...badAnswers(route, place) },
  }
}

/** `postCallsIdSay`: made of method and path, so that it is stable and unique. */
function operationId({ method, path }: ApiRoute): string {
  const words = path.split(/[^\w]+/).filter((word) => word !== '' && word !== 'api')
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}

function goodAnswer(route: ApiRoute, place: (schema: TSchema) => unknown): Json {
  switch (route.kind) {
    case 'json':
      return {
        [route.status ?? 200]: {
          description: 'Done.',
          content: { 'application/json': { schema: place(route.answer) } },
        },
      }
    case 'events':
      return {
        200: {
          description: `Server-sent events: ${Object.keys(route.events).join(', ')}. The data of each is JSON.`,
          content: {
            'text/event-stream': {
              schema: { type: 'string' },
              'x-events': Object.fromEntries(
                Object.entries(route.events).map(([name, schema]) => [name, place(schema)]),
              ),
            },
          },
        },
      }
    case 'bytes':
      return {
        200: {
          description: 'The bytes.',
          content: { [route.contentType]: { schema: { type: 'string', format: 'binary' } } },
        },
      }
    case 'socket':
    case 'handover':
      return { 101: { description: `A WebSocket. ${route.messages}` } }
  }
}

function badAnswers({ faults = [] }: ApiRoute, place: (schema: TSchema) => unknown): Json {
  const byStatus = new Map<number, ApiFaultCode[]>()
  for (const code of new Set([...ALWAYS, ...faults])) {
    const status = API_FAULTS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const answers: Json = {}
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    answers[status] = {
      description: codes.join(', '),
      content: { 'application/json': { schema: place(ERROR) } },
    }
  }
  return answers
}

/** A copy without what only TypeBox reads, whose named parts have gone to `components`. */
function placed(schema: unknown, components: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((part: unknown) => placed(part, components))
  if (typeof schema !== 'object' || schema === null) return schema
  const { $id: id, ...rest } = schema as { $id?: unknown }
  const copy = (): Json =>
    Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, placed(value, components)]))
  if (typeof id !== 'string') return copy()
  if (!(id in components)) {
    components[id] = {}
    components[id] = copy()
  }
  return { $ref: `#/components/schemas/${id}` }
}
