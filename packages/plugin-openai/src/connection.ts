import { setMaxListeners } from 'node:events'
import { type Static, type TObject, Type } from '@sinclair/typebox'
import type { OpenAI } from 'openai'
import { defaulted } from '@kav/core/kit'
import { createHttpClient } from './http-client.ts'

/** The params every kind of this plugin has: which server, and how to be let in. */
export const connectionParams = {
  api_key: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'API key, sent as a bearer token. May be left out for a local server that asks for none.',
    }),
  ),
  base_url: defaulted(
    Type.String({
      pattern: '^https?://',
      default: 'https://api.openai.com/v1',
      description: 'Root of the API, without a slash at the end. Any OpenAI-compatible server will do.',
    }),
  ),
  organization: Type.Optional(Type.String({ description: 'Sent as OpenAI-Organization.' })),
  project: Type.Optional(Type.String({ description: 'Sent as OpenAI-Project.' })),
  headers: defaulted(
    Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'Extra headers of every request (gateways, `api-key` of older Azure resources).',
    }),
  ),
  query: defaulted(
    Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'Extra query parameters of every request (`api-version` of older Azure resources).',
    }),
  ),
}

export type ConnectionParams = Static<TObject<typeof connectionParams>>

/**
 * Node's own fetch drops an idle connection after 4 s, which puts a TLS handshake into every turn of a talk.
 * A minute outlives the longest thought of a caller.
 */
const KEEP_ALIVE_MS = 60_000
const KEEP_ALIVE_MAX_MS = 600_000
const CONNECT_TIMEOUT_MS = 3_000
/** The SDK insists on a limit of its own; ours are shorter and cover the body too. */
const SDK_TIMEOUT_MS = 600_000

/** What one provider shares over its life: the SDK client and the kept-alive sockets under it. */
export interface Connection {
  /** Host name for messages: says which server failed without showing the rest of the URL. */
  readonly host: string
  /** The SDK client; the SDK is loaded on the first call. */
  client(): Promise<OpenAI>
  /** Aborts at `close`: ends the requests that are still open. */
  readonly closed: AbortSignal
  /** Opens a socket (TCP and TLS) ahead of need. Failure is not an error. */
  warm(path: string, signal: AbortSignal): Promise<void>
  /** Ends every request and every socket at once. */
  close(): Promise<void>
}

export function createConnection(params: ConnectionParams): Connection {
  let opened: Promise<{ client: OpenAI; destroy(): Promise<void> }> | undefined
  const closing = new AbortController()
  // One listener for each open request, and there may be hundreds.
  setMaxListeners(0, closing.signal)
  const open = () => (opened ??= openClient(params))
  return {
    host: new URL(params.base_url).host,
    closed: closing.signal,
    async client() {
      return (await open()).client
    },
    async warm(path, signal) {
      if (closing.signal.aborted) return
      const { client } = await open()
      // An answer of any kind has warmed the socket.
      await client.get(path, { signal }).catch(() => undefined)
    },
    async close() {
      closing.abort()
      if (opened) await (await opened).destroy()
    },
  }
}

async function openClient(params: ConnectionParams) {
  const [{ OpenAI }, http] = await Promise.all([
    import('openai'),
    createHttpClient({
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    }),
  ])
  const client = new OpenAI({
    // Null stops the SDK from reading the process's environment; a keyless server gets a word nobody checks.
    apiKey: params.api_key ?? 'none',
    adminAPIKey: null,
    webhookSecret: null,
    organization: params.organization ?? null,
    project: params.project ?? null,
    baseURL: params.base_url,
    defaultHeaders: params.headers,
    defaultQuery: params.query,
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    // The SDK prints what it cannot parse, and that is what people said.
    logLevel: 'off',
    fetch: http.fetch,
  })
  return { client, destroy: () => http.destroy() }
}
