import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import type { PluginContext } from '@kav/core'
import { ttsContract } from '@kav/core/testing'
import plugin from '../src/index.ts'
import {
  type Encoding,
  MS_PER_CHARACTER,
  openVoiceServer,
  spokenAudio,
  type VoiceScript,
  type VoiceServer,
} from '../src/testing/index.ts'

const CHUNK_BYTES = 1601
const ENCODINGS = { MULAW: 'mulaw', ALAW: 'alaw', LINEAR16: 'linear16', PCM: 'linear16' } as const
/** How far ends behave that are no good. */
const FAULTY = {
  refusing: { failWith: { code: 16, details: 'Request had invalid authentication credentials.' } },
  silent: { silent: true },
  stalling: { chunkBytes: CHUNK_BYTES, stallAfterBytes: CHUNK_BYTES },
  cutting: {
    chunkBytes: CHUNK_BYTES,
    failAfterBytes: { bytes: CHUNK_BYTES, status: { code: 14, details: 'Connection reset.' } },
  },
} satisfies Readonly<Record<string, VoiceScript>>

let server: VoiceServer
const faulty = new Map<keyof typeof FAULTY, VoiceServer>()

beforeAll(async () => {
  server = await openVoiceServer({ script: () => ({ chunkBytes: CHUNK_BYTES }) })
  for (const [name, script] of Object.entries(FAULTY))
    faulty.set(name as keyof typeof FAULTY, await openVoiceServer({ script: () => script }))
})
afterAll(() => Promise.all([server, ...faulty.values()].map((one) => one.close())))

/** A Chirp voice is streamed; another one answers in one piece, which has no middle. */
for (const [voice, isStreamed] of [
  ['he-IL-Wavenet-A', false],
  ['he-IL-Chirp3-HD-Kore', true],
] as const) {
  let latest: VoiceServer
  const create = (to: VoiceServer, context: PluginContext) => {
    latest = to
    return plugin.create({ language: 'he-IL', voice, endpoint: to.endpoint }, context)
  }
  const at = (name: keyof typeof FAULTY) => faulty.get(name)!
  function sent(): Uint8Array {
    const { inputs, encoding, opening } = latest.heard.at(-1)!
    const whole = Buffer.concat(
      inputs.map((text) => spokenAudio(text, encoding as Encoding, rateOf(opening))),
    )
    return latest === at('stalling') ? whole.subarray(0, CHUNK_BYTES) : whole
  }
  describe(`tts contract, ${voice}`, () => {
    const cases = withCallLines(ttsContract, {
      create: (context) => create(server, context),
      createFailing: (context) => create(at('refusing'), context),
      failingClass: 'auth',
      createStalled(context, place) {
        if (place === 'at-once') return create(at('silent'), context)
        return isStreamed ? create(at('stalling'), context) : undefined
      },
      createCut: (context) => (isStreamed ? create(at('cutting'), context) : undefined),
      text: 'שלום, איך אפשר לעזור לך היום?',
      msPerCharacter: { min: MS_PER_CHARACTER - 5, max: MS_PER_CHARACTER + 5 },
      sent,
      sentReply: sent,
      asked: () => [server, ...faulty.values()].reduce((sum, one) => sum + one.heard.length, 0),
      language: 'he-IL',
      receivedOptions() {
        const { language, encoding, opening } = latest.heard.at(-1)!
        return {
          language,
          format: { encoding: ENCODINGS[encoding as Encoding], sampleRateHz: rateOf(opening) },
        }
      },
    })
    for (const each of cases) it(each.name, each.run, each.timeoutMs)
  })
}

/** The rate that a request asks for. */
function rateOf(opening: Readonly<Record<string, unknown>>): number {
  const { audioConfig, streamingConfig } = opening as {
    audioConfig?: { sampleRateHertz: number }
    streamingConfig?: { streamingAudioConfig: { sampleRateHertz: number } }
  }
  return (streamingConfig?.streamingAudioConfig ?? audioConfig)!.sampleRateHertz
}
