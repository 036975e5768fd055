import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Static, TObject, TSchema } from '@kav/core'
import type { WebSocket } from 'ws'
import type { UpgradeHandler } from '../../http/upgrade-door.ts'
import type { ApiFaultCode } from './api-fault.ts'
import type { EventStream } from './event-stream.ts'

export type ApiMethod = 'GET' | 'POST' | 'DELETE'

type Maybe<Schema extends TSchema> = Schema | undefined

/** What every kind of route states; the router, the checks and `/openapi.json` come from it. */
interface RouteHead<Query extends Maybe<TObject>, Body extends Maybe<TSchema>> {
  readonly method: ApiMethod
  /** `{name}` stands for one segment: `/api/calls/{id}/say`. */
  readonly path: string
  /** One line, for `/openapi.json`. */
  readonly summary: string
  /** Absent: a query is refused. Numbers and booleans in it are converted; what it does not name is refused. */
  readonly query?: Query
  /** Absent: no body is read. */
  readonly body?: Body
  /** Default 64 KB. */
  readonly maxBodyBytes?: number
  /** What it may answer besides what every route may. */
  readonly faults?: readonly ApiFaultCode[]
}

/** A request that has a right token and whose parts fit their schemas. */
export interface ApiRequest<Query = unknown, Body = unknown> {
  /** By the names in the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly headers: IncomingMessage['headers']
  /** Who asks, for the audit: the header `kav-operator`, else `operator`. */
  readonly by: string
}

type Asked<Query extends Maybe<TSchema>, Body extends Maybe<TSchema>> = ApiRequest<
  Query extends TSchema ? Static<Query> : undefined,
  Body extends TSchema ? Static<Body> : undefined
>

interface Json<Asking, Answer> {
  /** Default 200. */
  readonly status?: 200 | 202
  readonly handle: (request: Asking) => Answer | Promise<Answer>
}

interface Events<Asking> {
  /** Data by the name of the event. */
  readonly events: Readonly<Record<string, TSchema>>
  /** What it throws before it has sent anything is answered as of any route. The stream ends with the client or `end()`. */
  readonly start: (request: Asking, stream: EventStream) => void | Promise<void>
}

interface Bytes<Asking> {
  readonly contentType: string
  /** Writes the answer, its head included. */
  readonly send: (
    request: Asking,
    incoming: IncomingMessage,
    response: ServerResponse,
  ) => void | Promise<void>
}

interface Socket<Asking> {
  /** What is said over it: OpenAPI has no word for that. */
  readonly messages: string
  /** What it throws is answered in place of the handshake; what it returns takes the socket. */
  readonly accept: (request: Asking) => TakeSocket | Promise<TakeSocket>
}

export type TakeSocket = (socket: WebSocket) => void

interface Handover<Asking> {
  /** What is said over it: OpenAPI has no word for that. */
  readonly messages: string
  /** The socket is its own from here, handshake and all. What it throws is answered in place of that. */
  readonly receive: (request: Asking, ...upgrade: Parameters<UpgradeHandler>) => ReturnType<UpgradeHandler>
}

type AnyHead = RouteHead<Maybe<TObject>, Maybe<TSchema>>

/** One route of the admin API: made by `jsonRoute`, `eventsRoute`, `bytesRoute`, `socketRoute` or `handoverRoute`. */
export type ApiRoute =
  | (AnyHead & Json<ApiRequest, unknown> & { readonly kind: 'json'; readonly answer: TSchema })
  | (AnyHead & Events<ApiRequest> & { readonly kind: 'events' })
  | (AnyHead & Bytes<ApiRequest> & { readonly kind: 'bytes' })
  | (AnyHead & Socket<ApiRequest> & { readonly kind: 'socket' })
  | (AnyHead & Handover<ApiRequest> & { readonly kind: 'handover' })

type Kind<Name extends ApiRoute['kind']> = Extract<ApiRoute, { kind: Name }>

/** Answers JSON. */
export function jsonRoute<
  Answer extends TSchema,
  Query extends Maybe<TObject> = undefined,
  Body extends Maybe<TSchema> = undefined,
>(
  route: RouteHead<Query, Body> & { readonly answer: Answer } & Json<Asked<Query, Body>, Static<Answer>>,
): ApiRoute {
  return { ...(route as unknown as Omit<Kind<'json'>, 'kind'>), kind: 'json' }
}

/** Answers server-sent events. */
export function eventsRoute<Query extends Maybe<TObject> = undefined>(
  route: RouteHead<Query, undefined> & Events<Asked<Query, undefined>>,
): ApiRoute {
  return { ...(route as unknown as Omit<Kind<'events'>, 'kind'>), kind: 'events' }
}

/** Answers bytes of its own: a file, parts of one. */
export function bytesRoute<Query extends Maybe<TObject> = undefined>(
  route: RouteHead<Query, undefined> & Bytes<Asked<Query, undefined>>,
): ApiRoute {
  return { ...(route as unknown as Omit<Kind<'bytes'>, 'kind'>), kind: 'bytes' }
}

/** Becomes a WebSocket. */
export function socketRoute<Query extends Maybe<TObject> = undefined>(
  route: RouteHead<Query, undefined> & Socket<Asked<Query, undefined>>,
): ApiRoute {
  return { ...(route as unknown as Omit<Kind<'socket'>, 'kind'>), kind: 'socket' }
}

/** Becomes a WebSocket that somebody else opens: the media stream of a transport, in the process that has the call. */
export function handoverRoute(
  route: RouteHead<undefined, undefined> & Handover<Asked<undefined, undefined>>,
): ApiRoute {
  return { ...(route as unknown as Omit<Kind<'handover'>, 'kind'>), kind: 'handover' }
}
