import { createRequire } from 'node:module'
import * as grpc from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'
import { playVoice, refuseStream, type VoiceCall, type VoiceLimits } from './play-voice.ts'
import { asWavFile, spokenAudio, type Encoding } from './spoken-audio.ts'
import type { GrpcStatus, HeardSpeech, VoiceScript } from './voice-script.ts'

export interface VoiceServerOptions extends Partial<VoiceLimits> {
  /** Chooses how a request or stream behaves. Default: well. */
  readonly script?: (speech: HeardSpeech) => VoiceScript
  /** Streams one HTTP/2 connection may have at once; more are queued without a word. */
  readonly maxConcurrentStreams?: number
  /** Names of voices by language, as `listVoices` gives them. */
  readonly voices?: Readonly<Record<string, readonly string[]>>
  /** Where to listen; 0 is any free port. */
  readonly port?: number
}

/** A Text-to-Speech of our own on 127.0.0.1: the real service on the real wire, in a voice of numbered frames. */
export interface VoiceServer {
  readonly port: number
  /** For `tts.params.endpoint`. */
  readonly endpoint: string
  /** Requests and streams in the order they came. */
  readonly heard: readonly HeardSpeech[]
  /** Resolves as soon as `condition` holds; checked whenever something is heard. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
  close(): Promise<void>
}

export async function openVoiceServer(options: VoiceServerOptions = {}): Promise<VoiceServer> {
  const limits: VoiceLimits = {
    noInputLimitMs: options.noInputLimitMs ?? 5000,
    maxInputBytes: options.maxInputBytes ?? 5000,
  }
  const heard: HeardSpeech[] = []
  const waiting = new Set<() => void>()
  const changed = (): void => {
    for (const check of waiting) check()
  }
  const server = new grpc.Server(
    options.maxConcurrentStreams === undefined
      ? {}
      : { 'grpc.max_concurrent_streams': options.maxConcurrentStreams },
  )

  function note(kind: HeardSpeech['kind'], opening: Record<string, unknown>, peer: string): HeardSpeech {
    const config = (kind === 'stream' ? opening.streamingConfig : opening) as Record<
      string,
      Record<string, unknown>
    > | null
    const audio = config?.[kind === 'stream' ? 'streamingAudioConfig' : 'audioConfig']
    const speech: HeardSpeech = {
      kind,
      index: heard.length,
      voice: String(config?.voice?.name ?? ''),
      language: String(config?.voice?.languageCode ?? ''),
      encoding: String(audio?.audioEncoding ?? ''),
      opening,
      inputs: [],
      peer,
      state: 'open',
    }
    heard.push(speech)
    return speech
  }

  function streamingSynthesize(call: VoiceCall): void {
    let player: ReturnType<typeof playVoice> | undefined
    // grpc-js reports the status we fail with ourselves here too.
    call.on('error', () => undefined)
    call.on('data', (message: Record<string, unknown>) => {
      if (player !== undefined) {
        player.input(message)
        return
      }
      const speech = note('stream', message, call.getPeer())
      const refusal = refuseStream(message)
      const config = message.streamingConfig as { streamingAudioConfig?: { sampleRateHertz?: number } } | null
      player = playVoice(
        call,
        speech,
        options.script?.(speech) ?? {},
        limits,
        {
          encoding: speech.encoding as Encoding,
          sampleRateHz: config?.streamingAudioConfig?.sampleRateHertz ?? 24_000,
        },
        changed,
      )
      if (refusal !== undefined) {
        player.stop()
        speech.state = 'failed'
        call.emit('error', refusal)
      }
      changed()
    })
    // A cancelled call ends its messages first, and says what it was a moment later.
    call.on('end', () => {
      setImmediate(() => {
        if (!call.cancelled) player?.finished()
      })
    })
    call.on('cancelled', () => player?.stop())
  }

  function synthesizeSpeech(
    call: grpc.ServerUnaryCall<Record<string, unknown>, object>,
    callback: grpc.sendUnaryData<object>,
  ): void {
    const speech = note('request', call.request, call.getPeer())
    const input = call.request.input as { text?: string; ssml?: string; markup?: string } | null
    const text = input?.ssml ?? input?.markup ?? input?.text ?? ''
    speech.inputs.push(text)
    changed()
    const script = options.script?.(speech) ?? {}
    if (script.silent === true) return
    const answer = (): void => {
      const refusal = script.failWith ?? refuseText(text, limits)
      speech.state = refusal === undefined ? 'finished' : 'failed'
      changed()
      if (refusal !== undefined) {
        callback(refusal)
        return
      }
      const { sampleRateHertz } = call.request.audioConfig as { sampleRateHertz: number }
      const encoding = speech.encoding as Encoding
      const audio = spokenAudio(text, encoding, sampleRateHertz)
      const audioContent = encoding === 'PCM' ? audio : asWavFile(audio, encoding, sampleRateHertz)
      callback(null, { audioContent: script.empty === true ? new Uint8Array() : audioContent })
    }
    if (script.delayMs === undefined) answer()
    else setTimeout(answer, script.delayMs)
  }

  function listVoices(
    call: grpc.ServerUnaryCall<{ languageCode: string }, object>,
    callback: grpc.sendUnaryData<object>,
  ): void {
    const { languageCode } = call.request
    const names = options.voices?.[languageCode] ?? []
    callback(null, { voices: names.map((name) => ({ name, languageCodes: [languageCode] })) })
  }

  server.addService(textToSpeechService(), { streamingSynthesize, synthesizeSpeech, listVoices })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `127.0.0.1:${options.port ?? 0}`,
      grpc.ServerCredentials.createInsecure(),
      (error, bound) => {
        if (error === null) resolve(bound)
        else reject(error)
      },
    )
  })
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    heard,
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
          reject(new Error(`voice server: not so within ${timeoutMs} ms: ${condition.toString()}`))
        }, timeoutMs)
        waiting.add(check)
        check()
      })
    },
    close() {
      server.forceShutdown()
      return Promise.resolve()
    },
  }
}

function refuseText(text: string, limits: VoiceLimits): GrpcStatus | undefined {
  const bytes = Buffer.byteLength(text)
  if (text.trim() === '') return { code: 3, details: 'Input must not be empty.' }
  if (bytes > limits.maxInputBytes) return { code: 3, details: `Input of ${bytes} bytes is too long.` }
  return undefined
}

/** The service from the protos inside the SDK package: the wire is the real one. */
function textToSpeechService(): grpc.ServiceDefinition {
  const require = createRequire(import.meta.url)
  const json = require('@google-cloud/text-to-speech/build/protos/protos.json') as Parameters<
    typeof fromJSON
  >[0]
  const root = grpc.loadPackageDefinition(
    fromJSON(json, { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true }),
  )
  let at: unknown = root
  for (const name of 'google.cloud.texttospeech.v1.TextToSpeech'.split('.'))
    at = (at as grpc.GrpcObject)[name]
  return (at as grpc.ServiceClientConstructor).service
}
