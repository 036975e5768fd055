import { openVoiceServer } from '@kav/plugin-azure-tts/testing'
import { openLoopbackOpenai } from '@kav/plugin-openai/testing'
import { expect, it, onTestFinished } from 'vitest'
import { UNTIMED_CHECKS, verifyPipeline } from '../../../apps/server/test/verify-pipeline.ts'
import { KEY, serve } from './open-for-test.ts'

/** With every provider's wire ending at a server of our own. */
async function verify(pipeline: string, utterances: readonly string[]) {
  const speech = await serve({ script: () => ({ utterances }) })
  const voices = await openVoiceServer()
  const openai = await openLoopbackOpenai()
  onTestFinished(async () => void (await Promise.all([voices.close(), openai.close()])))
  const verified = await verifyPipeline(pipeline, {
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: openai.baseUrl,
    AZURE_SPEECH_KEY: KEY,
    AZURE_STT_HOST: speech.host,
    AZURE_TTS_HOST: voices.host,
  })
  return { speech, voices, ...verified }
}

it('both Azure pipelines run a whole call, and say nothing of the key', { timeout: 120_000 }, async () => {
  const [hebrew, english] = await Promise.all([
    verify('azure-he.yaml', ['שלום', 'תודה']),
    verify('azure-en.yaml', ['hello', 'thank you']),
  ])
  for (const { made, failed, output } of [hebrew, english]) {
    expect(made).toEqual(expect.arrayContaining([...UNTIMED_CHECKS]))
    expect(failed).toEqual([])
    expect(output).not.toContain(KEY)
  }
  expect(hebrew.speech.connections[0]?.query.language).toBe('he-IL')
  expect(hebrew.voices.utterances[0]).toMatchObject({ text: 'שלום, איך אפשר לעזור?', ended: true })
  expect(english.speech.connections[0]?.query.language).toBe('en-US')
  expect(english.voices.utterances[0]?.ssml).toContain('en-US-JennyNeural')
})
