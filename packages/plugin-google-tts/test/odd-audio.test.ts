import { MULAW_8K, ProviderError, writeWav } from '@kav/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { STREAMING_VOICE, WHOLE_VOICE, hearAll, provide, serve, speak, speakReply } from './open-for-test.ts'

const WAV = writeWav(MULAW_8K, 1, new Uint8Array(800).fill(0x55))

/** Anything, and WAV files with some bytes that are not what they should be, or cut somewhere. */
const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }),
      fc.integer({ min: 1, max: WAV.length }),
    )
    .map(([changes, length]) => {
      const file = Uint8Array.from(WAV)
      for (const [at, byte] of changes) file[at] = byte
      return file.subarray(0, length)
    }),
)

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

it.each(['whole requests', 'a stream'])(
  '%s with any bytes for audio: spoken, or a clear error',
  async (kind) => {
    const streams = kind === 'a stream'
    let sent: Uint8Array = WAV
    const server = await serve({ script: () => ({ bytes: sent, chunkBytes: 50 }) })
    const voice = streams ? STREAMING_VOICE : WHOLE_VOICE
    const { provider } = provide(server.endpoint, { voice, tries: 1, timeout_ms: 2000 })
    const run = async (given: Uint8Array) => {
      sent = given
      try {
        const audio = streams ? speakReply(provider, once('Hello.')) : speak(provider, 'Hello.')
        expect((await hearAll(audio)).length).toBeLessThanOrEqual(given.length)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ProviderError)
        expect((thrown as Error).message).not.toMatch(/RangeError|TypeError|out of bounds|Cannot read/)
      }
    }
    await fc.assert(fc.asyncProperty(bytes, run), { numRuns: 60 })
  },
)
