import { describe, expect, it } from 'vitest'
import { type DenoiseProvider, ProviderError, type VadStream } from '../../../../src/index.ts'
import { denoisedProviders } from '../../../../src/host.ts'
import {
  createFakeClock,
  createFakeDenoise,
  createFakeVad,
  createTestLogger,
  createTestMetrics,
} from '../../../../src/testing/index.ts'

const WINDOW = 256
/** Louder than what the filter takes for noise, which is louder than what the detector takes for silence. */
const [VOICE, NOISE] = [4000, 390]

function rig(asynchronous = false, filter?: DenoiseProvider) {
  const time = createFakeClock()
  const metrics = createTestMetrics()
  const detector = createFakeVad()
  const denoise = createFakeDenoise({ delayMs: 0, asynchronous })
  const given = {
    stt: [],
    languages: new Map(),
    vad: { name: 'vad', provider: detector.provider },
    vadDenoise: { name: 'filter', provider: filter ?? denoise.provider },
  }
  const { vad } = denoisedProviders(given, { clock: time.clock, metrics, log: createTestLogger() })
  async function rate(streams: readonly VadStream[], ...levels: number[]): Promise<number[]> {
    const windows = new Int16Array(levels.length * WINDOW)
    levels.forEach((level, at) => windows.fill(level, at * WINDOW, (at + 1) * WINDOW))
    const before = windows.slice()
    const probabilities = new Float32Array(levels.length)
    const rated = Promise.resolve(vad.provider.rate(streams, windows, probabilities))
    await time.advance(600)
    await rated
    expect(windows).toEqual(before)
    return [...probabilities].map((probability) => Math.round(probability * 100))
  }
  const bypassed = (reason: string) => metrics.value('denoise_bypassed_total', { plugin: 'filter', reason })
  return { detector, denoise, provider: vad.provider, rate, bypassed }
}

describe('a voice detector behind a filter', () => {
  it.each([false, true])(
    'hears no noise, in a batch of several calls (asynchronous: %s)',
    async (asynchronous) => {
      const { detector, denoise, provider, rate } = rig(asynchronous)
      expect(provider).toMatchObject({ sampleRateHz: 8000, windowSamples: WINDOW, threshold: 0.5 })
      const streams = [provider.openStream(), provider.openStream()]
      expect(await rate(streams, VOICE, NOISE)).toEqual([95, 2])
      expect(await rate(streams, NOISE, VOICE)).toEqual([2, 95])
      streams.forEach((stream) => stream.close())
      streams[0]!.close()
      expect(denoise.sessions.every(({ closed }) => closed)).toBe(true)
      expect(detector.streams.every(({ closed }) => closed)).toBe(true)
    },
  )

  it('hears the noise where the filter fails for a call, or hangs', async () => {
    const { denoise, provider, rate, bypassed } = rig()
    const failed = provider.openStream()
    denoise.fail(new ProviderError('network', 'the worker died'))
    expect(await rate([failed], NOISE)).toEqual([95])
    denoise.fail(undefined)
    const hung = provider.openStream()
    denoise.hang()
    expect(await rate([failed, hung], NOISE, NOISE)).toEqual([95, 95])
    denoise.goOn()
    expect(await rate([hung], NOISE)).toEqual([95])
    expect([bypassed('failed'), bypassed('late')]).toEqual([1, 1])
  })

  it('hears what came, whatever a filter that failed has made of it', async () => {
    const { provider, rate } = rig(false, {
      sampleRatesHz: [8000],
      delayMs: 0,
      openSession: () => ({
        clean(samples) {
          samples.fill(0)
          throw new ProviderError('network', 'the worker died')
        },
        close: () => undefined,
      }),
      close: () => Promise.resolve(),
    })
    expect(await rate([provider.openStream()], VOICE)).toEqual([95])
  })
})
