import { InferenceSession, Tensor, env } from 'onnxruntime-web'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createBatchMemory } from '../../src/vad/batch-memory.ts'
import { createSileroModel, type SileroModel } from '../../src/vad/silero-model.ts'
import { loadSileroWeights, type SileroWeights } from '../../src/vad/silero-weights.ts'
import { createRandom, makeSound, readRecording } from './recordings.ts'

// A machine busy with other tests is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

const RATES = [8000, 16000] as const

describe.each(RATES)('Silero at %i Hz', (sampleRateHz) => {
  let weights: SileroWeights
  let model: SileroModel
  beforeAll(async () => {
    weights = await loadSileroWeights(sampleRateHz)
    model = createSileroModel(weights)
  })

  it('equals ONNX Runtime to within 1e-4 on recordings, tones and noise', async () => {
    const random = createRandom(7)
    const sounds = [
      readRecording('tt-weasels', sampleRateHz),
      readRecording('number-not-answering', sampleRateHz),
      makeSound(0.5, sampleRateHz, (t) => 0.3 * Math.sin(2 * Math.PI * 440 * t)),
      makeSound(0.5, sampleRateHz, () => 2 * random() - 1),
    ]
    for (const sound of sounds) {
      const expected = await rateWithOnnxRuntime(sound, sampleRateHz, model.shape.windowSamples)
      const actual = rateAlone(model, sound)
      expect(actual.length).toBe(expected.length)
      expect(Math.max(...actual.map((p, index) => Math.abs(p - expected[index]!)))).toBeLessThan(1e-4)
    }
  })

  it('gives the same bits in a batch as alone, however the batch is made up', () => {
    const random = createRandom(3)
    const names = ['hello', 'monday', 'goodbye', 'cancelled', 'wednesday', 'auth-thankyou']
    const sounds = Array.from({ length: 40 }, (_, call) => {
      const recording = readRecording(names[call % names.length]!, sampleRateHz)
      return recording.subarray(Math.floor(random() * 900), Math.floor(random() * 900) + 6000)
    })
    const expected = sounds.map((sound) => rateAlone(model, sound))
    const actual: number[][] = sounds.map(() => [])
    const { windowSamples } = model.shape
    const batch = createBatchMemory(model.shape, sounds.length)
    // Each turn takes the calls in another order and leaves some of them out.
    for (let waiting = sounds.map((_, call) => call); waiting.length > 0;) {
      const turn = waiting.filter(() => random() < 0.7).sort(() => random() - 0.5)
      turn.forEach((call, index) => {
        const start = actual[call]!.length * windowSamples
        batch.slots[index] = call
        batch.windows.set(sounds[call]!.subarray(start, start + windowSamples), index * windowSamples)
      })
      model.rateBatch(batch, turn.length)
      turn.forEach((call, index) => actual[call]!.push(batch.probabilities[index]!))
      waiting = waiting.filter((call) => actual[call]!.length < expected[call]!.length)
    }
    expect(actual).toEqual(expected)
  })

  it('gives the same bits without SIMD', () => {
    const sound = readRecording('hello', sampleRateHz)
    expect(rateAlone(createSileroModel(weights, 'javascript'), sound)).toEqual(rateAlone(model, sound))
  })
})

function rateAlone(model: SileroModel, sound: Int16Array): number[] {
  const batch = createBatchMemory(model.shape, 1)
  const probabilities: number[] = []
  const { windowSamples } = model.shape
  for (let start = 0; start + windowSamples <= sound.length; start += windowSamples) {
    batch.windows.set(sound.subarray(start, start + windowSamples))
    model.rateBatch(batch, 1)
    probabilities.push(batch.probabilities[0]!)
  }
  return probabilities
}

let session: Promise<InferenceSession> | undefined

/** The reference: the original file in ONNX Runtime, with the window, context and state its authors feed it. */
async function rateWithOnnxRuntime(
  sound: Int16Array,
  sampleRateHz: number,
  windowSamples: number,
): Promise<number[]> {
  env.wasm.numThreads = 1
  const file = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx')
  session ??= InferenceSession.create(readFileSync(file), { logSeverityLevel: 3 })
  const onnx = await session
  const contextSamples = windowSamples / 8
  const input = new Float32Array(contextSamples + windowSamples)
  const sr = new Tensor('int64', BigInt64Array.of(BigInt(sampleRateHz)), [])
  let state: Tensor = new Tensor('float32', new Float32Array(256), [2, 1, 128])
  const probabilities: number[] = []
  for (let start = 0; start + windowSamples <= sound.length; start += windowSamples) {
    input.copyWithin(0, windowSamples)
    for (let n = 0; n < windowSamples; n++) input[contextSamples + n] = sound[start + n]! / 32768
    const outputs = await onnx.run({ input: new Tensor('float32', input, [1, input.length]), state, sr })
    state = outputs['stateN'] as Tensor
    probabilities.push((outputs['output']!.data as Float32Array)[0]!)
  }
  return probabilities
}
