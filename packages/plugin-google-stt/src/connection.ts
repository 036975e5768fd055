import type { Clock } from '@kav/core'
import { ProviderError } from '@kav/core'
import type { ClientSettings, GrpcStub } from '@kav/google-cloud'
import { classifyCredentialsError, type ErrorPlace } from './grpc-errors.ts'
import type { ResolvedParams } from './params.ts'
import type { SpeechClient, SpeechSdk } from './speech-client.ts'

/** With streams on it and nothing heard for this long, a connection gets no new stream: it may be half-open. */
const QUIET_MS = 4000

/** One HTTP/2 connection to one region: one SDK client with its own subchannel pool. */
export interface Connection {
  readonly region: string
  /** Streams open or opening on it. */
  streams: number
  /** Anything arrived from the server. */
  heard(): void
  /** Nothing was heard for a while although streams are open. */
  isQuiet(): boolean
  /** The client with its credentials checked. Rejects with a `ProviderError`. */
  readonly client: Promise<SpeechClient>
  /** `projects/P/locations/L/recognizers/R`. Rejects with a `ProviderError` when no project is known. */
  recognizerPath(): Promise<string>
  /** Resolves once the HTTP/2 connection is up; rejects with `timeout` after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>
  close(): void
}

export function createConnection(options: {
  sdk: Promise<SpeechSdk>
  params: ResolvedParams
  settings: ClientSettings
  region: string
  clock: Clock
}): Connection {
  const { params, settings, region, clock } = options
  const place: ErrorPlace = { doing: 'connection', api: params.api, region }
  let heardAtMs = clock.nowMs()
  let project: Promise<string> | undefined
  const made = options.sdk.then((sdk) => sdk.createClient(params, settings))
  // Initialising before the first stream is what makes bad credentials a rejection here instead of an unhandled one.
  const stub = made.then((client) => client.initialize() as Promise<unknown> as Promise<GrpcStub>)
  const client = Promise.all([made, stub]).then(
    ([ready]) => ready,
    (error: unknown) => {
      throw classifyCredentialsError(error, place)
    },
  )
  client.catch(() => undefined)

  return {
    region,
    client,
    streams: 0,
    heard() {
      heardAtMs = clock.nowMs()
    },
    isQuiet() {
      return this.streams > 0 && clock.nowMs() - heardAtMs > QUIET_MS
    },
    async recognizerPath() {
      const speech = (await client) as { getProjectId(): Promise<string> }
      project ??=
        settings.projectId === undefined ? speech.getProjectId() : Promise.resolve(settings.projectId)
      try {
        return `projects/${await project}/locations/${region}/recognizers/${params.recognizer}`
      } catch (error) {
        project = undefined
        throw new ProviderError(
          'bad-request',
          'Google Speech-to-Text: no project id in the credentials: set stt.params.project',
          { cause: error },
        )
      }
    },
    async ready(timeoutMs) {
      await client
      const grpc = await stub
      await new Promise<void>((resolve, reject) => {
        grpc.waitForReady(Date.now() + timeoutMs, (error) => {
          if (error === undefined || error === null) resolve()
          else {
            reject(
              new ProviderError(
                'timeout',
                `Google Speech-to-Text (region ${region}): no connection to ${settings.host}:${settings.port} within ${timeoutMs} ms`,
                { details: { ...place }, cause: error },
              ),
            )
          }
        })
      })
      heardAtMs = clock.nowMs()
    },
    close() {
      made.then((speech) => speech.close()).catch(() => undefined)
    },
  }
}
