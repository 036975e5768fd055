import * as grpc from '@grpc/grpc-js'
import type { HeardStream } from './heard-stream.ts'
import { playScript, type ScriptPlayer, type SpeechCall, type StreamLimits } from './play-script.ts'
import { loadServices } from './protos.ts'
import type { GrpcStatus, StreamScript } from './stream-script.ts'

/** What a stream says of itself before it is scripted. */
export type StreamInfo = Pick<
  HeardStream,
  'api' | 'index' | 'region' | 'recognizer' | 'model' | 'languages' | 'opening'
>

export interface HeardRequest {
  readonly api: 'v1' | 'v2'
  readonly region: string
  readonly model: string
  readonly audio: Uint8Array
}

/** A region as the Locations API lists it: models by language. */
export type ScriptedLocation = Readonly<Record<string, readonly string[]>>

export interface SpeechServerOptions extends Partial<StreamLimits> {
  /** Chooses how a stream behaves. Default: accepts, hears, says nothing. */
  readonly script?: (stream: StreamInfo) => StreamScript
  /** Answers a unary request. Default: an empty result. */
  readonly recognize?: (request: HeardRequest) => string | GrpcStatus | Promise<string | GrpcStatus>
  readonly locations?: Readonly<Record<string, ScriptedLocation>>
  /** Streams one HTTP/2 connection may have at once; more are queued without a word, as HTTP/2 has it. */
  readonly maxConcurrentStreams?: number
  /** Where to listen; 0 is any free port. */
  readonly port?: number
}

/** A Speech-to-Text of our own on 127.0.0.1: the real services on the real wire, saying what a script says. */
export interface SpeechServer {
  readonly port: number
  /** For `stt.params.endpoint`. */
  readonly endpoint: string
  readonly streams: readonly HeardStream[]
  readonly requests: readonly HeardRequest[]
  /** Resolves as soon as `condition` holds; checked whenever something is heard. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
  /** Tells every connection to go away (HTTP/2 GOAWAY) and breaks what is left of it after `graceMs`. */
  goAway(graceMs: number): void
  close(): Promise<void>
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
  const waiting = new Set<() => void>()
  const changed = (): void => {
    for (const check of waiting) check()
  }
  const server = new grpc.Server(
    options.maxConcurrentStreams === undefined
      ? {}
      : { 'grpc.max_concurrent_streams': options.maxConcurrentStreams },
  )

  const streamingRecognize = (api: 'v1' | 'v2') => (call: SpeechCall) => {
    let player: ScriptPlayer | undefined
    let stream: HeardStream | undefined
    // grpc-js reports the status we fail with ourselves here too.
    call.on('error', () => undefined)
    call.on('data', (message: Record<string, unknown>) => {
      if (stream === undefined) {
        stream = noteOpening(api, message, call.getPeer(), streams.length)
        streams.push(stream)
        player = playScript(call, stream, options.script?.(stream) ?? {}, limits, changed)
        changed()
        return
      }
      const audio = message[api === 'v2' ? 'audio' : 'audioContent']
      if (audio instanceof Uint8Array) player?.audio(audio)
    })
    // A cancelled call ends its messages first, and says what it was a moment later.
    call.on('end', () => {
      setImmediate(() => {
        if (!call.cancelled) player?.finished()
      })
    })
    call.on('cancelled', () => player?.stop())
  }

  const recognize =
    (api: 'v1' | 'v2'): grpc.handleUnaryCall<Record<string, unknown>, object> =>
    (call, callback) => {
      const request = noteRequest(api, call.request)
      requests.push(request)
      changed()
      void Promise.resolve(options.recognize?.(request) ?? '').then((answer) => {
        if (typeof answer === 'string') {
          callback(null, { results: answer === '' ? [] : [{ alternatives: [{ transcript: answer }] }] })
        } else callback(answer)
      })
    }

  const services = loadServices()
  server.addService(services.v1, { streamingRecognize: streamingRecognize('v1'), recognize: recognize('v1') })
  server.addService(services.v2, { streamingRecognize: streamingRecognize('v2'), recognize: recognize('v2') })
  server.addService(services.locations, {
    listLocations: (_call: unknown, callback: grpc.sendUnaryData<object>) => {
      void listLocations(options.locations ?? {}).then((locations) => {
        callback(null, { locations })
      })
    },
  })

  const address = await new Promise<string>((resolve, reject) => {
    server.bindAsync(
      `127.0.0.1:${options.port ?? 0}`,
      grpc.ServerCredentials.createInsecure(),
      (error, port) => {
        if (error === null) resolve(`127.0.0.1:${port}`)
        else reject(error)
      },
    )
  })
  return {
    port: Number(address.split(':')[1]),
    endpoint: `http://${address}`,
    streams,
    requests,
    until(condition, timeoutMs = 5000) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          if (!condition()) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`speech server: not so within ${timeoutMs} ms: ${condition.toString()}`))
        }, timeoutMs)
        waiting.add(check)
        check()
      })
    },
    goAway(graceMs) {
      server.drain(address, graceMs)
    },
    close() {
      server.forceShutdown()
      return Promise.resolve()
    },
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
    languages: (api === 'v2' ? config.languageCodes : [config.languageCode]) as string[],
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
    audio: content ?? new Uint8Array(),
  }
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
