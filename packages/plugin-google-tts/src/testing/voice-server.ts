import { createRequire } from 'node:module'
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js'
import { createChangeWatch } from '@kav/core/testing'
import {
  loadProtos,
  onClientDone,
  openGrpcServer,
  serviceAt,
  type DuplexCall,
  type GrpcServer,
  type GrpcServerOptions,
  type GrpcStatus,
  type ProtoService,
} from '@kav/google-cloud/testing'
import { playVoice, refuseStream, type VoiceLimits } from './play-voice.ts'
import { asWavFile, spokenAudio, type Encoding } from './spoken-audio.ts'
import type { HeardSpeech, VoiceScript } from './voice-script.ts'

export interface VoiceServerOptions extends Partial<VoiceLimits>, GrpcServerOptions {
  /** Chooses how a request or stream behaves. Default: well. */
  readonly script?: (speech: HeardSpeech) => VoiceScript
  /** Names of voices by language, as `listVoices` gives them. */
  readonly voices?: Readonly<Record<string, readonly string[]>>
}

/** A Text-to-Speech of our own on 127.0.0.1: the real service on the real wire, in a voice of numbered frames. */
export interface VoiceServer extends GrpcServer {
  /** Requests and streams in the order they came. */
  readonly heard: readonly HeardSpeech[]
  /** Resolves as soon as `condition` holds; checked whenever something is heard. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
}

export async function openVoiceServer(options: VoiceServerOptions = {}): Promise<VoiceServer> {
  const heard: HeardSpeech[] = []
  const { changed, until } = createChangeWatch('voice server')
  const service: Service = {
    limits: {
      noInputLimitMs: options.noInputLimitMs ?? 5000,
      maxInputBytes: options.maxInputBytes ?? 5000,
    },
    scriptOf: (speech) => options.script?.(speech) ?? {},
    note(kind, opening, peer) {
      const speech = asHeard(heard.length, kind, opening, peer)
      heard.push(speech)
      return speech
    },
    changed,
  }
  const server = await openGrpcServer(
    [
      [
        textToSpeechService(),
        {
          streamingSynthesize: (call: DuplexCall) => synthesizeStream(call, service),
          synthesizeSpeech: (call: SpeechCall, answer: sendUnaryData<object>) =>
            synthesizeWhole(call, answer, service),
          listVoices: (
            { request }: ServerUnaryCall<{ languageCode: string }, object>,
            answer: sendUnaryData<object>,
          ) => {
            const names = options.voices?.[request.languageCode] ?? []
            answer(null, { voices: names.map((name) => ({ name, languageCodes: [request.languageCode] })) })
          },
        },
      ],
    ],
    options,
  )
  return { ...server, heard, until }
}

type SpeechCall = ServerUnaryCall<Record<string, unknown>, object>

/** What requests and streams of one server share. */
interface Service {
  readonly limits: VoiceLimits
  scriptOf(speech: HeardSpeech): VoiceScript
  note(kind: HeardSpeech['kind'], opening: Record<string, unknown>, peer: string): HeardSpeech
  changed(): void
}

function asHeard(
  index: number,
  kind: HeardSpeech['kind'],
  opening: Record<string, unknown>,
  peer: string,
): HeardSpeech {
  const config = (kind === 'stream' ? opening.streamingConfig : opening) as Record<
    string,
    Record<string, unknown>
  > | null
  const audio = config?.[kind === 'stream' ? 'streamingAudioConfig' : 'audioConfig']
  return {
    kind,
    index,
    voice: String(config?.voice?.name ?? ''),
    language: String(config?.voice?.languageCode ?? ''),
    encoding: String(audio?.audioEncoding ?? ''),
    opening,
    inputs: [],
    peer,
    state: 'open',
  }
}

function synthesizeStream(call: DuplexCall, service: Service): void {
  let player: ReturnType<typeof playVoice> | undefined
  call.on('data', (message: Record<string, unknown>) => {
    if (player !== undefined) {
      player.input(message)
      return
    }
    const speech = service.note('stream', message, call.getPeer())
    const refusal = refuseStream(message)
    const config = message.streamingConfig as { streamingAudioConfig?: { sampleRateHertz?: number } } | null
    const format = {
      encoding: speech.encoding as Encoding,
      sampleRateHz: config?.streamingAudioConfig?.sampleRateHertz ?? 24_000,
    }
    player = playVoice(call, speech, service.scriptOf(speech), service.limits, format, service.changed)
    if (refusal !== undefined) {
      player.stop()
      speech.state = 'failed'
      call.emit('error', refusal)
    }
    service.changed()
  })
  onClientDone(call, { finished: () => player?.finished(), stop: () => player?.stop() })
}

function synthesizeWhole(call: SpeechCall, callback: sendUnaryData<object>, service: Service): void {
  const speech = service.note('request', call.request, call.getPeer())
  const input = call.request.input as { text?: string; ssml?: string; markup?: string } | null
  const text = input?.ssml ?? input?.markup ?? input?.text ?? ''
  speech.inputs.push(text)
  service.changed()
  const script = service.scriptOf(speech)
  if (script.silent === true) return
  const answer = (): void => {
    const refusal = script.failWith ?? refuseText(text, service.limits)
    speech.state = refusal === undefined ? 'finished' : 'failed'
    service.changed()
    if (refusal !== undefined) {
      callback(refusal)
      return
    }
    const { sampleRateHertz } = call.request.audioConfig as { sampleRateHertz: number }
    const encoding = speech.encoding as Encoding
    const audio = spokenAudio(text, encoding, sampleRateHertz)
    const audioContent = encoding === 'PCM' ? audio : asWavFile(audio, encoding, sampleRateHertz)
    const bytes = script.bytes ?? audioContent
    callback(null, { audioContent: script.empty === true ? new Uint8Array() : bytes })
  }
  if (script.delayMs === undefined) answer()
  else setTimeout(answer, script.delayMs)
}

function refuseText(text: string, limits: VoiceLimits): GrpcStatus | undefined {
  const bytes = Buffer.byteLength(text)
  if (text.trim() === '') return { code: 3, details: 'Input must not be empty.' }
  if (bytes > limits.maxInputBytes) return { code: 3, details: `Input of ${bytes} bytes is too long.` }
  return undefined
}

/** The service from the protos inside the SDK package: the wire is the real one. */
function textToSpeechService(): ProtoService {
  const require = createRequire(import.meta.url)
  const json = require('@google-cloud/text-to-speech/build/protos/protos.json') as object
  return serviceAt(loadProtos(json), 'google.cloud.texttospeech.v1.TextToSpeech')
}
