import { ProviderError } from '@kav/core'
import { createSdkConnection, type ClientSettings, type PooledConnection } from '@kav/google-cloud'
import { classifyCredentialsError, type ErrorPlace } from './grpc-errors.ts'
import type { ResolvedParams } from './params.ts'
import type { SpeechClient, SpeechSdk } from './speech-client.ts'

/** One HTTP/2 connection to one region: one SDK client with its own subchannel pool. */
export interface Connection extends PooledConnection {
  /** The client with its credentials checked. Rejects with a `ProviderError`. */
  readonly client: Promise<SpeechClient>
  /** `projects/P/locations/L/recognizers/R`. Rejects with a `ProviderError` when no project is known. */
  recognizerPath(): Promise<string>
  /** Resolves once the HTTP/2 connection is up; rejects with `timeout` after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>
}

export interface ConnectionOptions {
  readonly sdk: Promise<SpeechSdk>
  readonly params: ResolvedParams
  readonly settings: ClientSettings
  readonly region: string
}

export function createConnection(options: ConnectionOptions): Connection {
  const { params, settings, region } = options
  const place: ErrorPlace = { doing: 'connection', api: params.api, region }
  const connection = createSdkConnection(options.sdk.then((sdk) => sdk.createClient(params, settings)))
  const client = connection.client.catch((error: unknown) => {
    throw classifyCredentialsError(error, place)
  })
  client.catch(() => undefined)
  const project = createProjectLookup(client, settings)
  return {
    client,
    recognizerPath: async () =>
      `projects/${await project()}/locations/${region}/recognizers/${params.recognizer}`,
    async ready(timeoutMs) {
      await client
      await connection.up(timeoutMs).catch((error: unknown) => {
        throw new ProviderError(
          'timeout',
          `Google Speech-to-Text (region ${region}): no connection to ${settings.host}:${settings.port} within ${timeoutMs} ms`,
          { details: { ...place }, cause: error },
        )
      })
    },
    close: () => connection.close(),
  }
}

/** The project of requests: the configured one, else the credentials' own, asked for once. */
function createProjectLookup(client: Promise<SpeechClient>, settings: ClientSettings): () => Promise<string> {
  let project: Promise<string> | undefined
  return async () => {
    const speech = (await client) as { getProjectId(): Promise<string> }
    project ??= settings.projectId === undefined ? speech.getProjectId() : Promise.resolve(settings.projectId)
    try {
      return await project
    } catch (error) {
      project = undefined
      throw new ProviderError(
        'bad-request',
        'Google Speech-to-Text: no project id in the credentials: set stt.params.project',
        { cause: error },
      )
    }
  }
}
