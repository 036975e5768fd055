import { openElevenlabsServer } from '@kav/plugin-elevenlabs/testing'
import { openLoopbackOpenai } from '@kav/plugin-openai/testing'
import { expect, it, onTestFinished } from 'vitest'
import { UNTIMED_CHECKS, verifyPipeline } from '../../../apps/server/test/verify-pipeline.ts'
import { openDeepgramServer } from '../src/testing/index.ts'

const KEY = 'canary-key-of-this-test'

/** With every provider's wire ending at a server of our own. */
async function verify(pipeline: string, own: NodeJS.ProcessEnv) {
  const openai = await openLoopbackOpenai()
  onTestFinished(() => openai.close())
  return verifyPipeline(pipeline, { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: openai.baseUrl, ...own })
}

it('the pipelines of Deepgram and of ElevenLabs run a whole call', { timeout: 120_000 }, async () => {
  const said = ['hello', 'thank you']
  const deepgram = await openDeepgramServer({ said, key: KEY })
  const elevenlabs = await openElevenlabsServer({ said, key: KEY })
  onTestFinished(async () => void (await Promise.all([deepgram.close(), elevenlabs.close()])))
  const calls = await Promise.all([
    verify('deepgram-en.yaml', { DEEPGRAM_API_KEY: KEY, DEEPGRAM_BASE_URL: deepgram.baseUrl }),
    verify('elevenlabs-en.yaml', {
      ELEVENLABS_API_KEY: KEY,
      ELEVENLABS_BASE_URL: elevenlabs.baseUrl,
      ELEVENLABS_VOICE: 'anna',
    }),
  ])
  for (const { made, failed, output } of calls) {
    expect(made).toEqual(expect.arrayContaining([...UNTIMED_CHECKS]))
    expect(failed).toEqual([])
    expect(output).not.toContain(KEY)
  }
})
