import { MULAW_8K } from '@kav/core'
import { expect, it } from 'vitest'
import { numberedFrames } from '../src/testing/index.ts'
import { provide, serve } from './open-for-test.ts'

const options = () => ({ callId: 'test', format: MULAW_8K, hints: [], signal: new AbortController().signal })

it('asks the next region when one refuses, with the model known there', async () => {
  const server = await serve({
    recognize: (request) => (request.region === 'eu' ? { code: 14, details: 'no' } : 'שלום'),
  })
  const { provider, context } = provide(server.endpoint, { region: 'eu', fallback_regions: ['us-central1'] })
  await expect(provider.recognize?.(numberedFrames(0, 10), options())).resolves.toBe('שלום')
  expect(server.requests.map(({ region, model }) => [region, model])).toEqual([
    ['eu', 'chirp_3'],
    ['us-central1', 'chirp_2'],
  ])
  expect(context.metrics.value('google_stt_recognize_errors_total', { region: 'eu', class: 'network' })).toBe(
    1,
  )
})

it('sends audio over a minute in pieces and joins what they say', async () => {
  let count = 0
  const server = await serve({ recognize: () => `part ${(count += 1)}` })
  const { provider } = provide(server.endpoint)
  await expect(provider.recognize?.(numberedFrames(0, 3500), options())).resolves.toBe('part 1 part 2')
  expect(server.requests.map((request) => request.audio.length)).toEqual([440_000, 120_000])
})

it('gives up at its own deadline, without the retries of the SDK', async () => {
  const server = await serve({ recognize: () => new Promise<string>(() => undefined) })
  const { provider } = provide(server.endpoint, { recognize_timeout_ms: 500 })
  await expect(provider.recognize?.(numberedFrames(0, 10), options())).rejects.toMatchObject({
    class: 'timeout',
  })
  expect(server.requests).toHaveLength(1)
})
