import { testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { localVad } from '../../src/vad/index.ts'
import { createRandom, makeSound, readRecording } from './recordings.ts'

const RATES = [8000, 16000] as const
const tone = (frequency: number, t: number) => Math.sin(2 * Math.PI * frequency * t)
const random = createRandom(11)

describe.each(RATES)('what counts as voice at %i Hz', (sampleRateHz) => {
  it.each(['hello', 'tt-weasels', 'something-terribly-wrong', 'telephone-number', 'goodbye'])(
    'hears the caller in %s',
    async (name) => {
      const probabilities = await rate(readRecording(name, sampleRateHz), sampleRateHz)
      expect(shareAbove(0.5, probabilities)).toBeGreaterThan(0.6)
      expect(Math.max(...probabilities)).toBeGreaterThan(0.95)
    },
  )

  it.each([
    ['silence', () => 0],
    ['white noise', () => 0.2 * (2 * random() - 1)],
    ['a DTMF digit', (t: number) => 0.25 * (tone(770, t) + tone(1336, t))],
    [
      'DTMF pressed again and again',
      (t: number) => (t % 0.2 < 0.1 ? 0.25 * (tone(697, t) + tone(1209, t)) : 0),
    ],
    ['ringback', (t: number) => 0.2 * (tone(440, t) + tone(480, t))],
    ['a busy tone', (t: number) => (t % 1 < 0.5 ? 0.2 * (tone(480, t) + tone(620, t)) : 0)],
    ['mains hum', (t: number) => 0.1 * (tone(50, t) + tone(150, t))],
  ])('hears no caller in %s', async (_name, valueAt) => {
    const probabilities = await rate(makeSound(3, sampleRateHz, valueAt), sampleRateHz)
    expect(shareAbove(0.5, probabilities)).toBeLessThan(0.02)
  })
})

describe('the params of localVad', () => {
  it('default to the telephone rate, the usual threshold and automatic placement', () => {
    const defaults = Object.entries(localVad.params.properties).map(([name, schema]) => [
      name,
      schema.default,
    ])
    expect(Object.fromEntries(defaults)).toEqual({ sample_rate: 8000, threshold: 0.5, placement: 'auto' })
  })

  it('reach the provider', async () => {
    const given = { sample_rate: 16000, threshold: 0.7, placement: 'worker' } as const
    const provider = localVad.create(given, testContext())
    expect(provider).toMatchObject({ sampleRateHz: 16000, windowSamples: 512, threshold: 0.7 })
    await provider.close()
  })
})

async function rate(sound: Int16Array, sampleRateHz: 8000 | 16000): Promise<number[]> {
  const given = { sample_rate: sampleRateHz, threshold: 0.5, placement: 'inline' } as const
  const provider = localVad.create(given, testContext())
  const stream = provider.openStream()
  const result = new Float32Array(1)
  const probabilities: number[] = []
  for (let end = provider.windowSamples; end <= sound.length; end += provider.windowSamples) {
    await provider.rate([stream], sound.subarray(end - provider.windowSamples, end), result)
    probabilities.push(result[0]!)
  }
  await provider.close()
  return probabilities
}

function shareAbove(threshold: number, probabilities: readonly number[]): number {
  return probabilities.filter((probability) => probability > threshold).length / probabilities.length
}
