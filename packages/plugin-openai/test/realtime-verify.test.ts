import { expect, it, onTestFinished } from 'vitest'
import { UNTIMED_CHECKS, verifyPipeline } from '../../../apps/server/test/verify-pipeline.ts'
import { openLoopbackOpenai, talker } from '../src/testing/index.ts'

it('the speech-to-speech pipeline runs a whole call', { timeout: 120_000 }, async () => {
  const server = await openLoopbackOpenai()
  onTestFinished(() => server.close())
  const heard: string[] = []
  server.alwaysRealtime(
    talker({
      transcript: (_audio, index) => ['what are your opening hours', 'thank you'][index] ?? 'yes',
      answer(words) {
        heard.push(words)
        return 'We are open from nine to five, every day but Sunday.'
      },
    }),
  )
  const { made, failed } = await verifyPipeline('openai-realtime.yaml', {
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: server.baseUrl,
  })
  expect(made).toEqual(expect.arrayContaining([...UNTIMED_CHECKS]))
  expect(failed).toEqual([])
  expect(heard[0]).toBe('what are your opening hours')

  // One session for the call; its settings are the pipeline's, and what the model was asked to say is the greeting.
  expect(server.peers).toHaveLength(1)
  const [peer] = server.peers
  const { session } = await peer!.event('session.update')
  expect(session.instructions).toContain('front desk')
  expect(session.audio.input.format).toEqual({ type: 'audio/pcmu' })
  expect(session.audio.output.format).toEqual({ type: 'audio/pcmu' })
  expect(session.tools.map(({ name }: { name: string }) => name)).toContain('hang_up')
  const { response } = await peer!.event('response.create')
  expect(response.instructions).toContain('Hello, how can I help you?')
})
