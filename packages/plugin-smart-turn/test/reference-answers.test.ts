import { readFileSync } from 'node:fs'
import { testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { createSmartTurnProvider } from '../src/provider.ts'
import { HAS_MODEL, MODEL } from './model.ts'
import { REFERENCE_SOUNDS } from './reference-sounds.ts'

/** ONNX Runtime itself rounds the 8-bit network differently on x86 and in WebAssembly, most where it is in doubt. */
const MOST_APART = 0.25
const SOUNDS = ['speech shorter than 8 s', 'speech cut in the middle', 'speech longer than 8 s', 'nothing']

it.skipIf(!HAS_MODEL)(
  'answers as the reference does, as far as runtimes agree',
  { timeout: 120_000 },
  async () => {
    const vectors = JSON.parse(
      readFileSync(new URL('./reference/vectors.json', import.meta.url), 'utf8'),
    ) as Readonly<Record<string, { readonly probability: number }>>
    const provider = createSmartTurnProvider({ path: MODEL, threshold: 0.5, threads: 1 }, testContext())
    const probabilities = new Float32Array(SOUNDS.length)
    const questions = SOUNDS.map((name) => ({
      ...{ audio: REFERENCE_SOUNDS[name]!, text: '', asked: '', language: 'en' },
    }))
    await provider.judge(questions, probabilities)
    await provider.close()
    SOUNDS.forEach((name, place) => {
      expect(Math.abs(probabilities[place]! - vectors[name]!.probability), name).toBeLessThan(MOST_APART)
    })
  },
)
