import { MULAW_8K, ProviderError, type TtsProvider, type TtsRequest } from '@kav/core'
import { testContext, type TestContext } from '@kav/core/testing'
import { onTestFinished } from 'vitest'
import plugin, { type AzureTtsParams } from '../src/index.ts'
import { openVoiceServer, type VoiceServer, type VoiceServerOptions } from '../src/testing/index.ts'

export const KEY = 'very-secret-key-0123456789'

/** A voice server that closes with the test. */
export async function serve(options: VoiceServerOptions = {}): Promise<VoiceServer> {
  const server = await openVoiceServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A provider that closes with the test. */
export function provide(
  params: Partial<AzureTtsParams>,
  context: TestContext = testContext(),
): { provider: TtsProvider; context: TestContext } {
  const provider = plugin.create({ voice: 'he-IL-HilaNeural', key: KEY, ...params }, context)
  onTestFinished(() => provider.close())
  return { provider, context }
}

export function speak(
  provider: TtsProvider,
  text: string,
  request: Partial<TtsRequest> = {},
  signal = new AbortController().signal,
): AsyncIterator<Uint8Array> {
  const whole = { callId: 'call', text, format: MULAW_8K, ...request }
  return provider.speak(whole, signal)[Symbol.asyncIterator]()
}

/** What is left to come, and what it threw. */
export async function rest(
  audio: AsyncIterator<Uint8Array>,
): Promise<{ bytes: Buffer; error: ProviderError | undefined }> {
  const chunks: Uint8Array[] = []
  try {
    for (;;) {
      const next = await audio.next()
      if (next.done === true) return { bytes: Buffer.concat(chunks), error: undefined }
      chunks.push(new Uint8Array(next.value))
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { bytes: Buffer.concat(chunks), error }
  }
}

/** A sentence spoken to its end. */
export async function whole(
  provider: TtsProvider,
  text: string,
  request: Partial<TtsRequest> = {},
): Promise<Buffer> {
  const { bytes, error } = await rest(speak(provider, text, request))
  if (error !== undefined) throw error
  return bytes
}
