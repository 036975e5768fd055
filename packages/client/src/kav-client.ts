import type { ApiRoutes, Done, LiveCall, LiveCallDetail, Say } from './api-types.ts'
import { errorOf, errorOfCut, errorOfNetwork } from './kav-api-error.ts'
import { listen, type Listening, type ListenHandlers } from './listen.ts'
import { readEvents } from './read-events.ts'
import type { CallEvent, CallsEvent } from './watched-events.ts'

export interface KavClientOptions {
  /** Of the operator's port: `http://127.0.0.1:9080`. */
  readonly url: string
  /** `KAV_ADMIN_TOKEN`, or what stands in `.kav/admin-token`. */
  readonly token: string
  /** Who does what is done, for the audit. Default `operator`. */
  readonly operator?: string
  /** Default: the platform's own. */
  readonly fetch?: typeof fetch
}

type Route = keyof ApiRoutes
type Asked<Name extends Route> = Pick<
  ApiRoutes[Name],
  Extract<keyof ApiRoutes[Name], 'params' | 'query' | 'body'>
> & {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Everything rejects with `KavApiError` where the API says no, or cannot be asked; what `signal` aborts, with its reason. */
export interface KavClient {
  readonly calls: CallsClient
  /** Which calls there are: a snapshot, then each change. Ends when it is left, or `signal` aborts. */
  events(signal?: AbortSignal): AsyncIterableIterator<CallsEvent>
  /** Any route of `/openapi.json`: `client.ask('GET /api/pipelines/{name}', { params: { name } })`. */
  ask<Name extends Route>(route: Name, asked?: Asked<Name>): Promise<ApiRoutes[Name]['answer']>
}

export interface CallsClient {
  list(): Promise<readonly LiveCall[]>
  get(id: string): Promise<LiveCallDetail>
  /** `at: 'once'`: in place of what the agent is saying. */
  say(id: string, text: string, at?: Say['at']): Promise<Done>
  whisper(id: string, text: string): Promise<Done>
  interrupt(id: string): Promise<Done>
  keys(id: string, digits: string): Promise<Done>
  transfer(id: string, to: string): Promise<Done>
  hangUp(id: string): Promise<Done>
  mute(id: string, on: boolean): Promise<Done>
  /** What happens in a call: a snapshot, then events and levels, at last `ended`. */
  events(id: string, signal?: AbortSignal): AsyncIterableIterator<CallEvent>
  listen(id: string, handlers: ListenHandlers): Promise<Listening>
}

export function createKavClient(options: KavClientOptions): KavClient {
  const { token, operator } = options
  const send = options.fetch ?? fetch
  const base = options.url.replace(/\/$/, '')
  const own = {
    authorization: `Bearer ${token}`,
    ...(operator !== undefined && { 'kav-operator': encodeURIComponent(operator) }),
  }

  async function request(route: string, asked: LooseAsked = {}): Promise<Response> {
    const [method = 'GET', path = ''] = route.split(' ')
    const { body, headers, signal } = asked
    const answer = await send(`${base}${fillPath(path, asked.params)}${queryOf(asked.query)}`, {
      method,
      headers: { ...own, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      throw errorOfNetwork(error, signal)
    })
    if (!answer.ok) throw await errorOf(answer)
    return answer
  }

  async function ask<Name extends Route>(route: Name, asked?: Asked<Name>) {
    return (await readJson(await request(route, asked), asked?.signal)) as ApiRoutes[Name]['answer']
  }

  async function* events<Event>(path: string, signal?: AbortSignal): AsyncGenerator<Event> {
    const answer = await request(`GET ${path}`, signal && { signal })
    try {
      for await (const one of readEvents(answer.body!)) yield one as Event
    } catch (error) {
      throw errorOfCut(error, signal)
    }
  }

  const act = (id: string, name: string, body?: object): Promise<Done> =>
    request(`POST /api/calls/{id}/${name}`, { params: { id }, ...(body && { body }) }).then(
      async (answer) => (await readJson(answer)) as Done,
    )
  const pathOf = (id: string, what: string): string => `/api/calls/${encodeURIComponent(id)}/${what}`

  return {
    ask,
    events: (signal) => events('/api/events', signal),
    calls: {
      list: async () => (await ask('GET /api/calls')).calls,
      get: (id) => ask('GET /api/calls/{id}', { params: { id } }),
      say: (id, text, at) => act(id, 'say', { text, ...(at && { at }) }),
      whisper: (id, text) => act(id, 'whisper', { text }),
      interrupt: (id) => act(id, 'interrupt'),
      keys: (id, digits) => act(id, 'keys', { digits }),
      transfer: (id, to) => act(id, 'transfer', { to }),
      hangUp: (id) => act(id, 'hangup'),
      mute: (id, on) => act(id, 'mute', { on }),
      events: (id, signal) => events(pathOf(id, 'events'), signal),
      listen: (id, handlers) =>
        listen(
          new URL(`${base}${pathOf(id, 'listen')}${queryOf(operator ? { by: operator } : {})}`),
          token,
          handlers,
          // A browser does not say how the server has answered: the call does.
          () => ask('GET /api/calls/{id}', { params: { id } }),
        ),
    },
  }
}

async function readJson(answer: Response, signal?: AbortSignal): Promise<unknown> {
  try {
    return await answer.json()
  } catch (error) {
    throw errorOfCut(error, signal)
  }
}

interface LooseAsked {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

function fillPath(path: string, params: LooseAsked['params'] = {}): string {
  return path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''))
}

function queryOf(query: LooseAsked['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)] as [string, string])).toString()}`
}
