import type { DuplexCall, GrpcStatus } from '@kav/google-cloud/testing'
import { spokenAudio, type Encoding } from './spoken-audio.ts'
import type { HeardSpeech, VoiceScript } from './voice-script.ts'

/** Limits the server enforces, as Google does; shorten them in tests. */
export interface VoiceLimits {
  /** 5 s at Google: a stream without input for that long is aborted. */
  readonly noInputLimitMs: number
  /** 5000 at Google. */
  readonly maxInputBytes: number
}

const STREAM_ENCODINGS = new Set(['PCM', 'ALAW', 'MULAW', 'OGG_OPUS'])

/** Why Google would refuse a stream that opens like this. */
export function refuseStream(opening: Readonly<Record<string, unknown>>): GrpcStatus | undefined {
  const config = opening.streamingConfig as Record<string, Record<string, unknown>> | null | undefined
  if (config === null || config === undefined) {
    return { code: 3, details: 'The first message must hold a streaming_config.' }
  }
  const voice = String(config.voice?.name ?? '')
  if (!/-Chirp3?-HD-/.test(voice)) {
    return {
      code: 3,
      details: `Currently, only Chirp 3: HD voices are supported for streaming, not ${voice}.`,
    }
  }
  const encoding = String(config.streamingAudioConfig?.audioEncoding)
  return STREAM_ENCODINGS.has(encoding)
    ? undefined
    : { code: 3, details: `Unsupported audio encoding ${encoding}.` }
}

/** Speaks the inputs of one accepted stream, one after the other. Calls `changed` after everything it notes. */
export function playVoice(
  call: DuplexCall,
  speech: HeardSpeech,
  script: VoiceScript,
  limits: VoiceLimits,
  audio: { readonly encoding: Encoding; readonly sampleRateHz: number },
  changed: () => void,
): { input(message: Record<string, unknown>): void; finished(): void; stop(): void } {
  let chain = Promise.resolve()
  let sentBytes = 0
  let stalled = false
  let noInput: NodeJS.Timeout | undefined

  function over(state: HeardSpeech['state']): boolean {
    clearTimeout(noInput)
    if (speech.state !== 'open') return false
    speech.state = state
    changed()
    return true
  }

  function fail(status: GrpcStatus): void {
    if (over('failed')) call.emit('error', status)
  }

  function awaitInput(): void {
    clearTimeout(noInput)
    noInput = setTimeout(() => {
      fail({
        code: 10,
        details:
          'Stream aborted due to long duration elapsed without input sent. Input must be sent continuously, at least every 5s.',
      })
    }, limits.noInputLimitMs)
  }

  async function speak(text: string): Promise<void> {
    if (script.silent === true || script.empty === true || stalled) return
    if (script.delayMs !== undefined) await pause(script.delayMs)
    const bytes = script.bytes ?? spokenAudio(text, audio.encoding, audio.sampleRateHz)
    const size = script.chunkBytes ?? 3200
    for (let at = 0; at < bytes.length && speech.state === 'open'; at += size) {
      call.write({ audioContent: bytes.subarray(at, at + size) })
      sentBytes += size
      if (script.failAfterBytes !== undefined && sentBytes >= script.failAfterBytes.bytes) {
        fail(script.failAfterBytes.status)
      }
      if (script.stallAfterBytes !== undefined && sentBytes >= script.stallAfterBytes) {
        stalled = true
        return
      }
      if (script.chunkDelayMs !== undefined) await pause(script.chunkDelayMs)
    }
  }

  awaitInput()
  return {
    input(message) {
      if (speech.state !== 'open') return
      awaitInput()
      const input = message.input as { text?: string; markup?: string } | null | undefined
      const text = input?.markup ?? input?.text ?? ''
      speech.inputs.push(text)
      changed()
      const bytes = Buffer.byteLength(text)
      if (text.trim() === '') fail({ code: 3, details: 'Input must not be empty.' })
      else if (bytes > limits.maxInputBytes)
        fail({ code: 3, details: `Input of ${bytes} bytes is too long.` })
      else if (script.failWith !== undefined) fail(script.failWith)
      else chain = chain.then(() => speak(text))
    },
    finished() {
      clearTimeout(noInput)
      void chain.then(() => {
        if (script.silent !== true && !stalled && over('finished')) call.end()
      })
    },
    stop() {
      over('cancelled')
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
