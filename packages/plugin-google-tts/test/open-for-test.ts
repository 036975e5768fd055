import { MULAW_8K, type AudioFormat, type TtsProvider, type TtsRequest } from '@kav/core'
import { testContext, type TestContext } from '@kav/core/testing'
import { onTestFinished } from 'vitest'
import plugin, { type GoogleTtsParams } from '../src/index.ts'
import { openVoiceServer, type VoiceServer, type VoiceServerOptions } from '../src/testing/index.ts'

/** A voice that streams, and one that does not. */
export const STREAMING_VOICE = 'he-IL-Chirp3-HD-Kore'
export const WHOLE_VOICE = 'he-IL-Wavenet-A'

/** A voice server that closes with the test. */
export async function serve(options: VoiceServerOptions = {}): Promise<VoiceServer> {
  const server = await openVoiceServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A provider on `endpoint` that closes with the test. */
export function provide(
  endpoint: string,
  params: Partial<GoogleTtsParams> = {},
  context: TestContext = testContext(),
): { provider: TtsProvider; context: TestContext } {
  const provider = plugin.create({ language: 'he-IL', voice: WHOLE_VOICE, endpoint, ...params }, context)
  onTestFinished(() => provider.close())
  return { provider, context }
}

export function requestOf(text: string, format: AudioFormat = MULAW_8K): TtsRequest {
  return { callId: 'test', text, format }
}

export const speak = (
  provider: TtsProvider,
  text: string,
  format?: AudioFormat,
  signal: AbortSignal = new AbortController().signal,
): AsyncIterable<Uint8Array> => provider.speak(requestOf(text, format), signal)

export function speakReply(
  provider: TtsProvider,
  clauses: AsyncIterable<string>,
  signal: AbortSignal = new AbortController().signal,
): AsyncIterable<Uint8Array> {
  if (provider.speakReply === undefined) throw new Error('this voice has no speakReply')
  return provider.speakReply(clauses, requestOf(''), signal)
}

export async function hearAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(Buffer.from(chunk))
  return Buffer.concat(all)
}

/** Clauses a test writes one by one, as a model would. */
export function writer(): { clauses: AsyncIterable<string>; write(text: string): void; end(): void } {
  const queue: string[] = []
  let ended = false
  let wake: () => void = () => undefined
  return {
    write(text) {
      queue.push(text)
      wake()
    },
    end() {
      ended = true
      wake()
    },
    clauses: (async function* () {
      for (;;) {
        const text = queue.shift()
        if (text !== undefined) yield text
        else if (ended) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    })(),
  }
}
