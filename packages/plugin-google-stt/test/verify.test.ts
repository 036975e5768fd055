import { openVoiceServer } from '@kav/plugin-google-tts/testing'
import { openLoopbackOpenai } from '@kav/plugin-openai/testing'
import { expect, it, onTestFinished } from 'vitest'
import { UNTIMED_CHECKS, verifyPipeline } from '../../../apps/server/test/verify-pipeline.ts'
import type { StreamScript } from '../src/testing/index.ts'
import { serve } from './open-for-test.ts'

/** With every provider's wire ending at a server of our own. */
async function verify(pipeline: string, script: (region: string) => StreamScript) {
  const speech = await serve({ script: ({ region }) => script(region) })
  const voices = await openVoiceServer()
  const openai = await openLoopbackOpenai()
  onTestFinished(async () => void (await Promise.all([voices.close(), openai.close()])))
  const verified = await verifyPipeline(pipeline, {
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: openai.baseUrl,
    GOOGLE_CLOUD_PROJECT: 'local',
    GOOGLE_STT_ENDPOINT: speech.endpoint,
    GOOGLE_TTS_ENDPOINT: voices.endpoint,
  })
  return { speech, voices, ...verified }
}

it(
  'both Google pipelines run a whole call: English in a stream, Hebrew past a region that refuses',
  { timeout: 120_000 },
  async () => {
    const refusal = {
      code: 3,
      details: 'The model "long" does not exist in the location named "eu".',
    }
    const [hebrew, english] = await Promise.all([
      verify('google-he.yaml', (region) =>
        region === 'eu' ? { refuse: refusal } : { utterances: ['שלום', 'תודה'] },
      ),
      verify('google-en.yaml', () => ({ utterances: ['hello', 'thank you'] })),
    ])
    for (const { made, failed } of [hebrew, english]) {
      expect(made).toEqual(expect.arrayContaining([...UNTIMED_CHECKS]))
      expect(failed).toEqual([])
    }
    expect(hebrew.speech.streams.map((stream) => [stream.region, stream.state, stream.languages])).toEqual([
      ['eu', 'failed', ['iw-IL']],
      ['us', 'finished', ['iw-IL']],
    ])
    expect(hebrew.voices.heard[0]).toMatchObject({ kind: 'request', inputs: ['שלום, איך אפשר לעזור?'] })
    expect(english.speech.streams).toMatchObject([
      { region: 'us', model: 'chirp_3', languages: ['en-US'], state: 'finished' },
    ])
    expect(english.voices.heard[0]).toMatchObject({ kind: 'stream', voice: 'en-US-Chirp3-HD-Kore' })
  },
)
