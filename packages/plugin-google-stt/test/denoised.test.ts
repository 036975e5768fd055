import { readFileSync } from 'node:fs'
import { createConverter, decodeMulaw, type DenoiseProvider, encodeMulaw, MULAW_8K, readWav } from '@kav/core'
import { denoisedProviders } from '@kav/core/host'
import { createFakeClock, createFakeDenoise, testContext, testParams } from '@kav/core/testing'
import { localDenoise } from '@kav/plugin-local'
import { expect, it, onTestFinished } from 'vitest'
import { numberedFrames } from '../src/testing/index.ts'
import { hearAll, open, provide, serve } from './open-for-test.ts'

/** The real client, behind a filter as `stt.denoise` puts it there. However slow the machine, the filter is not late. */
function behind(filter: DenoiseProvider, endpoint: string) {
  const context = testContext()
  onTestFinished(() => filter.close())
  const { provider } = provide(endpoint, {}, context)
  const stt = [{ name: 'google-stt', provider }]
  const sttDenoise = { name: 'filter', provider: filter }
  const parts = { ...context, clock: createFakeClock().clock }
  const denoised = denoisedProviders({ stt, languages: new Map(), sttDenoise }, parts).stt[0]!
  return { provider: denoised.provider, plain: provider, context }
}

it('hears every sample once behind a filter that fails on the way, and words where the caller said them', async () => {
  const results = [
    { atMs: 120, final: 'one', endMs: 120 },
    { atMs: 400, final: 'two', endMs: 400 },
  ]
  const server = await serve({ script: () => ({ results }) })
  const filter = createFakeDenoise({ noiseBelow: 0, delayMs: 20, asynchronous: true })
  const { provider, context } = behind(filter.provider, server.endpoint)
  const session = await open(provider)
  const audio = numberedFrames(0, 20)
  session.write(audio.subarray(0, 1600))
  await server.until(() => server.streams[0]?.bytes === 1600)
  filter.fail(new Error('worker gone'))
  session.write(audio.subarray(1600))
  session.finish()
  const { events } = await hearAll(session)
  // Samples, since mu-law has two codes for 0.
  const heard = decodeMulaw(new Uint8Array(Buffer.concat(server.streams[0]!.audio)))
  expect(heard.subarray(0, 160)).toEqual(new Int16Array(160))
  expect(heard.subarray(160)).toEqual(decodeMulaw(audio))
  expect(events).toMatchObject([
    { type: 'final', text: 'one', endMs: 100 },
    { type: 'final', text: 'two', endMs: 380 },
  ])
  expect(context.metrics.value('denoise_bypassed_total', { plugin: 'filter', reason: 'failed' })).toBe(1)
})

/** A hiss as loud as a voice, and one word in it. */
function noisyCaller(): Uint8Array {
  const wav = readWav(readFileSync(new URL('../../phone/audio/monday.wav', import.meta.url)))
  const word = decodeMulaw(createConverter(wav.format, MULAW_8K).convert(wav.audio))
  const line = new Int16Array(8000 + word.length + 8000)
  line.set(word, 8000)
  let state = 7
  return encodeMulaw(
    line.map((sample) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.max(-32_768, Math.min(32_767, sample + 1000 * ((state >> 15) / 32_768 - 1)))
    }),
  )
}

it('hears where a word ends in a hiss behind RNNoise, and without it nowhere', async () => {
  const server = await serve({ script: () => ({ utterances: ['monday'] }) })
  const filter = localDenoise.create(testParams(localDenoise.params), testContext())
  await filter.warm?.()
  const { provider, plain, context } = behind(filter, server.endpoint)
  const audio = noisyCaller()
  const totalMs = audio.length / 8
  const finals: number[] = []
  for (const one of [provider, plain]) {
    const session = await open(one)
    for (let at = 0; at < audio.length; at += 320) session.write(audio.subarray(at, at + 320))
    session.finish()
    const { events } = await hearAll(session)
    for (const event of events) if (event.type === 'final') finals.push(event.endMs!)
  }
  const [denoised, noisy] = finals
  expect(finals).toHaveLength(2)
  expect(denoised).toBeLessThan(totalMs - 200)
  expect(denoised).toBeGreaterThan(1000)
  expect(noisy).toBeGreaterThan(totalMs - 40)
  expect(context.metrics.value('denoise_bypassed_total')).toBe(0)
})
