import type { handleUnaryCall, sendUnaryData } from '@grpc/grpc-js'
import { createChangeWatch } from '@kav/core/testing'
import {
  onClientDone,
  openGrpcServer,
  type DuplexCall,
  type GrpcServer,
  type GrpcServerOptions,
  type GrpcStatus,
} from '@kav/google-cloud/testing'
import type { HeardStream } from './heard-stream.ts'
import { playScript, type ScriptPlayer, type StreamLimits } from './play-script.ts'
import { loadServices } from './protos.ts'
import type { StreamScript } from './stream-script.ts'

/** What a stream says of itself before it is scripted. */
export type StreamInfo = Pick<
  HeardStream,
  'api' | 'index' | 'region' | 'recognizer' | 'model' | 'languages' | 'opening'
>

export interface HeardRequest {
  readonly api: 'v1' | 'v2'
  readonly region: string
  readonly model: string
  readonly languages: readonly string[]
  /** What came: its `config` holds the rest of what was asked. */
  readonly message: Readonly<Record<string, unknown>>
  readonly audio: Uint8Array
}

/** A region as the Locations API lists it: models by language. */
export type ScriptedLocation = Readonly<Record<string, readonly string[]>>

export interface SpeechServerOptions extends Partial<StreamLimits>, GrpcServerOptions {
  /** Chooses how a stream behaves. Default: accepts, hears, says nothing. */
  readonly script?: (stream: StreamInfo) => StreamScript
  /** Answers a unary request. Default: an empty result. */
  readonly recognize?: (request: HeardRequest) => string | GrpcStatus | Promise<string | GrpcStatus>
  readonly locations?: Readonly<Record<string, ScriptedLocation>>
}

/** A Speech-to-Text of our own on 127.0.0.1: the real services on the real wire, saying what a script says. */
export interface SpeechServer extends GrpcServer {
  readonly streams: readonly HeardStream[]
  readonly requests: readonly HeardRequest[]
  /** What of both came last. */
  readonly latest: HeardStream | HeardRequest | undefined
  /** Resolves as soon as `condition` holds; checked whenever something is heard. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
}

export async function openSpeechServer(options: SpeechServerOptions = {}): Promise<SpeechServer> {
  const limits: StreamLimits = {
    streamLimitMs: options.streamLimitMs ?? 305_000,
    noAudioLimitMs: options.noAudioLimitMs ?? 10_000,
    maxMessageBytes: options.maxMessageBytes ?? 15 * 1024,
    keepAudio: options.keepAudio ?? true,
  }
  const streams: HeardStream[] = []
  const requests: HeardRequest[] = []
  let latest: HeardStream | HeardRequest | undefined
  const { changed, until } = createChangeWatch('speech server')

  const streamingRecognize = (api: 'v1' | 'v2') => (call: DuplexCall) => {
    let player: ScriptPlayer | undefined
    let stream: HeardStream | undefined
    call.on('data', (message: Record<string, unknown>) => {
      if (stream === undefined) {
        stream = noteOpening(api, message, call.getPeer(), streams.length)
        streams.push(stream)
        latest = stream
        player = playScript(call, stream, options.script?.(stream) ?? {}, limits, changed)
        changed()
        return
      }
      const audio = message[api === 'v2' ? 'audio' : 'audioContent']
      if (audio instanceof Uint8Array) player?.audio(audio)
    })
    onClientDone(call, { finished: () => player?.finished(), stop: () => player?.stop() })
  }

  const recognize =
    (api: 'v1' | 'v2'): handleUnaryCall<Record<string, unknown>, object> =>
    (call, callback) => {
      const request = noteRequest(api, call.request)
      requests.push(request)
      latest = request
      changed()
      void Promise.resolve(options.recognize?.(request) ?? '').then((answer) => {
        if (typeof answer === 'string') {
          callback(null, { results: answer === '' ? [] : [{ alternatives: [{ transcript: answer }] }] })
        } else callback(answer)
      })
    }

  const services = loadServices()
  const server = await openGrpcServer(
    [
      [services.v1, { streamingRecognize: streamingRecognize('v1'), recognize: recognize('v1') }],
      [services.v2, { streamingRecognize: streamingRecognize('v2'), recognize: recognize('v2') }],
      [
        services.locations,
        {
          listLocations: (_call: unknown, callback: sendUnaryData<object>) => {
            void listLocations(options.locations ?? {}).then((locations) => {
              callback(null, { locations })
            })
          },
        },
      ],
    ],
    options,
  )
  return {
    ...server,
    streams,
    requests,
    get latest() {
      return latest
    },
    until,
  }
}

function noteOpening(
  api: 'v1' | 'v2',
  message: Record<string, unknown>,
  peer: string,
  index: number,
): HeardStream {
  const streaming = (message.streamingConfig ?? {}) as { config?: Record<string, unknown> }
  const config = streaming.config ?? {}
  const recognizer = typeof message.recognizer === 'string' ? message.recognizer : ''
  return {
    api,
    index,
    recognizer,
    region: /\/locations\/([^/]+)/.exec(recognizer)?.[1] ?? '',
    model: String(config.model ?? ''),
    languages: languagesIn(api, config),
    opening: message,
    peer,
    state: 'open',
    messages: 0,
    bytes: 0,
    largestMessageBytes: 0,
    frames: [],
    silenceFrames: 0,
    brokenFrames: 0,
    audio: [],
  }
}

function noteRequest(api: 'v1' | 'v2', message: Record<string, unknown>): HeardRequest {
  const config = (message.config ?? {}) as Record<string, unknown>
  const audio = message.audio as { content?: Uint8Array } | undefined
  const content = api === 'v2' ? (message.content as Uint8Array | undefined) : audio?.content
  return {
    api,
    region: /\/locations\/([^/]+)/.exec(String(message.recognizer ?? ''))?.[1] ?? '',
    model: String(config.model ?? ''),
    languages: languagesIn(api, config),
    message,
    audio: content ?? new Uint8Array(),
  }
}

function languagesIn(api: 'v1' | 'v2', config: Record<string, unknown>): string[] {
  return (api === 'v2' ? config.languageCodes : [config.languageCode]) as string[]
}

async function listLocations(locations: Readonly<Record<string, ScriptedLocation>>): Promise<object[]> {
  const { protos } = await import('@google-cloud/speech')
  const { LocationsMetadata } = protos.google.cloud.speech.v2
  return Object.entries(locations).map(([locationId, languages]) => ({
    name: `projects/local/locations/${locationId}`,
    locationId,
    metadata: {
      type_url: 'type.googleapis.com/google.cloud.speech.v2.LocationsMetadata',
      value: LocationsMetadata.encode(
        LocationsMetadata.fromObject({
          languages: {
            models: Object.fromEntries(
              Object.entries(languages).map(([language, models]) => [
                language,
                { modelFeatures: Object.fromEntries(models.map((model) => [model, { modelFeature: [] }])) },
              ]),
            ),
          },
        }),
      ).finish(),
    },
  }))
}
